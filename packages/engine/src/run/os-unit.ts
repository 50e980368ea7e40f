import { withinBudget } from '../connect/time-budget.ts';
import type { OsAnswer } from '../os/claim.ts';
import type { OpenPort } from './probe-stages.ts';
import type { HostInWork, RunContext } from './run-context.ts';
import type { EngineEventOf } from '@picket/contracts/event';
import type { ServiceEvent, Without } from './stages.ts';
import type { UnitEnd, UnitVoice } from './unit-ledger.ts';

/** Longest time for the packets to one host, milliseconds without pauses. */
const budgetMs = 30_000;

/** What the phases before know of a host. */
interface KnownHost {
  readonly host: HostInWork;
  readonly open: readonly OpenPort[];
  /** A TCP port that refused; null when none did, or an earlier run saw it. */
  readonly closedPort: number | null;
  readonly services: readonly Omit<ServiceEvent, 'unit' | 'time'>[];
}

/** Tells the operating system of a host. A host that gives nothing away ends `done` without an event. */
export async function identifySystem(context: RunContext, known: KnownHost, voice: UnitVoice): Promise<UnitEnd> {
  const { identifyOs, clock, signal, random, log, packetProber } = context;
  if (!identifyOs) {
    return { state: 'not-evaluable', reason: 'check-unsupported', detail: 'no identification of systems is installed' };
  }
  const { macVendor } = known.host.identity.fact();
  const openPort = known.open.find((port) => port.protocol === 'tcp' && port.state === 'open')?.port ?? null;
  const { closedPort, services } = known;
  const { address, rttHintMs } = known.host;
  const target = {
    address,
    services,
    openPort,
    closedPort,
    ...(rttHintMs === undefined ? {} : { rttHintMs }),
    ...(macVendor === undefined ? {} : { macVendor }),
  };
  const result = await withinBudget({ clock, milliseconds: budgetMs, signal }, () =>
    identifyOs(target, { prober: packetProber, random, log, signal }),
  );
  if (result.state !== 'done') {
    const detail = `the system was not told apart within ${budgetMs / 1000} s`;
    return { state: 'not-evaluable', reason: 'budget-exhausted', detail };
  }
  if (result.value) voice.tell(osFact(address, result.value));
  return { state: 'done', counts: { identified: result.value ? 1 : 0 } };
}

function osFact(address: string, answer: OsAnswer): Without<EngineEventOf<'os'>, 'unit' | 'time'> {
  const { vendor, product, version, cpe, confidence, evidence } = answer;
  return {
    type: 'os',
    address,
    product: product.slice(0, 128),
    confidence,
    evidence: evidence.slice(0, 1024),
    ...(vendor === undefined ? {} : { vendor: vendor.slice(0, 128) }),
    ...(version === undefined ? {} : { version: version.slice(0, 128) }),
    ...(cpe === undefined || cpe.length > 256 ? {} : { cpe }),
  };
}
