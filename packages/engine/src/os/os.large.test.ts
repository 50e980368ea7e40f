import { fileURLToPath } from 'node:url';
import { engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { ofType } from '../testing/run-on.ts';

const support = canUseNamespaces();
const scanProcess = fileURLToPath(new URL('../testing/scan-process.ts', import.meta.url));
const content = fileURLToPath(new URL('../../../../content', import.meta.url));

/** Accepts and stays silent. */
const silentServer = `require('node:net').createServer((socket) => socket.on('error', () => {})).listen(8000, '::', () => console.log('listening'));`;
/** Says that it is IIS. */
const windowsServer = `require('node:http').createServer((_, answer) => answer.setHeader('Server', 'Microsoft-IIS/10.0').end('hello'))
  .listen(8000, '::', () => console.log('listening'));`;

interface Machine {
  readonly name: string;
  readonly sysctls: readonly string[];
  readonly mtu?: number;
  readonly server: string;
}

/** Settings that change what a stack shows; each is a host of its own at 10.80.0.10, .11, … and fd80::10, … */
const machines: readonly Machine[] = [
  { name: 'plain', sysctls: [], server: silentServer },
  { name: 'notime', sysctls: ['net.ipv4.tcp_timestamps=0'], server: silentServer },
  { name: 'nosack', sysctls: ['net.ipv4.tcp_sack=0'], server: silentServer },
  { name: 'noscale', sysctls: ['net.ipv4.tcp_window_scaling=0'], server: silentServer },
  { name: 'far', sysctls: ['net.ipv4.ip_default_ttl=128'], server: silentServer },
  { name: 'farther', sysctls: ['net.ipv4.ip_default_ttl=255'], server: silentServer },
  { name: 'cookies', sysctls: ['net.ipv4.tcp_syncookies=2'], server: silentServer },
  { name: 'buffers', sysctls: ['net.ipv4.tcp_rmem=4096 32768 6291456'], server: silentServer },
  { name: 'narrow', sysctls: [], mtu: 1400, server: silentServer },
  { name: 'quiet', sysctls: ['net.ipv4.icmp_echo_ignore_all=1', 'net.ipv4.tcp_ecn=0'], server: silentServer },
  { name: 'proxied', sysctls: [], server: windowsServer },
];

async function hosts(): Promise<NetworkLab> {
  const lab = new NetworkLab('os');
  await lab.addBridge('net');
  await lab.addNamespace('scanner');
  await lab.connect('scanner', 'net', 'eth0', ['10.80.0.2/24', 'fd80::2/64']);
  for (const [index, { name, sysctls, mtu, server }] of machines.entries()) {
    await lab.addNamespace(name);
    await lab.connect(name, 'net', 'eth0', [`10.80.0.${10 + index}/24`, `fd80::${10 + index}/64`]);
    if (sysctls.length > 0) {
      const set = await lab.run(name, ['sysctl', '-qw', ...sysctls]);
      if (set.code !== 0) throw new Error(set.stderr);
    }
    if (mtu !== undefined) await lab.run(name, ['ip', 'link', 'set', 'eth0', 'mtu', String(mtu)]);
    await lab.start(name, [process.execPath, '-e', server]).waitFor(/listening/);
  }
  // The first packets over a new bridge may get lost.
  for (const far of ['10.80.0.10', 'fd80::10']) await lab.run('scanner', ['ping', '-c1', '-w15', far]);
  return lab;
}

describe.skipIf(!support.ok)(`the system of hosts${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('Linux is told from its packets whatever its settings, in both families, and a proxy in front is said', async () => {
    await using lab = await hosts();
    const targets = machines.flatMap((_, index) => [`10.80.0.${10 + index}`, `fd80::${10 + index}`]).join();
    const command = [process.execPath, scanProcess, targets, '8000-8001', 'lab', content];
    const result = await lab.run('scanner', command, { timeoutMs: 120_000 });
    const events = result.stdout
      .trim()
      .split('\n')
      .filter((line) => !line.includes('"over"'))
      .map((line) => engineEvent.parse(JSON.parse(line)));
    const found = Object.fromEntries(ofType(events, 'os').map((event) => [event.address, event]));
    for (const prefix of ['10.80.0.', 'fd80::']) {
      for (const [index, { name }] of machines.entries()) {
        const seen = found[`${prefix}${10 + index}`];
        const expected = name === 'proxied' ? 'Windows' : 'Linux';
        expect(`${prefix} ${name} ${seen?.product}`).toContain(`${prefix} ${name} ${expected}`);
        expect(seen?.confidence).toBeLessThanOrEqual(0.65);
        if (name === 'proxied')
          expect(seen?.evidence).toMatch(/against it: TCP\/IP stack like Linux .*a proxy, a container/);
      }
    }
  });
});
