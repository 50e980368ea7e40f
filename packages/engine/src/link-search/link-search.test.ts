import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, test } from 'vitest';
import type { LinkInfo } from '../packets/network-table.ts';
import type { PacketLink } from '../packets/packet-link.ts';
import { setOf } from '../testing/run-on.ts';
import { linksToSearch, type OpenLink, searchLink } from './link-search.ts';

const link: LinkInfo = {
  index: 2,
  name: 'eth0',
  up: true,
  loopback: false,
  framing: 'ethernet',
  mac: '02:00:00:00:00:02',
  mtu: 1500,
  vlan: null,
  addresses: [
    { address: '10.0.0.2', prefix: 24 },
    { address: 'fe80::2', prefix: 64 },
    { address: 'fd00::2', prefix: 64 },
  ],
};

/** A link on which one host answers each echo request that comes from fd00::2. */
function fakeLink() {
  const sent: { readonly at: number; readonly to: string }[] = [];
  const waiting: Uint8Array[] = [];
  const state = { closed: false };
  const open = (clock: FakeClock): OpenLink => {
    const arena = new Uint8Array(2048);
    let length = 0;
    const packets: PacketLink = {
      framing: 'ethernet',
      slots: 1,
      slotBytes: 2048,
      arena,
      setLength: (_slot, bytes) => {
        length = bytes;
      },
      send: () => {
        const frame = Buffer.from(arena.subarray(0, length));
        sent.push({ at: clock.monotonic(), to: frame.toString('hex', 0, 6) });
        if (frame[20] === 58 && frame[54] === 128 && frame.toString('hex', 22, 24) === 'fd00')
          waiting.push(replyTo(frame));
        return 1;
      },
      receive: (_limit, onFrame) => {
        for (const frame of waiting.splice(0)) onFrame(frame, -1);
        return 0;
      },
      wait: () => {},
      drops: () => 0,
      close: () => {
        state.closed = true;
      },
    };
    return () => ({ ok: true, value: packets });
  };
  return { sent, state, open };
}

/** The echo reply of fd00::7. */
function replyTo(request: Buffer): Uint8Array {
  const reply = Buffer.from(request);
  request.copy(reply, 0, 6, 12);
  reply.write('020000000007', 6, 'hex');
  request.copy(reply, 38, 22, 38);
  reply.write('fd000000000000000000000000000007', 22, 'hex');
  reply[54] = 129;
  return reply;
}

const init = (clock: FakeClock, open: OpenLink, signal = new AbortController().signal) => ({
  open,
  clock,
  signal,
  identifier: 0x5049,
  onSend: async () => {},
});

test('all nodes are asked a few times, slowly, and who answers is told', async () => {
  const clock = new FakeClock();
  const { sent, state, open } = fakeLink();
  let counted = 0;
  const onSent = () => {
    counted += 1;
  };
  const findings = await clock.drive(searchLink(link, { ...init(clock, open(clock)), onSent }));
  expect(counted).toBe(sent.length);
  expect(findings?.hosts).toEqual([{ address: 'fd00::7', mac: '02:00:00:00:00:07' }]);
  expect(sent.length).toBeLessThanOrEqual(12);
  expect(new Set(sent.map(({ to }) => to))).toEqual(new Set(['333300000001', '333300000002']));
  const gaps = sent.slice(1).map(({ at }, index) => at - (sent[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  expect(state.closed).toBe(true);
});

test('an abort closes the link at once', async () => {
  const clock = new FakeClock();
  const { state, open } = fakeLink();
  const abort = new AbortController();
  const search = searchLink(link, init(clock, open(clock), abort.signal)).catch(() => 'aborted');
  await clock.advance(150);
  abort.abort(new Error('enough'));
  expect(await search).toBe('aborted');
  expect(state.closed).toBe(true);
});

test.each([
  ['is down', { up: false }],
  ['is loopback', { loopback: true }],
  ['has no link-layer addresses', { framing: 'ip' as const }],
  ['has no MAC', { mac: null }],
])('a link that %s is not searched', async (_why, more) => {
  const clock = new FakeClock();
  const { sent, open } = fakeLink();
  expect(await searchLink({ ...link, ...more }, init(clock, open(clock)))).toBeNull();
  expect(sent).toEqual([]);
});

test('only links with IPv6 targets of the job are searched', () => {
  expect(linksToSearch([link], setOf('fd00::/64'))).toEqual([link]);
  expect(linksToSearch([link], setOf('fd00::99'))).toEqual([link]);
  expect(linksToSearch([link], setOf('10.0.0.0/24', 'fd01::/64'))).toEqual([]);
});
