import type { CompiledCheck } from '@picket/checks/check';
import type { ExampleServer } from '@picket/checks/check-example';

export interface TrapServer {
  readonly title: string;
  readonly server: ExampleServer;
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
const closing: ExampleServer = { protocol: 'tcp', answers: [{ close: true }] };
const silent: ExampleServer = { protocol: 'tcp' };

/** An echo for anything is a script with one answer per byte class: the server repeats what it got. */
const echo: ExampleServer = { protocol: 'tcp', answers: [{ 'when-regex': '(?s).', send: '{{echo}}' }] };

/** The traps that a check must stay silent on, by what it speaks. */
export function trapServers(check: CompiledCheck): readonly TrapServer[] {
  const kind = check.protocols[0];
  if (kind === 'http') {
    return [
      { title: 'finds nothing on a site that answers 200 to everything', server: catchAll },
      { title: 'finds nothing on a port that echoes', server: echo },
      { title: 'finds nothing on a port that hangs up', server: closing },
    ];
  }
  if (kind === 'udp') {
    return [
      { title: 'finds nothing on a datagram port that echoes', server: { ...echo, protocol: 'udp' } },
      { title: 'finds nothing on a silent datagram port', server: { protocol: 'udp' } },
    ];
  }
  return [
    { title: 'finds nothing on a port that echoes', server: echo },
    { title: 'finds nothing on a silent port', server: silent },
    { title: 'finds nothing on a port that hangs up', server: closing },
    { title: 'finds nothing on a web server', server: catchAll },
  ];
}
