import type { EngineEvent, EngineEventOf, SpooledEvent } from '@picket/contracts/event';
import type { Lease } from '@picket/contracts/lease';

type Event = SpooledEvent['event'];

const discovery = (block: string) => ({ phase: 'discovery', subject: block }) as const;
const of = (phase: 'ports' | 'services' | 'os' | 'checks', address: string) => ({ phase, subject: address }) as const;

/** What a scan of one host says, in the order in which an engine says it. */
export function hostUp(lease: Lease, address: string, time: string): Event[] {
  const unit = discovery(lease.blocks[0] ?? '');
  return [
    { type: 'unit', unit, time, state: 'running' },
    {
      type: 'host',
      unit,
      time,
      address,
      state: 'up',
      reason: 'syn-ack',
      names: [{ name: 'printer.example', source: 'ptr' }],
    },
    { type: 'unit', unit, time, state: 'done', counts: { addresses: 1, up: 1 } },
  ];
}

/** Ports phase: one open TCP port, or what the coverage says of it. */
export function portsDone(address: string, time: string, port: number, state: 'open' | 'closed' | 'filtered'): Event[] {
  const unit = of('ports', address);
  const open: EngineEventOf<'port'>[] =
    state === 'open' ? [{ type: 'port', unit, time, address, protocol: 'tcp', port, state, reason: 'syn-ack' }] : [];
  const coverage = [
    {
      protocol: 'tcp' as const,
      tested: String(port),
      closed: state === 'closed' ? String(port) : '',
      filtered: state === 'filtered' ? String(port) : '',
    },
  ];
  return [...open, { type: 'unit', unit, time, state: 'done', counts: { tested: 1, open: open.length }, coverage }];
}

export function servicesDone(address: string, time: string, port: number): Event[] {
  const unit = of('services', address);
  const service: EngineEvent = {
    type: 'service',
    unit,
    time,
    address,
    protocol: 'tcp',
    port,
    service: 'http',
    product: 'nginx',
    version: '1.22.1',
    cpes: ['cpe:2.3:a:f5:nginx:1.22.1:*:*:*:*:*:*:*'],
    confidence: 1,
    method: 'probe',
  };
  return [service, { type: 'unit', unit, time, state: 'done', counts: { services: 1 } }];
}

/** The system is told: Debian 12. */
export function osDone(address: string, time: string): Event[] {
  const unit = of('os', address);
  const os: EngineEvent = {
    type: 'os',
    unit,
    time,
    address,
    vendor: 'Debian',
    product: 'Linux',
    version: '12',
    cpe: 'cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*',
    confidence: 0.9,
    evidence: 'ssh on 22/tcp says Debian Linux 12',
  };
  return [os, { type: 'unit', unit, time, state: 'done', counts: { identified: 1 } }];
}

export type CheckResult = 'found' | 'passed' | 'timeout';

export function checksDone(
  address: string,
  time: string,
  port: number,
  result: CheckResult,
  check = 'weak-thing',
): Event[] {
  const unit = of('checks', address);
  const place = { unit, time, address, protocol: 'tcp' as const, port, contentVersion: '1' };
  const finding: Event = {
    type: 'finding',
    ...place,
    check,
    name: 'A weak thing',
    severity: 'high',
    proof: 'behaviour',
    instance: '',
    evidence: { matcher: 'status' },
  };
  const checked: Event = {
    type: 'checked',
    ...place,
    passed: result === 'passed' ? [check] : [],
    notEvaluable: result === 'timeout' ? [{ check, reason: 'timeout' }] : [],
  };
  return [
    ...(result === 'found' ? [finding] : []),
    checked,
    { type: 'unit', unit, time, state: 'done', counts: { run: 1 } },
  ];
}

export function sliceEnd(time: string, outcome: 'complete' | 'incomplete' | 'stopped' = 'complete'): Event {
  return { type: 'slice', time, outcome };
}

/** A whole scan of one host. */
export function wholeScan(lease: Lease, address: string, time: string, result: CheckResult): Event[] {
  return [
    ...hostUp(lease, address, time),
    ...portsDone(address, time, 80, 'open'),
    ...servicesDone(address, time, 80),
    ...osDone(address, time),
    ...checksDone(address, time, 80, result),
    sliceEnd(time),
  ];
}
