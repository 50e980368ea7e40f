import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EngineEvent, engineEvent } from '@picket/contracts/event';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { ofType } from '../testing/run-on.ts';

const support = canUseNamespaces();
const daemons = ['/usr/sbin/nmbd', '/usr/sbin/smbd', '/usr/sbin/avahi-daemon', '/usr/sbin/snmpd'];
const missing = support.ok ? daemons.filter((path) => !existsSync(path)).join(', ') : support.reason;
const mapProcess = fileURLToPath(new URL('../testing/map-process.ts', import.meta.url));

/** A Samba configuration that keeps everything in `folder`. */
function sambaConfig(folder: string, name: string, more: readonly string[]): string {
  const folders = [
    'private dir',
    'lock directory',
    'state directory',
    'cache directory',
    'pid directory',
    'ncalrpc dir',
  ];
  return [
    '[global]',
    `netbios name = ${name}`,
    'workgroup = CORP',
    'server role = standalone server',
    'interfaces = eth0',
    'bind interfaces only = yes',
    ...folders.map((key) => `${key} = ${folder}`),
    'idmap config * : backend = tdb',
    'idmap config * : range = 100000-200000',
    ...more,
    '',
  ].join('\n');
}

async function startSamba(lab: NetworkLab, host: string, name: string, more: readonly string[], folder: string) {
  const own = join(folder, host);
  mkdirSync(own);
  const config = join(own, 'smb.conf');
  await writeFile(config, sambaConfig(own, name, more));
  const nmbd = lab.start(host, ['nmbd', '-F', '--no-process-group', '-d3', '--debug-stdout', '-s', config]);
  await nmbd.waitFor(/started|Added name|queue_query_name/);
  return { config, nmbd };
}

/** LLMNR by the letter of RFC 4795 section 2.4: a question about an address is answered over TCP only. */
const llmnrResponder = `
require('node:net').createServer((socket) => socket.on('data', (query) => {
  const asked = query.subarray(2);
  const name = Buffer.from('\\x0aDESKTOP-77\\0', 'latin1');
  const head = Buffer.from(asked); head.writeUInt16BE(0x8000, 2); head.writeUInt16BE(1, 6);
  const record = Buffer.concat([Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 30, 0, name.length]), name]);
  const length = Buffer.alloc(2); length.writeUInt16BE(head.length + record.length);
  socket.end(Buffer.concat([length, head, record]));
})).listen(5355, '::', () => console.log('listening'));`;

async function map(lab: NetworkLab, ...args: readonly string[]): Promise<EngineEvent[]> {
  const result = await lab.run('scanner', [process.execPath, mapProcess, ...args], { timeoutMs: 60_000 });
  if (result.code !== 0) throw new Error(result.stderr);
  return result.stdout
    .trim()
    .split('\n')
    .map((line) => engineEvent.parse(JSON.parse(line)));
}

/** Names of the last event of a host: it says all of what the earlier ones said. */
function namesOf(events: readonly EngineEvent[], address: string): readonly string[] {
  const host = ofType(events, 'host').findLast((event) => event.address === address);
  return (host?.names ?? []).map(({ name, source }) => `${source} ${name}`).sort();
}

