import { firstAnswer } from '../connect/connect-discovery.ts';
import { coverageText } from './coverage-text.ts';
import type { OpenPort, PortScanResult } from './probe-stages.ts';
import type { HostInWork, RunContext } from './run-context.ts';
import type { UnitEnd, UnitVoice } from './unit-ledger.ts';

/** What the port scan of a host leaves for the phases after it. */
export interface PortsOutcome {
  open: readonly OpenPort[];
  /** An assumed host that answered on no port at all. */
  silent: boolean;
  /** A TCP port that refused; null when none did, or an earlier run asked. */
  closedPort: number | null;
}

/** Scans the ports of a host (or tells what discovery found already); fills `outcome`. */
export async function scanHostPorts(
  context: RunContext,
  work: { readonly host: HostInWork; readonly outcome: PortsOutcome },
  voice: UnitVoice,
): Promise<UnitEnd> {
  const { host, outcome } = work;
  const tell = (port: OpenPort) => voice.tell({ type: 'port', address: host.address, ...port });
  const scanned = host.scanned ?? (await context.stages.scanPorts(request(context, host, tell)));
  if (host.scanned) for (const port of host.scanned.open) tell(port);
  outcome.open = scanned.open;
  outcome.closedPort = scanned.coverage.find(({ protocol }) => protocol === 'tcp')?.closed[0] ?? null;
  if (host.identity.assumed) outcome.silent = tellAssumed(host, scanned, voice);
  return endOf(scanned);
}

function request(context: RunContext, host: HostInWork, onOpen: (port: OpenPort) => void) {
  const hint = host.rttHintMs === undefined ? {} : { rttHintMs: host.rttHintMs };
  return { address: host.address, signal: context.signal, onOpen, ...hint };
}

/** The port scan shows whether a host that was only assumed is there. True when it is not. */
function tellAssumed(host: HostInWork, scanned: PortScanResult, voice: UnitVoice): boolean {
  const evidence = firstAnswer(scanned);
  voice.tell(evidence ? host.identity.fact('up', evidence) : host.identity.fact('silent', { reason: 'no-answer' }));
  return evidence === null;
}

function endOf(scanned: PortScanResult): UnitEnd {
  const total = (pick: 'tested' | 'closed' | 'filtered') =>
    scanned.coverage.reduce((sum, coverage) => sum + coverage[pick].length, 0);
  const open = scanned.open.filter((port) => port.state === 'open').length;
  const counts = {
    tested: total('tested'),
    open,
    closed: total('closed'),
    filtered: total('filtered'),
    ...(scanned.packets === undefined ? {} : { packets: scanned.packets }),
  };
  const coverage = coverageText(scanned.coverage);
  if (scanned.untested === null) return { state: 'done', counts, coverage };
  const { reason, count, detail } = scanned.untested;
  return { state: 'not-evaluable', reason, detail: `${count} ports were not asked: ${detail}`, counts, coverage };
}
