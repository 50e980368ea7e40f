import { managementTable, type Observed } from './kernel-state.ts';
import type { NetworkDescription } from './network-description.ts';
import type { NetworkDocument } from './network-document.ts';
import type { NetworkFacts } from './network-facts.ts';
import type { NetworkPlan } from './network-plan.ts';
import { scanPath } from './scan-path.ts';

export interface WholeView {
  readonly kind: NetworkDescription['kind'];
  readonly document: NetworkDocument;
  readonly facts: NetworkFacts;
  readonly plan: NetworkPlan;
  readonly observed: Observed;
}

/** All that is in force, without secrets, and the way to each of the targets. Pure. */
export function describeWhole(view: WholeView, targets: readonly string[]): NetworkDescription {
  const { document, facts, plan } = view;
  const { proxy, ...settings } = document.settings;
  return {
    kind: view.kind,
    settings,
    proxy: proxy === null ? null : { host: proxy.host, port: proxy.port, authenticates: proxy.user !== null },
    scanNetwork: document.scanNetwork,
    facts,
    devices: devicesOf(view),
    routes: (['scan', 'management'] as const).flatMap((space) =>
      (plan.spaces[space]?.routes ?? []).map(({ destination, gateway, device, table }) => ({
        space,
        destination,
        gateway,
        device,
        table: table === managementTable ? ('management' as const) : table,
      })),
    ),
    paths: targets.map((target) => ({ target, path: scanPath(plan, target) })),
  };
}

/** What is planned, as the kernel has it: an interface that it lacks is down and without addresses. */
function devicesOf({ plan, observed }: WholeView): NetworkDescription['devices'] {
  return (['scan', 'management'] as const).flatMap((space) =>
    (plan.spaces[space]?.devices ?? []).map(({ device, vlan }) => {
      const seen = observed[space]?.devices.find((each) => each.device === device);
      return {
        space,
        device,
        vlan: vlan?.id ?? 0,
        up: seen?.up ?? false,
        carrier: seen?.carrier ?? false,
        addresses: (seen?.addresses ?? []).filter(({ scope }) => scope === 'global').map(({ cidr }) => cidr),
      };
    }),
  );
}
