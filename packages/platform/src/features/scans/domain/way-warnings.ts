import type { PlanOutlook } from '@picket/contracts/api/plan-outlook';

/** A scanner behind a firewall should not scan outwards through it: each hop that looks like one is named, at most three. */
export function wayWarnings({ hops }: PlanOutlook['way']): readonly string[] {
  return hops
    .flatMap((hop) => (hop.stateful === null ? [] : [{ ...hop, stateful: hop.stateful }]))
    .slice(0, 3)
    .map(({ address, name, targets, stateful }) => {
      const who = name === null ? address : `${address} (${name})`;
      const many = targets === 1 ? 'One target is' : `${targets} targets are`;
      return `${many} reached through ${who}, which looks like a firewall (${stateful}): its tables of connections can overflow, and results suffer. Lower the rate, or scan from an appliance behind it.`;
    });
}
