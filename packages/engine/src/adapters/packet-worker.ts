import { randomInt } from 'node:crypto';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { LinkInfo } from '../packets/network-table.ts';
import type { LoopConfig, LoopReport, LoopRequest } from '../packets/messages.ts';
import type { PacketLink } from '../packets/packet-link.ts';
import { ScanLoop } from '../packets/scan-loop.ts';
import { SourcePorts } from '../packets/source-ports.ts';
import { openNetworkTable } from './kernel/netlink-table.ts';
import { openPacketLink } from './kernel/packet-socket-link.ts';

/**
 * Entry of the packet thread; see `packet-thread.ts`. Alternates between the loop and its messages, and sleeps in the kernel when there
 * is nothing to do: on the interface while answers may come, on the shared memory while no request is open.
 */
const port = parentPort;
const config: LoopConfig & { readonly openedAtNs: bigint } = workerData;
/** Longest sleep: the stop flag is looked at so often. */
const longestSleepMs = 20;

function openLink(info: LinkInfo): PacketLink | string {
  const filter = {
    sourcePorts: new SourcePorts(config).range,
    echoId: config.echoId,
    neighbours: true,
    everyVlan: config.vlan !== null,
  };
  const opened = openPacketLink(info, filter);
  return opened.ok ? opened.value : opened.error.detail;
}

function report(message: LoopReport): void {
  port?.postMessage(message, handedOver(message));
}

/** Memory that goes along without a copy: nobody here uses it any more. */
function handedOver(message: LoopReport): ArrayBuffer[] {
  if (message.kind === 'records') return [message.records];
  if (message.kind !== 'end') return [];
  const { states, hosts, sent, macs } = message;
  const buffers = [states, hosts, sent, macs].filter(({ length }) => length > 0).map(({ buffer }) => buffer);
  return buffers.filter((buffer) => buffer instanceof ArrayBuffer);
}

function takeRequests(loop: ScanLoop): void {
  if (port === null) return;
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) {
    const request: LoopRequest = next.message;
    loop.take(request);
  }
}

function work(loop: ScanLoop): void {
  for (let seen = -1; !loop.control.stopped; ) {
    const wakes = loop.control.wakes;
    if (wakes !== seen) takeRequests(loop);
    seen = wakes;
    const rest = loop.turn();
    if (rest < 1) continue;
    const out = loop.waitingLink;
    if (rest === Number.POSITIVE_INFINITY || !out) loop.control.idle(wakes, Math.min(rest, longestSleepMs));
    else out.link.wait(Math.min(rest, longestSleepMs));
  }
}

const table = openNetworkTable();
if (!table.ok) report({ kind: 'fault', message: table.error.detail });
else {
  const loop = new ScanLoop({
    config,
    table: table.value,
    openLink,
    monotonic: () => performance.now(),
    runTime: () => config.openedAtMs + Number(process.hrtime.bigint() - config.openedAtNs) / 1e6,
    random: () => randomInt(2 ** 32),
    report,
  });
  try {
    work(loop);
  } finally {
    loop.close();
    table.value.close();
  }
}
// Our side of the channel keeps the thread alive otherwise.
port?.close();
