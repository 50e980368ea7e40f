import { parseIp } from '@picket/base/ip';
import { contains, type RangeSet } from '@picket/base/range-set';
import { groupReasons, type JudgedFrame, readFrame } from './frame-purpose.ts';

/** What a job may send to, as one who looks at the wire knows it. */
export interface WireScope {
  /** Targets without the exclusions. */
  readonly targets: RangeSet;
  /** Ethernet addresses of the interfaces that have a target among their addresses. */
  readonly macs: ReadonlySet<string>;
  /** Link-local addresses of those interfaces, and of the scanner's own: only the kernel's address questions and answers go there. */
  readonly linkLocals: ReadonlySet<string>;
  /** A range too large to sweep is among the targets, so all nodes of its link may be asked by multicast. */
  readonly linkSearch: boolean;
}

/** What was sent, by the reason for which it may be; and what may not be, in words. */
export interface ScopeVerdict {
  readonly frames: number;
  readonly byReason: ReadonlyMap<string, number>;
  readonly foreign: readonly string[];
  /** Every address that anything was addressed to or asked about, groups aside. */
  readonly addressed: ReadonlySet<string>;
}

/** Holds every frame against the scope. Pure. */
export function judgeFrames(frames: Iterable<Uint8Array>, scope: WireScope): ScopeVerdict {
  const byReason = new Map<string, number>();
  const foreign: string[] = [];
  const addressed = new Set<string>();
  let count = 0;
  for (const bytes of frames) {
    count += 1;
    const frame = readFrame(bytes);
    if (!frame.purpose.address.startsWith('ff')) addressed.add(frame.purpose.address);
    const reason = isForAllowedInterface(frame, scope) ? reasonFor(frame, scope) : null;
    if (reason === null) foreign.push(`${frame.purpose.kind} ${frame.purpose.address} to ${frame.mac}`);
    else byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  }
  return { frames: count, byReason, foreign, addressed };
}

/** Bit 0 of the first octet tells a group, the broadcast included (IEEE 802 clause 8.2). */
function isForAllowedInterface({ mac }: JudgedFrame, scope: WireScope): boolean {
  return (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || scope.macs.has(mac);
}

function reasonFor({ purpose }: JudgedFrame, scope: WireScope): string | null {
  const { address } = purpose;
  const isTarget = isIn(scope.targets, address);
  const isNeighbour = isTarget || scope.linkLocals.has(address);
  switch (purpose.kind) {
    case 'packet':
      return isTarget ? 'packet to a target' : groupReason(address, purpose.carried.icmpv6Type, scope);
    case 'arp-question':
      return isTarget ? 'asks for the MAC of a target (ARP)' : null;
    case 'arp-answer':
      return isTarget ? 'answers a target that asks for ours (ARP, the kernel)' : null;
    case 'neighbour-question':
      return isNeighbour ? 'asks for the MAC of a target (NDP)' : null;
    case 'neighbour-answer':
      return isNeighbour ? 'answers a target that asks for ours (NDP, the kernel)' : null;
    case 'undecodable':
      return null;
  }
}

function groupReason(group: string, type: number, scope: WireScope): string | null {
  const known = groupReasons.find((each) => each.group === group && each.types.includes(type));
  return known && (known.sender === 'kernel' || scope.linkSearch) ? known.reason : null;
}

function isIn(targets: RangeSet, text: string): boolean {
  const address = parseIp(text);
  return address.ok && contains(targets, address.value);
}
