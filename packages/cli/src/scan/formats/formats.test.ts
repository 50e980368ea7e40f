import type { EngineEvent } from '@picket/contracts/event';
import { buildPlan } from '@picket/plan/plan';
import { profiles } from '@picket/plan/profile';
import { describe, expect, it } from 'vitest';
import { addEvent, emptyResult, hasFindings } from '../scan-result.ts';
import { summary } from '../summary.ts';
import { grepable } from './grepable.ts';
import { hostsInOrder } from './hosts-in-order.ts';
import { jsonDocument } from './json.ts';
import { nmapXml } from './nmap-xml.ts';
import { cpeUri } from './nmap-xml-host.ts';

const time = '2026-11-21T00:00:00.000Z';
const address = '10.0.0.7';
const at = { unit: { phase: 'ports' as const, subject: address }, time };
const events: EngineEvent[] = [
  { type: 'host', ...at, address, state: 'up', reason: 'syn-ack', names: [{ name: 'web<1>.test', source: 'ptr' }] },
  { type: 'port', ...at, address, protocol: 'tcp', port: 22, state: 'open', reason: 'accepted' },
  {
    type: 'service',
    ...at,
    address,
    protocol: 'tcp',
    port: 22,
    service: 'ssh',
    product: 'Open/SSH',
    version: '9.2"p1\u0007',
    cpes: ['cpe:2.3:a:openbsd:openssh:9.2:p1:*:*:*:*:*:*'],
    confidence: 1,
    method: 'banner',
  },
  {
    type: 'finding',
    ...at,
    address,
    protocol: 'tcp',
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
    type: 'unit',
    ...at,
    unit: { phase: 'checks', subject: address },
    state: 'not-evaluable',
    reason: 'timeout',
    detail: 'no answer',
  },
  {
    type: 'unit',
    ...at,
    state: 'done',
    coverage: [{ protocol: 'tcp', tested: '20-24', closed: '20-21,23', filtered: '24' }],
  },
  { type: 'os', ...at, address, product: 'Linux', version: '6.1', confidence: 0.9, evidence: 'stack' },
];

function fixture() {
  const result = emptyResult();
  for (const event of events) addEvent(result, event);
  const plan = buildPlan({
    kind: 'scan',
    targets: address,
    exclude: '',
    ports: '22',
    profile: profiles.normal,
    assumeAlive: false,
    services: true,
    checks: true,
    resolved: new Map(),
  });
  if (!plan.ok) throw new Error('plan');
  return { result, plan: plan.value };
}

describe('output formats', () => {
  it('nmap XML holds host, port, service, CPE and finding, escaped', () => {
    const { result, plan } = fixture();
    const xml = nmapXml(result, {
      plan,
      args: 'picket scan',
      startedAt: 0,
      endedAt: 1500,
      complete: true,
      version: '1',
    });
    expect(xml).toContain('<hostname name="web&lt;1&gt;.test" type="PTR"/>');
    expect(xml).toContain('product="Open/SSH" version="9.2&quot;p1\ufffd"');
    expect(xml).toContain('<cpe>cpe:/a:openbsd:openssh:9.2:p1</cpe>');
    expect(xml).toContain('<script id="ssh-weak" output="high: Weak &amp; old"/>');
    expect(xml).toContain('elapsed="1.50" exit="success"');
  });

  it('grepable keeps its separators free', () => {
    const { result, plan } = fixture();
    const facts = { plan, args: 'picket scan\n#', startedAt: 0, endedAt: 1500, complete: false, version: '1' };
    expect(grepable(result, facts).split('\n')).toEqual([
      '# picket 1 scan initiated Thu Jan  1 00:00:00 1970 as: picket scan\\x0a#',
      'Host: 10.0.0.7 (web<1>.test)\tStatus: Up',
      'Host: 10.0.0.7 (web<1>.test)\tPorts: 22/open/tcp//ssh//Open|SSH 9.2"p1\\x07/\tIgnored State: closed (3)\tOS: Linux 6.1',
      '# picket done at Thu Jan  1 00:00:01 1970 -- 1 IP addresses (1 hosts up) scanned in 1.50 seconds, incomplete',
      '',
    ]);
  });

  it('hosts stand in the order of their addresses, whatever order they answered in', () => {
    const result = emptyResult();
    for (const each of ['fd00::1', '10.0.0.10', '10.0.0.9'])
      addEvent(result, { type: 'host', ...at, address: each, state: 'up', reason: 'arp' });
    expect(hostsInOrder(result).map((host) => host.address)).toEqual(['10.0.0.9', '10.0.0.10', 'fd00::1']);
  });

  it('json holds what was not tested beside what was found', () => {
    const { result, plan } = fixture();
    const document = JSON.parse(jsonDocument(result, plan, { outcome: 'complete' }, { startedAt: 0, endedAt: 1 }));
    expect(document.hosts[0].findings[0].check).toBe('ssh-weak');
    expect(document.notTested).toEqual([{ phase: 'checks', subject: address, reason: 'timeout', detail: 'no answer' }]);
  });

  it('the summary names what was not tested and is safe on a terminal', () => {
    const { result } = fixture();
    const text = summary(result, { outcome: 'incomplete', reason: 'timeout' }, 1000);
    expect(text).toContain('INCOMPLETE');
    expect(text).toContain('checks: timeout');
    expect(text).not.toContain('\u0007');
    expect(hasFindings(result)).toBe(true);
  });

  it('turns CPE 2.3 into the URI form, wildcards left out', () => {
    expect(cpeUri('cpe:2.3:a:f5:nginx:1.22.1:*:*:*:*:*:*:*')).toBe('cpe:/a:f5:nginx:1.22.1');
    expect(cpeUri('cpe:2.3:o:linux:linux_kernel:-:*:*:*:*:*:*:*')).toBe('cpe:/o:linux:linux_kernel');
  });
});
