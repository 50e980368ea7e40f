import { latin } from './bytes.ts';
import type { ServiceProbe } from './probe.ts';
import { isSettings } from './probes/http2.ts';

/** Order in which probes are tried on a port. Pure. */
export interface Candidates {
  /** Client-first probes of this port, likeliest first. */
  readonly client: readonly ServiceProbe[];
  /** All server-first probes, those of this port first. */
  readonly server: readonly ServiceProbe[];
  /** True when a server-first probe names this port: worth waiting longer for a banner. */
  readonly expectsBanner: boolean;
}

/** Which probes to try on a port, in the clear or inside TLS. */
export function candidates(probes: readonly ServiceProbe[], port: number, tls: boolean): Candidates {
  const tcp = probes.filter((probe) => probe.transport === 'tcp');
  const here = (probe: ServiceProbe) => (tls ? probe.tlsPorts : probe.ports).includes(port);
  const rank = (probe: ServiceProbe) => {
    const ports = tls ? probe.tlsPorts : probe.ports;
    const at = ports.indexOf(port);
    // The fewer other ports a probe claims before this one, the more the port is its own.
    return at < 0 ? 1000 : at + ports.length / 100;
  };
  const byRank = (a: ServiceProbe, b: ServiceProbe) => rank(a) - rank(b);
  const server = tcp.filter((probe) => probe.opens === 'server').sort(byRank);
  return {
    client: tcp.filter((probe) => probe.opens === 'client' && here(probe)).sort(byRank),
    server,
    expectsBanner: server.some(here),
  };
}

/** Probes for a port that nobody knows, likeliest first. */
export function fallbacks(probes: readonly ServiceProbe[]): readonly ServiceProbe[] {
  return probes
    .filter((probe) => probe.transport === 'tcp' && probe.opens === 'client' && probe.fallbackRank !== undefined)
    .sort((a, b) => (a.fallbackRank ?? 0) - (b.fallbackRank ?? 0));
}

/** True when TLS from the first byte is usual on this port, and clear text is not. */
export function expectsTls(probes: readonly ServiceProbe[], port: number): boolean {
  const tcp = probes.filter((probe) => probe.transport === 'tcp');
  return tcp.some((probe) => probe.tlsPorts.includes(port)) && !tcp.some((probe) => probe.ports.includes(port));
}

/** An answer to clear text that says "speak TLS to me": an alert record (RFC 8446 section 6), or a web server's page. */
export function asksForTls(answer: Uint8Array): boolean {
  if (answer[0] === 0x15 && answer[1] === 0x03 && answer.length >= 7) return true;
  return /^HTTP\/1\.[01] 400[^]{0,2000}(?:to HTTPS port|to an HTTPS server|SSL-enabled server|requires TLS)/i.test(
    latin(answer.subarray(0, 3000)),
  );
}

/** Names of probes that an unrecognised answer hints at. */
export function hintedProbes(answer: Uint8Array): readonly string[] {
  const text = latin(answer.subarray(0, 200));
  if (/^-(?:ERR|NOAUTH|DENIED)/.test(text)) return ['redis'];
  if (/^(?:ERROR|CLIENT_ERROR [^\r\n]*)\r\n/.test(text)) return ['memcached'];
  if (/^:\S+ \d{3} |^ERROR :/.test(text)) return ['irc'];
  if (/^(?:RTSP|SIP)\//.test(text)) return [text.startsWith('RTSP') ? 'rtsp' : 'sip'];
  if (text.startsWith('AMQP')) return ['amqp'];
  if (/^(?:<\?xml [^>]{1,80}>\s*)?<stream:/.test(text)) return ['xmpp'];
  if (/^(?:error \d* ?)?cvs \[pserver/.test(text)) return ['cvspserver'];
  if (/no such user\.?\r?\n/.test(text)) return ['finger'];
  if (/^3[^\t\r\n]{1,100}\t[^\t]{0,60}\t[^\t]{1,60}\t[0-9]/.test(text)) return ['gopher'];
  if (isSettings(answer)) return ['http2'];
  return [];
}
