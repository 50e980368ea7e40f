import type { Severity } from '@picket/contracts/primitive';
import { hostAddresses, type Truth } from '../../../lab/truth.ts';

/** A finding at `port/transport` of an address. */
export interface Finding {
  readonly address: string;
  readonly place: string;
  readonly check: string;
  readonly severity: Severity;
}

/** Findings held against the truth of the lab. Each entry is `check host place`. */
export interface Judgement {
  /** All weaknesses that are planted and proved, those that no check of ours is for included. */
  readonly planted: readonly string[];
  readonly missed: readonly string[];
  /** Findings of a weakness that a hardened service resists, and any above info on a hardened host. */
  readonly falseOnHardened: readonly string[];
  /** Findings above info on other hosts that the truth does not name. */
  readonly unnamed: readonly string[];
}

/** Judges findings at the scanned addresses. Pure. */
export function judgeFindings({ hosts }: Truth, scanned: ReadonlySet<string>, findings: readonly Finding[]): Judgement {
  const planted = new Set<string>();
  const resisted = new Set<string>();
  for (const host of hosts)
    for (const service of host.services) {
      const place = `${host.name} ${service.port}/${service.transport}`;
      for (const check of [...service.weaknesses, ...service.beyondChecks]) planted.add(`${check} ${place}`);
      for (const check of service.resists) resisted.add(`${check} ${place}`);
    }
  const hostOf = (address: string) => hosts.find((host) => hostAddresses(host).includes(address));
  const seen = findings
    .filter(({ address }) => scanned.has(address))
    .map((each) => {
      const host = hostOf(each.address);
      return { ...each, host, key: `${each.check} ${host?.name ?? each.address} ${each.place}` };
    });
  const keys = new Set(seen.map(({ key }) => key));
  const aboveInfo = seen.filter(({ severity }) => severity !== 'info');
  const falseOnHardened = seen.filter(
    ({ key, host, severity }) => resisted.has(key) || (host?.hardened === true && severity !== 'info'),
  );
  const unnamed = aboveInfo.filter(({ key, host }) => host?.hardened !== true && !planted.has(key));
  return {
    planted: [...planted],
    missed: [...planted].filter((key) => !keys.has(key)),
    falseOnHardened: [...new Set(falseOnHardened.map(({ key }) => key))],
    unnamed: [...new Set(unnamed.map(({ key }) => key))],
  };
}
