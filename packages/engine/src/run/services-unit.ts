import { describeError } from '@picket/base/error';
import { answersEverywhere, portsWorthTrying } from '../services/answers-everywhere.ts';
import { serviceNames } from '../names/service-names.ts';
import { inLanes } from './lanes.ts';
import type { OpenPort } from './probe-stages.ts';
import type { HostInWork, RunContext } from './run-context.ts';
import type { ServiceEvent, ServiceFacts } from './stages.ts';
import { withinBudget } from '../connect/time-budget.ts';
import type { UnitEnd, UnitVoice } from './unit-ledger.ts';

/** Longest identification of one port, milliseconds without pauses. */
const portBudgetMs = 90_000;

/** What is said of a port whose identification failed: that it is open is known all the same. */
const unknownService: ServiceFacts = { service: 'unknown', cpes: [], confidence: 0, method: 'port-number' };

/** Identifies what speaks on the open ports of a host; adds what it finds to `services`. */
export async function identifyServices(
  context: RunContext,
  work: {
    readonly host: HostInWork;
    readonly open: readonly OpenPort[];
    readonly services: Omit<ServiceEvent, 'unit' | 'time'>[];
  },
  voice: UnitVoice,
): Promise<UnitEnd> {
  const { identify } = context;
  if (!identify)
    return { state: 'not-evaluable', reason: 'check-unsupported', detail: 'no service identification is installed' };
  const open = work.open.filter((port) => port.state === 'open');
  const everywhere = pretenceOf(context, open);
  const ports = everywhere ? open.filter((port) => everywhere.has(port)) : open;
  if (everywhere) tellPretence(work.host.address, open, voice);
  let faults = 0;
  // A server that has several sites answers better under its name.
  await work.host.identity.settled;
  await inLanes(ports, Math.min(ports.length, context.job.profile.connectionsPerHost), async (port) => {
    await context.queue.room();
    const facts = await identifyPort(context, work.host, port, voice).catch((error: unknown) => {
      if (context.signal.aborted) throw error;
      faults += 1;
      const message = `${work.host.address} ${port.port}/${port.protocol}: identification failed inside the engine: ${describeError(error)}`;
      voice.tell({ type: 'note', level: 'error', code: 'engine.identify-failed', message, address: work.host.address });
      return unknownService;
    });
    // Of a port that accepts whatever comes only a protocol that was spoken says something.
    if (everywhere && (facts.service === 'unknown' || facts.method === 'port-number')) return;
    const service = {
      type: 'service',
      address: work.host.address,
      protocol: port.protocol,
      port: port.port,
      ...facts,
    } as const;
    work.services.push(service);
    voice.tell(service);
  });
  const { identity } = work.host;
  if (identity.learn(serviceNames(work.services))) voice.tell(identity.fact());
  const counts = { services: everywhere ? work.services.length : ports.length };
  if (faults > 0)
    return { state: 'not-evaluable', reason: 'internal-error', detail: `${faults} of ${ports.length} ports`, counts };
  if (!everywhere) return { state: 'done', counts };
  const detail = `${open.length} ports are open; ${ports.length} of them were tried, ${work.services.length} spoke a protocol`;
  return { state: 'not-evaluable', reason: 'accepts-everything', detail, counts };
}

/** The ports to try on a host that accepts every connection; null for any other host. */
function pretenceOf(context: RunContext, open: readonly OpenPort[]): ReadonlySet<OpenPort> | null {
  const tcp = open.filter(({ protocol }) => protocol === 'tcp');
  if (!answersEverywhere(tcp.length, context.job.ports.tcp.length)) return null;
  const worth = portsWorthTrying(tcp.map(({ port }) => port));
  return new Set(open.filter(({ protocol, port }) => protocol === 'udp' || worth.has(port)));
}

function tellPretence(address: string, open: readonly OpenPort[], voice: UnitVoice): void {
  const message = `${address} accepts connections on ${open.length} ports: a tarpit, a firewall or a load balancer seems to answer in its place, so open ports of it mean little`;
  voice.tell({ type: 'note', level: 'warning', code: 'engine.accepts-everything', message, address });
}

async function identifyPort(
  context: RunContext,
  host: HostInWork,
  port: OpenPort,
  voice: UnitVoice,
): Promise<ServiceFacts> {
  const { identify, clock, random } = context;
  if (!identify) return unknownService;
  const session = context.gate.session(host.address);
  try {
    const target = {
      address: host.address,
      port: port.port,
      protocol: port.protocol,
      names: host.identity.trusted.map(({ name }) => name),
      ...(context.job.askFragile ? { askFragile: true } : {}),
    };
    const budget = { clock, milliseconds: portBudgetMs, signal: context.signal };
    const result = await withinBudget(budget, () =>
      identify(target, { dialer: session.dialer, clock, random, signal: session.signal }),
    );
    if (result.state === 'done') return result.value;
    const message = `${host.address} ${port.port}/${port.protocol}: identification took longer than ${portBudgetMs / 1000} s and was ended`;
    voice.tell({ type: 'note', level: 'warning', code: 'engine.identify-timeout', message, address: host.address });
    return unknownService;
  } finally {
    session.close();
  }
}
