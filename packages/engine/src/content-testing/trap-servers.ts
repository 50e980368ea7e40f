import type { CompiledCheck } from '@picket/checks/check';
import type { ExampleServer } from '@picket/checks/check-example';

export interface TrapServer {
  readonly title: string;
  readonly server: ExampleServer;
  /** It answers as the service would that the check is for: the check may pass. Elsewhere it must say that it cannot tell. */
  readonly answers: boolean;
}

const page = '<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works</h1><p>OK</p></body></html>';

/** Answers everything with the same page and good manners. */
const hardened = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000',
};

const catchAll: ExampleServer = { protocol: 'http', routes: [{ status: 200, headers: hardened, body: page }] };
const busy: ExampleServer = { protocol: 'http', routes: [{ status: 503, headers: hardened, body: page }] };
/** Says in words of mail and file transfer that the client is locked out. */
const lockedOut: ExampleServer = {
  protocol: 'tcp',
  greeting: '421 4.7.0 Too many connections from your address, try again later\r\n',
  answers: [{ 'when-regex': '(?s).', close: true }],
};
const closing: ExampleServer = { protocol: 'tcp', answers: [{ close: true }] };
const silent: ExampleServer = { protocol: 'tcp' };

/** An echo for anything is a script with one answer per byte class: the server repeats what it got. */
const echo: ExampleServer = { protocol: 'tcp', answers: [{ 'when-regex': '(?s).', send: '{{echo}}' }] };

/** The traps that a check must stay silent on, by what it speaks. */
export function trapServers(check: CompiledCheck): readonly TrapServer[] {
  const trap = (title: string, server: ExampleServer): TrapServer => ({ title, server, answers: false });
  switch (check.protocols[0]) {
    case 'http':
      return [
        { title: 'a site that answers 200 to everything', server: catchAll, answers: true },
        trap('a site that has no time', busy),
        trap('a port that echoes', echo),
        trap('a port that hangs up', closing),
      ];
    case 'udp':
      return [
        trap('a datagram port that echoes', { ...echo, protocol: 'udp' }),
        trap('a silent datagram port', { protocol: 'udp' }),
      ];
    default:
      return [
        trap('a port that echoes', echo),
        trap('a silent port', silent),
        trap('a port that hangs up', closing),
        trap('a port that locks clients out', lockedOut),
        trap('a web server', catchAll),
      ];
  }
}
