import type { PlanOutlook } from '@picket/contracts/api/plan-outlook';

/** A way that a job traced to one address of the targets; silent hops are left out. */
export interface TracedWay {
  readonly address: string;
  readonly hops: readonly string[];
}

/** What is known of a hop as an asset. */
export interface KnownHop {
  readonly name: string | null;
  /** System, maker and software that it told of: what may give away a firewall. */
  readonly words: readonly string[];
}

/** Hops that are told at most. */
const toldHops = 20;

/**
 * Names under which systems that keep connections (firewalls, NAT, load balancers) give themselves away. Linear-time: alternatives of plain
 * words. A router that does not say what it is may be one all the same.
 */
const statefulWords =
  /\b(?:firewall|pfsense|opnsense|ipfire|fortigate|fortios|fortinet|palo alto|pan-os|check point|checkpoint|sonicwall|sonicos|cisco asa|adaptive security appliance|firepower|watchguard|fireware|sophos|zywall|barracuda|srx\d*|big-ip|netscaler|haproxy)\b/i;

/** The hops between appliance and targets, those with the most targets behind them first; the targets themselves are none. Pure. */
export function hopsOnTheWay(
  ways: readonly TracedWay[],
  known: ReadonlyMap<string, KnownHop>,
): PlanOutlook['way']['hops'] {
  const behind = new Map<string, number>();
  for (const { address, hops } of ways)
    for (const hop of new Set(hops)) if (hop !== address) behind.set(hop, (behind.get(hop) ?? 0) + 1);
  return [...behind]
    .map(([address, targets]) => {
      const hop = known.get(address);
      return {
        address,
        targets,
        name: hop?.name ?? null,
        stateful: hop?.words.find((one) => statefulWords.test(one)) ?? null,
      };
    })
    .toSorted((a, b) => Number(b.stateful !== null) - Number(a.stateful !== null) || b.targets - a.targets)
    .slice(0, toldHops);
}
