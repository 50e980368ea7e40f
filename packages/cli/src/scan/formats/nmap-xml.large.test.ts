import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { EngineEvent } from '@picket/contracts/event';
import { buildPlan } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEvent, emptyResult } from '../scan-result.ts';
import { nmapXml } from './nmap-xml.ts';

const run = promisify(execFile);
const documentType = '/usr/share/nmap/nmap.dtd';
const reader = '/usr/lib/python3/dist-packages/libnmap/parser.py';
const bin = fileURLToPath(new URL('../../../bin/picket.mjs', import.meta.url));

/** What libnmap, a reader that others wrote, finds in a file. */
const readByLibnmap = `
import json, sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
print(json.dumps({
    'hosts': [{
        'address': host.address, 'mac': host.mac, 'vendor': host.vendor, 'names': host.hostnames, 'up': host.is_up(),
        'distance': host.distance,
        'os': [{'name': match.name, 'accuracy': match.accuracy, 'cpe': [c.cpelist[0].cpestring for c in match.osclasses]}
               for match in host.os.osmatches],
        'services': [{
            'port': service.port, 'protocol': service.protocol, 'state': service.state, 'reason': service.reason,
            'ttl': service.reason_ttl, 'service': service.service, 'banner': service.banner, 'tunnel': service.tunnel,
            'cpe': [cpe.cpestring for cpe in service.cpelist], 'scripts': [script['id'] for script in service.scripts_results],
        } for service in host.services],
    } for host in report.hosts],
    'up': report.hosts_up, 'down': report.hosts_down, 'total': report.hosts_total, 'exit': report.get_raw_data()['_runstats']['finished']['exit'],
    'started': report.started, 'elapsed': report.elapsed,
}))`;

const time = '2026-11-21T08:00:00.000Z';
const address = '10.0.0.7';
const at = { unit: { phase: 'ports' as const, subject: address }, time, address };
const tcp = { ...at, protocol: 'tcp' as const };

/** One of everything that a scan can say. */
const everything: readonly EngineEvent[] = [
  {
    ...at,
    type: 'host',
    state: 'up',
    reason: 'arp',
    port: 22,
    rttMs: 1.25,
    mac: '52:54:00:12:34:56',
    macVendor: 'QEMU & friends',
    names: [
      { name: 'web.test', source: 'target' },
      { name: 'web<1>.test', source: 'ptr' },
    ],
  },
  { ...tcp, type: 'port', port: 22, state: 'open', reason: 'syn-ack', ttl: 64 },
  { ...tcp, type: 'port', port: 443, state: 'open', reason: 'syn-ack', ttl: 64 },
  { ...at, type: 'port', protocol: 'udp', port: 161, state: 'open|filtered', reason: 'no-answer' },
  {
    ...tcp,
    type: 'service',
    port: 22,
    service: 'ssh',
    vendor: 'OpenBSD',
    product: 'OpenSSH',
    version: '9.2p1',
    info: 'protocol 2.0; "quoted" <and> \u0007 worse',
    cpes: ['cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*'],
    hostname: 'web.test',
    os: { product: 'Linux' },
    confidence: 1,
    method: 'banner',
  },
  {
    ...tcp,
    type: 'service',
    port: 443,
    service: 'http',
    tunnel: 'tls',
    cpes: [],
    confidence: 0.3,
    method: 'port-number',
  },
  {
    ...at,
    type: 'os',
    vendor: 'Linux',
    product: 'Linux',
    version: '6.1',
    cpe: 'cpe:2.3:o:linux:linux_kernel:6.1:*:*:*:*:*:*:*',
    confidence: 0.92,
    evidence: 'stack',
  },
  {
    ...at,
    type: 'route',
    hops: [{ address: '10.0.0.1', rttMs: 0.4 }, { address: null }, { address, rttMs: 1.2 }],
    reached: true,
  },
  {
    ...tcp,
    type: 'finding',
    port: 22,
    check: 'ssh-weak',
    contentVersion: '1',
    name: 'Weak & old',
    severity: 'high',
    proof: 'behaviour',
    instance: '',
    evidence: {},
  },
  {
    ...at,
    type: 'finding',
    check: 'host-old',
    contentVersion: '1',
    name: 'Old',
    severity: 'low',
    proof: 'behaviour',
    instance: '',
    evidence: {},
  },
  {
    type: 'unit',
    unit: at.unit,
    time,
    state: 'done',
    coverage: [{ protocol: 'tcp', tested: '1-1000', closed: '1-21,23-442', filtered: '444-1000' }],
  },
  { type: 'network', unit: at.unit, time, prefix: '10.0.0.0/24', gateway: null, link: 'eth0', source: 'interface' },
];

