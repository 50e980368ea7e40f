import { lookup, Resolver } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { describeError } from '@picket/base/error';
import { ok } from '@picket/base/result';
import { openTls } from '@picket/outbound/adapters/tls-stream';
import type { Connector, Destination } from '@picket/outbound/connector';
import { failureCause } from '../network/failure-cause.ts';
import type { NetworkWatch } from '../network/network-view.ts';
import { type DoctorProbes, type Finding, unresolved } from '../doctor/examine.ts';
import { proxyFinding } from '../doctor/proxy-answer.ts';

export interface ProbeTarget {
  /** The platform; null: not known yet. */
  readonly platform: Destination | null;
  readonly proxy: Destination | null;
  readonly family: 4 | 6;
  /** The platform's own certificate authority (PEM); null: a public one. */
  readonly ca: () => Promise<string | null>;
  readonly devices: { readonly lan: string | null; readonly wan: string | null };
}

/** Every step has this long, milliseconds. */
const stepMs = 5000;
/** A proxy's answer is looked at up to here, bytes. */
const maxHead = 16_384;

/** The network doctor's instruments on a real machine: looks, asks and connects, changes nothing. */
export function doctorProbes(target: ProbeTarget, watch: NetworkWatch, connector: Connector): DoctorProbes {
  const look = () => watch.look(target.devices);
  return {
    look,
    resolve: async (host, view) => {
      const found = await lookup(host).catch((error: unknown) => error);
      if (!(found instanceof Error) && isAddress(found))
        return { outcome: 'ok', detail: `${host} is ${found.address}` };
      // The system's resolver does not say whether anybody answered.
      const resolver = new Resolver({ timeout: 1500, tries: 2 });
      const code = await resolver.resolve4(host).then(
        () => 'resolved, but not by the system',
        (error: unknown) => codeOf(error),
      );
      return unresolved(view, !/TIMEOUT|REFUSED|CANCELLED/.test(code), `${host}: ${code}`);
    },
    proxy: async () => {
      const { proxy, platform } = target;
      return proxy === null || platform === null ? { outcome: 'not-used', detail: '' } : askProxy(proxy, platform);
    },
    platform: () => openPlatform(target, watch, connector),
  };
}

async function openPlatform(target: ProbeTarget, watch: NetworkWatch, direct: Connector): Promise<Finding> {
  const { platform, proxy } = target;
  if (platform === null) return { outcome: 'not-tested', detail: 'the platform is not known yet' };
  const connector = proxy === null ? direct : throughProxy(proxy);
  const opened = await openTls({
    destination: platform,
    connector,
    trust: { ca: await target.ca() },
    signal: AbortSignal.timeout(2 * stepMs),
    handshakeTimeoutMs: stepMs,
  });
  if (opened.ok) {
    opened.value.destroy();
    return { outcome: 'ok', detail: `${platform.host}:${platform.port}, certificate verified` };
  }
  const { kind, message, hint, detail } = opened.error;
  if (kind === 'cancelled' && proxy !== null) return { outcome: 'not-tested', detail: 'the proxy asks for a login' };
  const view = await watch.look(target.devices);
  return {
    outcome: 'failed',
    detail: message.slice(0, 200),
    cause: failureCause({ kind, reason: null, message, hint, detail }, view, target.family),
  };
}

async function askProxy(proxy: Destination, platform: Destination): Promise<Finding> {
  const asked = await tunnel(proxy, platform);
  asked.socket.destroy();
  if (asked.error === null) return proxyFinding(asked.head);
  return { outcome: 'failed', detail: asked.error, cause: { kind: 'proxy-timeout', ntlm: false } };
}

/** A tunnel without a login, for the last step; where there is none it says `cancelled`, and the step was not tested. */
function throughProxy(proxy: Destination): Connector {
  return {
    open: async (platform) => {
      const { socket, head, error } = await tunnel(proxy, platform);
      if (error === null && proxyFinding(head).outcome === 'ok') return ok(socket);
      socket.destroy();
      const message = 'no tunnel';
      return { ok: false, error: { kind: 'cancelled', message, hint: '', detail: message, maybeDelivered: false } };
    },
  };
}

/** Asks for a tunnel; `error` is set when there was no connection at all. */
function tunnel(
  proxy: Destination,
  platform: Destination,
): Promise<{ socket: Socket; head: string; error: string | null }> {
  const socket = connect({ host: proxy.host, port: proxy.port });
  return new Promise((resolve) => {
    let head = '';
    let connected = false;
    const end = (error: string | null) => {
      clearTimeout(timer);
      socket.removeAllListeners('data');
      resolve({ socket, head, error });
    };
    const timer = setTimeout(() => end('no answer in time'), stepMs);
    socket.on('error', (error) => end(connected ? null : describeError(error)));
    socket.on('close', () => end(connected ? null : 'closed'));
    socket.once('connect', () => {
      connected = true;
      const authority = `${platform.host.includes(':') ? `[${platform.host}]` : platform.host}:${platform.port}`;
      socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (/\r?\n\r?\n/.test(head) || head.length > maxHead || !'HTTP/1.'.startsWith(head.slice(0, 7))) end(null);
    });
  });
}

function isAddress(value: unknown): value is { address: string } {
  return typeof value === 'object' && value !== null && 'address' in value;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : describeError(error);
}
