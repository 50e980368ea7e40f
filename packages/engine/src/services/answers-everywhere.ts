import { likelyTcpPorts } from '@picket/plan/likely-ports';

/** Fewer open ports than this prove nothing: a busy host may have them. */
const leastOpen = 200;
/** Share of the ports that were asked. No host runs a service on half of a thousand ports. */
const leastShare = 0.5;
/** So many ports of such a host are tried, likeliest first: behind a proxy real services may stand on some. */
const triedPorts = 24;

/**
 * True when a host accepts connections on so many ports that something answers in its place: a tarpit, a firewall or load
 * balancer that completes handshakes by itself (SYN proxy), or a program that pretends.
 */
export function answersEverywhere(openTcp: number, askedTcp: number): boolean {
  return openTcp >= leastOpen && openTcp >= askedTcp * leastShare;
}

/** The ports of such a host that are worth a look: the likeliest of those that are open. */
export function portsWorthTrying(open: readonly number[]): ReadonlySet<number> {
  const there = new Set(open);
  const likely = likelyTcpPorts.filter((port) => there.has(port));
  return new Set([...likely, ...open].slice(0, triedPorts));
}
