import type { CompareChange, UntestedReason } from '@picket/contracts/api/compare';
import { notEvaluableReason } from '@picket/contracts/event';
import { type HostUnit, type PortAnswer, reasonOf, type ScanSide } from './scan-side.ts';

/** What is said of a difference. */
export interface Judged {
  readonly change: CompareChange;
  readonly reason: UntestedReason | null;
}

const judged = (change: CompareChange, reason: UntestedReason | null = null): Judged => ({ change, reason });

/**
 * A host that only one of two scans found: gone or new only where the other asked its address to the end. `assumed`: the other took it as
 * there, and did not come to ask.
 */
export function judgeHost(address: string, inLater: boolean, other: ScanSide, assumed = false): Judged {
  const reason = other.untestedHost(address) ?? (assumed ? 'not-known' : null);
  if (reason !== null) return judged(inLater ? 'not-tested-before' : 'not-tested', reason);
  return judged(inLater ? 'new' : 'gone');
}

/** What the other scan knows of a host beside its ports. */
export interface OtherHost {
  readonly address: string;
  /** The other scan found the host. */
  readonly up: boolean;
  readonly ports: HostUnit | null;
}

/** A port that is open in one scan alone. */
export function judgePort(
  port: { readonly protocol: 'tcp' | 'udp'; readonly port: number },
  inLater: boolean,
  host: OtherHost,
  other: ScanSide,
): Judged {
  const answer = portOf(port, host, other);
  if (answer.state === 'untested') return judged(inLater ? 'not-tested-before' : 'not-tested', answer.reason);
  if (inLater) return judged('opened');
  return judged(answer.state === 'closed' ? 'closed' : 'no-answer');
}

function portOf(
  port: { readonly protocol: 'tcp' | 'udp'; readonly port: number },
  host: OtherHost,
  other: ScanSide,
): PortAnswer {
  if (host.up) return other.portState(port, host.ports);
  return { state: 'untested', reason: other.untestedHost(host.address) ?? 'host-silent' };
}

/** What the other scan says of the check of a finding, at the same place. */
export interface OtherCheck {
  /** The check ran there and found nothing. */
  readonly passed: boolean;
  /** It found something else there: another path, another user. */
  readonly foundElsewhere: boolean;
  /** Why it could not be judged; null: nothing says so. */
  readonly notEvaluable: string | null;
  readonly checks: HostUnit | null;
  /** The port of the finding is open there; null: the finding is of the host as a whole. */
  readonly portOpen: boolean | null;
}

/** A finding that only one of two scans has: fixed only where the later one ran the same check on the same port to its end. */
export function judgeFinding(
  place: { readonly protocol: 'tcp' | 'udp' | null; readonly port: number | null },
  inLater: boolean,
  of: { readonly host: OtherHost; readonly check: OtherCheck; readonly other: ScanSide },
): Judged {
  const { host, check, other } = of;
  const ran = check.passed || (check.foundElsewhere && check.checks?.state === 'done');
  if (ran) return judged(inLater ? 'new' : 'fixed');
  const { protocol, port } = place;
  const closed =
    check.portOpen === false && protocol !== null && port !== null ? portOf({ protocol, port }, host, other) : null;
  // A port that was closed had nothing to be found; one that is closed now was not tested.
  if (inLater && closed?.state === 'closed') return judged('new');
  return judged(inLater ? 'not-tested-before' : 'not-tested', whyNotRun(closed, of));
}

function whyNotRun(closed: PortAnswer | null, of: Parameters<typeof judgeFinding>[2]): UntestedReason {
  const { host, check, other } = of;
  if (!host.up) return other.untestedHost(host.address) ?? 'host-silent';
  if (closed)
    return closed.state === 'untested' ? closed.reason : closed.state === 'closed' ? 'port-closed' : 'filtered';
  const told = notEvaluableReason.safeParse(check.notEvaluable);
  if (told.success) return told.data;
  if (!other.phases.has('checks')) return 'not-planned';
  return check.checks === null ? 'not-reached' : check.checks.state === 'done' ? 'not-planned' : reasonOf(check.checks);
}
