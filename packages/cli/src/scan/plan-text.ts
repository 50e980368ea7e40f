import { formatRange } from '@picket/base/ip';
import { countAddresses } from '@picket/base/range-set';
import type { Plan } from '@picket/plan/plan';
import { formatPorts } from '@picket/plan/port-set';
import { isWide } from '@picket/plan/wide-range';
import { formatDuration } from '../terminal/duration.ts';

/** The plan in words, for `--dry-run` and for the question before a scan. Numbers are upper bounds. */
export function planText(plan: Plan): string {
  const { estimate } = plan;
  const lines = [
    `${plan.kind === 'map' ? 'Map' : 'Scan'} of ${grouped(estimate.addresses)} address${estimate.addresses === 1n ? '' : 'es'}: ${listed(plan.ranges.map(formatRange))}`,
    ...plan.names.map((pinned) => `  ${pinned.name} = ${pinned.addresses.join(', ')} (pinned for this run)`),
    ...(plan.ranges.some(isWide)
      ? ['Whole IPv6 links are not swept: of them only the hosts that are found are asked, which no figure here counts']
      : []),
    ...(plan.exclusions.length > 0
      ? [
          `Excluded: ${listed(plan.exclusions.map(formatRange))} (${grouped(countAddresses(plan.exclusions))} addresses)`,
        ]
      : []),
    ...(plan.kind === 'scan' ? [`Ports: ${estimate.ports} (${shorten(formatPorts(plan.ports), 60)})`] : []),
    `Phases: ${plan.phases.join(', ')}`,
    `Probes to find hosts and ports: at most ${grouped(estimate.packets)}, at most ${grouped(BigInt(estimate.rate))}/s (profile ${plan.profile.name}, ${plan.profile.packetsPerSecondPerHost}/s a host): at most ${formatDuration(estimate.seconds * 1000)}`,
  ];
  return `${lines.join('\n')}\n`;
}

function grouped(value: bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

function listed(items: readonly string[]): string {
  return items.length <= 8 ? items.join(', ') : `${items.slice(0, 8).join(', ')} and ${items.length - 8} more ranges`;
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