function documentOf(events: readonly EngineEvent[], complete = true): string {
  const result = emptyResult();
  for (const event of events) addEvent(result, event);
  const plan = buildPlan({
    kind: 'scan',
    targets: '10.0.0.7 fd00::7',
    exclude: '',
    ports: '1-1000,U:161',
    profile: profiles.normal,
    assumeAlive: false,
    services: true,
    checks: true,
    resolved: new Map(),
  });
  if (!plan.ok) throw new Error('plan');
  const times = { startedAt: Date.parse(time), endedAt: Date.parse(time) + 1500 };
  return nmapXml(result, { plan: plan.value, args: 'picket scan "a" --x', ...times, complete, version: '1.0--rc' });
}

const present = existsSync(documentType) && existsSync(reader) && existsSync('/usr/bin/xmllint');

describe.runIf(present)('nmap-xml, read by others (needs nmap, libxml2-utils and python3-libnmap)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'picket-nmap-xml-'));
  let server: Server;
  let port = 0;

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const listening = server.address();
    port = listening !== null && typeof listening === 'object' ? listening.port : 0;
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Validates against the document type, then hands the file to libnmap. */
  async function read(path: string) {
    await run('xmllint', ['--nonet', '--noout', '--dtdvalid', documentType, path]);
    return JSON.parse((await run('/usr/bin/python3', ['-c', readByLibnmap, path])).stdout);
  }

  async function readText(text: string) {
    const path = join(folder, 'made.xml');
    writeFileSync(path, text);
    return read(path);
  }

  it('is valid and keeps everything that a scan can say', async () => {
    const report = await readText(documentOf(everything));
    expect(report).toMatchObject({
      up: 1,
      down: 0,
      total: 1,
      exit: 'success',
      started: Date.parse(time) / 1000,
      elapsed: 1.5,
    });
    expect(report.hosts).toHaveLength(1);
    const [host] = report.hosts;
    expect(host).toMatchObject({
      address,
      mac: '52:54:00:12:34:56',
      vendor: 'QEMU & friends',
      names: ['web.test', 'web<1>.test'],
      up: true,
      distance: 3,
      os: [{ name: 'Linux 6.1', accuracy: 92, cpe: ['cpe:/o:linux:linux_kernel:6.1'] }],
    });
    expect(host.services).toMatchObject([
      {
        port: 22,
        state: 'open',
        reason: 'syn-ack',
        ttl: '64',
        service: 'ssh',
        banner:
          'product: OpenSSH version: 9.2p1 extrainfo: protocol 2.0; "quoted" <and> \ufffd worse hostname: web.test ostype: Linux',
        cpe: ['cpe:/a:openbsd:openssh:9.2:p1'],
        scripts: ['ssh-weak'],
      },
      { port: 443, service: 'http', tunnel: 'ssl', cpe: [] },
      { port: 161, protocol: 'udp', state: 'open|filtered', reason: 'no-response' },
    ]);
  });

  it('is valid when nothing was found and the scan broke off', async () => {
    expect(await readText(documentOf([], false))).toMatchObject({ hosts: [], total: 0, exit: 'error' });
  });

  it('is valid for an address of IPv6', async () => {
    const report = await readText(
      documentOf([{ ...at, address: 'fd00::7', type: 'host', state: 'up', reason: 'ndp' }]),
    );
    expect(report.hosts).toMatchObject([{ address: 'fd00::7', up: true }]);
  });

  it('comes out of picket scan as it should', async () => {
    const path = join(folder, 'scan.xml');
    await run(process.execPath, [
      bin,
      'scan',
      '127.0.0.1',
      '--ports',
      `${port}`,
      '--no-checks',
      '--profile',
      'lab',
      '--output',
      'nmap-xml',
      path,
    ]);
    const report = await read(path);
    expect(report.hosts[0].services).toMatchObject([
      {
        port,
        protocol: 'tcp',
        state: 'open',
        service: 'ssh',
        cpe: expect.arrayContaining([expect.stringMatching(/^cpe:\/a:openbsd:openssh:9\.2/)]),
      },
    ]);
  });
});
