import { describe, expect, it } from 'vitest';
import { packCoverage } from '../../../jobs/domain/coverage.ts';
import { judgeFinding, judgeHost, judgePort, type OtherCheck } from './judge-change.ts';
import { type BlockUnit, type HostUnit, scanSide } from './scan-side.ts';

const block = (subject: string, change: Partial<BlockUnit> = {}): BlockUnit => ({
  subject,
  state: 'done',
  reason: null,
  denied: 0,
  ...change,
});
const other = scanSide(
  {
    ranges: [
      '10.0.0.0-10.0.0.255',
      '10.0.1.0-10.0.3.255',
      '10.0.5.0-10.0.5.255',
      '2001:db8::-2001:db8::ffff:ffff:ffff:ffff',
    ],
    exclusions: ['10.0.0.200', '10.0.9.0-10.0.9.255'],
    ports: { tcp: '22,80,443', udp: '' },
    phases: ['discovery', 'ports', 'services', 'checks'],
  },
  [
    block('10.0.2.0-10.0.2.255', { state: 'not-evaluable', reason: 'lease-expired' }),
    block('10.0.0.0-10.0.0.255'),
    block('10.0.3.0-10.0.3.255', { denied: 4 }),
    block('10.0.1.0-10.0.1.255', { state: 'pending' }),
    block('2001:db8::-2001:db8::ffff:ffff:ffff:ffff'),
  ],
);

describe('judgeHost', () => {
  it.each([
    ['10.0.0.7', 'gone', null, 'new'],
    ['10.0.1.7', 'not-tested', 'not-reached', 'not-tested-before'],
    ['10.0.2.7', 'not-tested', 'lease-expired', 'not-tested-before'],
    ['10.0.3.7', 'not-tested', 'not-known', 'not-tested-before'],
    ['10.0.4.7', 'not-tested', 'not-in-targets', 'not-tested-before'],
    ['10.0.0.200', 'not-tested', 'excluded', 'not-tested-before'],
    ['10.0.9.1', 'not-tested', 'excluded', 'not-tested-before'],
    ['10.0.5.7', 'not-tested', 'not-reached', 'not-tested-before'],
    ['2001:db8::7', 'not-tested', 'not-known', 'not-tested-before'],
  ] as const)('%s is %s', (address, before, reason, after) => {
    expect(judgeHost(address, false, other)).toEqual({ change: before, reason });
    expect(judgeHost(address, true, other)).toEqual({ change: after, reason });
  });
});

describe('judgeHost of a host that the other scan only assumed', () => {
  it('is neither new nor gone', () => {
    expect(judgeHost('10.0.0.7', false, other, true)).toEqual({ change: 'not-tested', reason: 'not-known' });
    expect(judgeHost('10.0.0.7', true, other, true)).toEqual({ change: 'not-tested-before', reason: 'not-known' });
  });
});

const ports = (closed: string, filtered: string, state = 'done'): HostUnit => ({
  state,
  reason: state === 'done' ? null : 'local-limit',
  coverage: packCoverage([{ protocol: 'tcp', tested: '', closed, filtered }], { tcp: '22,80,443', udp: '' }),
});
const host = { address: '10.0.0.7', up: true, ports: ports('22,80', '443') };

describe('judgePort', () => {
  it.each([
    ['closed', 80, host, 'closed', null, 'opened'],
    ['filtered', 443, host, 'no-answer', null, 'opened'],
    ['not in the plan', 8080, host, 'not-tested', 'not-planned', 'not-tested-before'],
    [
      'cut short',
      80,
      { ...host, ports: ports('22', '', 'not-evaluable') },
      'not-tested',
      'local-limit',
      'not-tested-before',
    ],
    ['never begun', 80, { ...host, ports: null }, 'not-tested', 'not-reached', 'not-tested-before'],
    [
      'not told',
      80,
      { ...host, ports: { ...host.ports, coverage: null } },
      'not-tested',
      'not-known',
      'not-tested-before',
    ],
    ['a silent host', 80, { ...host, up: false }, 'not-tested', 'host-silent', 'not-tested-before'],
    [
      'a lost block',
      80,
      { ...host, address: '10.0.2.7', up: false },
      'not-tested',
      'lease-expired',
      'not-tested-before',
    ],
  ] as const)('%s', (...[, port, of, before, reason, after]) => {
    expect(judgePort({ protocol: 'tcp', port }, false, of, other)).toEqual({ change: before, reason });
    expect(judgePort({ protocol: 'tcp', port }, true, of, other)).toEqual({ change: after, reason });
  });
});

const done: HostUnit = { state: 'done', reason: null, coverage: null };
const untold: OtherCheck = { passed: false, foundElsewhere: false, notEvaluable: null, checks: done, portOpen: true };
const place = { protocol: 'tcp', port: 80 } as const;

describe('judgeFinding', () => {
  const rows: readonly (readonly [string, Partial<OtherCheck>, string, string | null, string])[] = [
    ['the check passed', { passed: true }, 'fixed', null, 'new'],
    ['it found something else to its end', { foundElsewhere: true }, 'fixed', null, 'new'],
    [
      'it found something else and was cut short',
      { foundElsewhere: true, checks: { ...done, state: 'not-evaluable', reason: 'deadline' } },
      'not-tested',
      'deadline',
      'not-tested-before',
    ],
    ['it could not be judged', { notEvaluable: 'timeout' }, 'not-tested', 'timeout', 'not-tested-before'],
    ['the check was not run', {}, 'not-tested', 'not-planned', 'not-tested-before'],
    ['checks never began', { checks: null }, 'not-tested', 'not-reached', 'not-tested-before'],
    ['the port is closed', { portOpen: false }, 'not-tested', 'port-closed', 'new'],
  ];
  it.each(rows)('%s', (_, check, before, reason, after) => {
    const of = { host, check: { ...untold, ...check }, other };
    expect(judgeFinding(place, false, of)).toEqual({ change: before, reason });
    expect(judgeFinding(place, true, of).change).toBe(after);
  });

  it('is never fixed because the host, the port or the checks were out of reach', () => {
    const silent = { host: { ...host, up: false }, check: { ...untold, portOpen: false, checks: null }, other };
    expect(judgeFinding(place, false, silent)).toEqual({ change: 'not-tested', reason: 'host-silent' });
    const filtered = { host, check: { ...untold, portOpen: false }, other };
    expect(judgeFinding({ protocol: 'tcp', port: 443 }, false, filtered)).toEqual({
      change: 'not-tested',
      reason: 'filtered',
    });
    const none = {
      host,
      check: { ...untold, checks: null, portOpen: null },
      other: { ...other, phases: new Set(['discovery']) },
    };
    expect(judgeFinding({ protocol: null, port: null }, false, none)).toEqual({
      change: 'not-tested',
      reason: 'not-planned',
    });
  });
});
