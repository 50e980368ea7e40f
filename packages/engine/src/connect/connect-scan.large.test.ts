import { fileURLToPath } from 'node:url';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { ofType } from '../testing/run-on.ts';

const support = canUseNamespaces();
const scanProcess = fileURLToPath(new URL('../testing/scan-process.ts', import.meta.url));

/** Listens on the given ports of all addresses of its namespace. */
const listener = `
const net = require('node:net');
const ports = process.argv.slice(1).map(Number);
Promise.all(ports.map((port) => new Promise((done) => net.createServer((s) => s.on('error', () => {})).listen({ host: '::', port }, done))))
  .then(() => console.log('listening'));`;

/** Drops everything but one port to .20, everything to .21, and refuses with ICMP at .22. */
const rules = `
table inet filter { chain input { type filter hook input priority 0; policy accept;
  ip daddr 10.60.0.20 tcp dport != 8443 drop
  ip daddr 10.60.0.21 drop
  ip daddr 10.60.0.22 tcp dport 9000 reject with icmp type admin-prohibited
}
}
`;

async function labOf(): Promise<NetworkLab> {
  const lab = new NetworkLab('connect-scan');
  await lab.addBridge('net');
  await lab.addNamespace('scanner');
  await lab.addNamespace('hosts');
  await lab.connect('scanner', 'net', 'eth0', ['10.60.0.2/24', 'fd60::2/64']);
  await lab.connect('hosts', 'net', 'eth0', [
    '10.60.0.10/24',
    '10.60.0.20/24',
    '10.60.0.21/24',
    '10.60.0.22/24',
    'fd60::10/64',
  ]);
  const ruled = await lab.run('hosts', ['nft', '-f', '-'], { input: rules });
  if (ruled.code !== 0) throw new Error(ruled.stderr);
  await lab.start('hosts', [process.execPath, '-e', listener, '80', '8443', '9000']).waitFor(/listening/);
  return lab;
}

async function scan(lab: NetworkLab, targets: string, ports: string, profile: string): Promise<EngineEvent[]> {
  const result = await lab.run('scanner', [process.execPath, scanProcess, targets, ports, profile], {
    timeoutMs: 120_000,
  });
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout
    .trim()
    .split('\n')
    .map((line) => engineEvent.parse(JSON.parse(line)));
}

const openPorts = (events: readonly EngineEvent[]) =>
  ofType(events, 'port')
    .map(({ address, port }) => `${address} ${port}`)
    .sort();

describe.skipIf(!support.ok)(`a connect scan on a network${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('finds every host that answers anything, its open ports, and tells filtered from closed', async () => {
    await using lab = await labOf();
    const events = await scan(lab, '10.60.0.0/27,fd60::10', '1-100,8443,9000', 'fast');
    expect(openPorts(events)).toEqual([
      '10.60.0.10 80',
      '10.60.0.10 8443',
      '10.60.0.10 9000',
      '10.60.0.20 8443',
      '10.60.0.22 80',
      '10.60.0.22 8443',
      'fd60::10 80',
      'fd60::10 8443',
      'fd60::10 9000',
    ]);
    const up = ofType(events, 'host').filter(({ state }) => state === 'up');
    expect(up.map(({ address }) => address).sort()).toEqual([
      '10.60.0.10',
      '10.60.0.2',
      '10.60.0.20',
      '10.60.0.22',
      'fd60::10',
    ]);
    const ends = new Map(
      ofType(events, 'unit').flatMap((event) => (event.coverage ? [[event.unit.subject, event.counts]] : [])),
    );
    expect(ends.get('10.60.0.10')).toEqual({ tested: 102, open: 3, closed: 99, filtered: 0 });
    expect(ends.get('10.60.0.20')).toEqual({ tested: 102, open: 1, closed: 0, filtered: 101 });
    expect(ends.get('10.60.0.22')).toEqual({ tested: 102, open: 2, closed: 99, filtered: 1 });
  });

  test('sends no more than the profile allows, as the target counts it', async () => {
    await using lab = await labOf();
    const counter =
      'table inet count { chain input { type filter hook input priority -10; tcp flags syn / syn,ack counter\n}\n}\n';
    const ruled = await lab.run('hosts', ['nft', '-f', '-'], { input: counter });
    expect(ruled.stderr).toBe('');
    const started = performance.now();
    const events = await scan(lab, '10.60.0.10', '1-1000', 'normal');
    const seconds = (performance.now() - started) / 1000;
    const seen = await lab.run('hosts', ['nft', 'list', 'table', 'inet', 'count']);
    const packets = Number(/packets (\d+)/.exec(seen.stdout)?.[1] ?? 0);
    const stats = ofType(events, 'stats').at(-1);
    expect(packets).toBeGreaterThanOrEqual(1000);
    // Discovery gives up what is still under way when the first answer comes: such a SYN may never leave.
    expect(packets).toBeLessThanOrEqual(stats?.connections ?? 0);
    expect(packets).toBeGreaterThanOrEqual((stats?.connections ?? 0) - 8);
    expect(packets / seconds).toBeLessThan(210);
    expect(stats?.peakRate).toBeLessThan(230);
  });
});
