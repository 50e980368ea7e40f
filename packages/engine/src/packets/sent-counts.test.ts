import { expect, test } from 'vitest';
import type { ProbeSpec } from './probe-list.ts';
import { FrameOwners, SentCounts } from './sent-counts.ts';

const probes: readonly ProbeSpec[] = [{ kind: 'echo' }, { kind: 'syn', port: 443 }];

test('frames are counted when they are taken, each where it belongs, and those of nobody nowhere', () => {
  const counts = new SentCounts(probes.length);
  const numbers = new Uint32Array(counts.buffer);
  const owners = new FrameOwners();
  owners.set(0, numbers, 0);
  owners.set(1, numbers, 1);
  owners.set(2, null, 0);
  owners.set(3, numbers, 1);
  owners.set(4, numbers, 2);
  owners.taken(0, 3);
  expect([...counts.read(probes, 4)].map(({ kind, sent }) => `${kind} ${sent}`)).toEqual([
    'arp 0',
    'icmp-echo 1',
    'tcp-syn 1',
  ]);
  owners.taken(3, 2);
  expect([...counts.read(probes, 6)]).toEqual([
    { kind: 'ndp', sent: 1 },
    { kind: 'icmp-echo', port: 0, sent: 1 },
    { kind: 'tcp-syn', port: 443, sent: 2 },
  ]);
});
