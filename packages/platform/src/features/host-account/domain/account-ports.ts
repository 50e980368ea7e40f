import { compressPorts } from '@picket/plan/port-set';
import type { HostAccount } from '@picket/contracts/api/host-account';
import { transport } from '@picket/contracts/primitive';
import { type PackedCoverage, type PlannedPorts, portsOf, unpackCoverage } from '../../../jobs/domain/coverage.ts';

/** A port that a fact speaks of. */
export interface ToldPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly state: 'open' | 'closed' | 'filtered' | 'open|filtered';
}

/** What became of the planned ports of a host, by protocol. Without coverage what no fact speaks of counts as not tested. */
export function accountPorts(
  planned: PlannedPorts,
  coverage: PackedCoverage | null,
  told: readonly ToldPort[],
): HostAccount['ports'] {
  return transport.options.flatMap((protocol) => {
    if (planned[protocol] === '') return [];
    const states = new Map<number, string>(unpackCoverage(coverage, protocol, portsOf(planned[protocol])));
    for (const { port, state } of told.filter((one) => one.protocol === protocol))
      states.set(port, state === 'open|filtered' ? 'filtered' : state);
    const ports = [...states].sort(([a], [b]) => a - b);
    const list = (wanted: string) => compressPorts(ports.filter(([, state]) => state === wanted).map(([port]) => port));
    return [
      {
        protocol,
        planned: planned[protocol],
        open: list('open'),
        closed: list('closed'),
        noAnswer: list('filtered'),
        notTested: list('untested'),
        coverageKnown: coverage !== null,
      },
    ];
  });
}
