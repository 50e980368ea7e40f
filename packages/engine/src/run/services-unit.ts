import { describeError } from '@picket/base/error';
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
  const ports = work.open.filter((port) => port.state === 'open');
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
  const counts = { services: ports.length };
  if (faults > 0)
    return { state: 'not-evaluable', reason: 'internal-error', detail: `${faults} of ${ports.length} ports`, counts };
  return { state: 'done', counts };
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