const servicesOf = (events: readonly EngineEvent[], address: string) =>
  ofType(events, 'service')
    .filter((event) => event.address === address)
    .map(({ protocol, port, service, info = '' }) => `${protocol}/${port} ${service} ${info}`)
    .sort();

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'picket-names-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe.skipIf(missing !== '')(`names of real hosts${missing === '' ? '' : ` (${missing})`}`, () => {
  test('NetBIOS and SMB names come from Samba, and WINS confirms them only where its server is a target', () =>
    inFolder(async (folder) => {
      await using lab = new NetworkLab('names-samba');
      await lab.addBridge('net');
      for (const [host, last] of [
        ['scanner', 2],
        ['files', 10],
        ['desk', 11],
      ] as const) {
        await lab.addNamespace(host);
        await lab.connect(host, 'net', 'eth0', [`10.61.0.${last}/24`]);
      }
      const server = await startSamba(lab, 'files', 'FILESRV', ['wins support = yes'], folder);
      const smbd = lab.start('files', [
        'smbd',
        '-F',
        '--no-process-group',
        '-d3',
        '--debug-stdout',
        '-s',
        server.config,
      ]);
      await smbd.waitFor(/waiting for connections|open_sockets_smbd|ready to serve/i);
      await startSamba(lab, 'desk', 'DESK-01', ['wins server = 10.61.0.10'], folder);
      await server.nmbd.waitFor(/wins_process_multihomed_name_registration_request: .*DESK-01<00>/);

      const events = await map(lab, '10.61.0.10-10.61.0.11', '10.61.0.10');
      expect(namesOf(events, '10.61.0.10')).toEqual(
        expect.arrayContaining(['netbios FILESRV', 'smb FILESRV', 'wins FILESRV']),
      );
      expect(namesOf(events, '10.61.0.11')).toEqual(['netbios DESK-01', 'wins DESK-01']);
      expect(servicesOf(events, '10.61.0.11')).toEqual([
        expect.stringMatching(/^udp\/137 netbios-ns .*CORP.*file server/),
      ]);

      const without = await map(lab, '10.61.0.11', '10.61.0.10');
      expect(namesOf(without, '10.61.0.11')).toEqual(['netbios DESK-01']);
      expect(ofType(without, 'note').map(({ code }) => code)).toContain('engine.wins-out-of-scope');
    }));

  test('multicast DNS, SNMP and LLMNR names come from the hosts by unicast, over both families', () =>
    inFolder(async (folder) => {
      await using lab = new NetworkLab('names-local');
      await lab.addBridge('net');
      for (const [host, last] of [
        ['scanner', 2],
        ['printer', 20],
        ['switch', 21],
        ['desk', 22],
      ] as const) {
        await lab.addNamespace(host);
        await lab.connect(host, 'net', 'eth0', [`10.62.0.${last}/24`, `fd62::${last}/64`]);
      }
      await writeFile(
        join(folder, 'avahi.conf'),
        '[server]\nhost-name=frontdesk\nenable-dbus=no\nuse-ipv6=yes\nallow-interfaces=eth0\n[publish]\npublish-workstation=no\npublish-hinfo=no\n[wide-area]\nenable-wide-area=no\n',
      );
      mkdirSync(join(folder, 'services'));
      await writeFile(
        join(folder, 'services', 'ipp.service'),
        '<service-group><name>Front Desk</name><service><type>_ipp._tcp</type><port>631</port></service></service-group>',
      );
      // Its folders are fixed: the namespace's own mounts hide the machine's.
      const hide = `mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && mount --bind ${folder}/services /etc/avahi/services`;
      const avahi = `exec avahi-daemon --no-drop-root --no-chroot --no-rlimits -f ${folder}/avahi.conf`;
      const responder = lab.start('printer', ['sh', '-c', `${hide} && ${avahi}`]);
      await writeFile(
        join(folder, 'snmpd.conf'),
        'agentAddress udp:161,udp6:161\nrocommunity public\nrocommunity6 public\nsysName core-switch\nsysDescr Test switch\n',
      );
      const agent = lab.start('switch', [
        'snmpd',
        '-f',
        '-Lo',
        '-C',
        '-c',
        join(folder, 'snmpd.conf'),
        '-p',
        join(folder, 'pid'),
      ]);
      const desk = lab.start('desk', [process.execPath, '-e', llmnrResponder]);
      await Promise.all([
        responder.waitFor(/Service "Front Desk".*successfully established/),
        agent.waitFor(/NET-SNMP version/),
        desk.waitFor(/listening/),
      ]);

      const events = await map(lab, '10.62.0.20-10.62.0.22,fd62::20,fd62::22');
      expect(namesOf(events, '10.62.0.20')).toEqual(['mdns frontdesk.local']);
      expect(namesOf(events, 'fd62::20')).toEqual(['mdns frontdesk.local']);
      expect(servicesOf(events, '10.62.0.20')).toEqual(['udp/5353 mdns announces _ipp._tcp']);
      expect(namesOf(events, '10.62.0.21')).toEqual(['snmp core-switch']);
      expect(servicesOf(events, '10.62.0.21')[0]).toMatch(/^udp\/161 snmp .*Test switch/);
      expect(namesOf(events, '10.62.0.22')).toEqual(['llmnr DESKTOP-77']);
      expect(namesOf(events, 'fd62::22')).toEqual(['llmnr DESKTOP-77']);
    }));
});
