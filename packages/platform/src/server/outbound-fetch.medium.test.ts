import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directConnector } from '@picket/outbound/adapters/direct-connector';
import { afterEach, describe, expect, it } from 'vitest';
import { isLoopback, outboundFetch } from './outbound-fetch.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function ask(url: string, signal: AbortSignal = new AbortController().signal, body = '') {
  const request = { method: 'POST' as const, headers: {}, body: new TextEncoder().encode(body), signal };
  return outboundFetch(directConnector(2000), url, request, null);
}

describe('a request of the platform', () => {
  it('carries its body and brings the answer, a redirect like any other', async () => {
    const got: string[] = [];
    const origin = await serve((request, response) => {
      request.setEncoding('utf8');
      request.on('data', (part: string) =>
        got.push(`${request.method} ${request.url} ${request.headers.host} ${part}`),
      );
      request.on('end', () => response.writeHead(302, { location: '/elsewhere', 'x-word': 'yes' }).end('moved'));
    });
    const answer = await ask(`${origin}/token?x=1`, undefined, 'code=7');
    expect(got).toEqual([`POST /token?x=1 ${origin.slice('http://'.length)} code=7`]);
    expect(answer).toMatchObject({ ok: true, value: { status: 302 } });
    expect(answer.ok && answer.value.header('x-word')).toBe('yes');
    expect(answer.ok && new TextDecoder().decode(answer.value.body)).toBe('moved');
  });

  it('ends with an answer that is too large, that never ends, and that is cut', async () => {
    const large = await serve((_, response) => {
      response.on('error', () => {});
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    expect(await ask(large)).toMatchObject({ ok: false, error: { kind: 'answer' } });
    const endless = await serve((_, response) => response.write('a'));
    expect(await ask(endless, AbortSignal.timeout(300))).toMatchObject({ ok: false, error: { kind: 'deadline' } });
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('a');
      setTimeout(() => response.destroy(), 50);
    });
    expect(await ask(cut)).toMatchObject({ ok: false, error: { kind: 'closed' } });
  });

  it('goes in clear text nowhere but to this machine', async () => {
    for (const url of ['http://192.0.2.1/', 'http://example.org/', 'ftp://127.0.0.1/', 'http://127.0.0.1.example.org/'])
      expect([url, await ask(url)]).toMatchObject([
        url,
        { ok: false, error: { kind: 'answer', detail: 'no HTTPS address' } },
      ]);
    for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '::1'])
      expect([host, isLoopback(host)]).toEqual([host, true]);
    for (const host of ['localhost.example.org', '128.0.0.1', '127.1', '::', '0.0.0.0', ''])
      expect([host, isLoopback(host)]).toEqual([host, false]);
  });
});
