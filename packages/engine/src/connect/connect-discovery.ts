import { formatIp, type IpAddress } from '@picket/base/ip';
import { addresses, contains } from '@picket/base/range-set';
import { loopback } from '@picket/plan/address-class';
import { discoveryPorts } from '@picket/plan/plan';
import { linkedController } from '../gate/abort-hub.ts';
import type { EngineJob } from '../run/job.ts';
import { inLanes } from '../run/lanes.ts';
import type { Prober } from '../gate/probe.ts';
import { discoveryMode } from './probe-order.ts';
import type { DiscoverHosts, DiscoverRequest, FoundHost, PortScanResult, ScanPorts } from '../run/probe-stages.ts';
import { Semaphore } from '../run/semaphore.ts';

export interface ConnectDiscoveryInit {
  readonly job: Pick<EngineJob, 'assumeAlive' | 'ports' | 'phases' | 'profile'>;
  readonly prober: Prober;
  readonly scanPorts: ScanPorts;
  /** Resolves when the consumer keeps up. */
  readonly room: () => Promise<void>;
}

/** Questions under way for which addresses are taken up; the governor bounds the sockets. */
const questionsAtOnce = 4096;

/**
 * Host discovery for machines that may not send raw packets. A host is up when any of the discovery ports accepts,
 * refuses or resets. No port is asked twice: the kernel repeats the SYN itself within the time-out.
 */
export function connectDiscovery(init: ConnectDiscoveryInit): DiscoverHosts {
  const mode = discoveryMode(init.job);
  const questions =
    mode === 'plan-ports' ? init.job.ports.tcp.length + init.job.ports.udp.length : discoveryPorts.length;
  const addressesAtOnce = Math.max(64, Math.min(2048, Math.ceil(questionsAtOnce / questions)));
  // Blocks run side by side and share the places, so that the tail of one does not idle the line.
  const places = new Semaphore(addressesAtOnce);
  const look = async (address: IpAddress, { signal, tally }: Asking): Promise<Look> => {
    const text = formatIp(address);
    if (contains(loopback, address)) return { address: text, reason: 'local' };
    if (mode === 'assume') return { address: text, reason: 'assumed' };
    return mode === 'probe' ? knock(init, text, { signal, tally }) : scanWhole(init.scanPorts, text, { signal, tally });
  };
  return async ({ addresses: wanted, signal, onFound, onSilent, onUntested, tally }) => {
    await inLanes(addresses(wanted), addressesAtOnce, async (address) => {
      const leave = await places.enter(signal);
      try {
        await init.room();
        const found = await look(address, { signal, tally });
        signal.throwIfAborted();
        if (found === null) onSilent(formatIp(address));
        else if ('untested' in found) onUntested(formatIp(address), found.untested);
        else await onFound(found);
      } finally {
        leave();
      }
    });
  };
}

type Asking = Pick<DiscoverRequest, 'signal' | 'tally'>;

/** A host, silence, or the reason why nobody asked. */
type Look = FoundHost | { readonly untested: string } | null;

/** Asks the discovery ports until one answers; what is still waiting then is not sent. */
async function knock(init: ConnectDiscoveryInit, address: string, { signal, tally }: Asking): Promise<Look> {
  const { controller, unlink } = linkedController(signal);
  const timeoutMs = init.job.profile.connectTimeoutMs;
  let found: FoundHost | null = null;
  let untested: string | null = null;
  const ask = async (port: number) => {
    const onSent = tally.counter('tcp-connect', port);
    const bounds = { timeoutMs, signal: controller.signal, kind: 'search', onSent } as const;
    const answer = await init.prober.probeTcp({ address, port, ...bounds });
    if (answer.state === 'local' || answer.state === 'denied') untested = answer.detail;
    if (found || (answer.state !== 'open' && answer.state !== 'closed')) return;
    found = { address, reason: answer.state === 'open' ? 'syn-ack' : 'rst', port, rttMs: answer.rttMs };
    controller.abort();
  };
  await Promise.all(discoveryPorts.map(ask));
  unlink();
  if (found === null && untested !== null) return { untested };
  return found;
}

/** Few ports: their scan is the discovery, and its result goes along. */
async function scanWhole(scanPorts: ScanPorts, address: string, { signal, tally }: Asking): Promise<Look> {
  const scanned = await scanPorts({ address, signal, tally });
  const evidence = firstAnswer(scanned);
  if (evidence) return { address, ...evidence, scanned };
  return scanned.untested ? { untested: scanned.untested.detail } : null;
}

/** What in a port scan shows that the host is there; null when all was silence. */
export function firstAnswer(scanned: PortScanResult): (Pick<FoundHost, 'reason'> & { readonly port?: number }) | null {
  const open = scanned.open.find((port) => port.state === 'open');
  if (open) return { reason: open.protocol === 'udp' ? 'udp-answer' : 'syn-ack', port: open.port };
  const refused = scanned.coverage.find((coverage) => coverage.closed.length > 0);
  const port = refused?.closed[0];
  if (refused === undefined || port === undefined) return null;
  return { reason: refused.protocol === 'udp' ? 'port-unreachable' : 'rst', port };
}
