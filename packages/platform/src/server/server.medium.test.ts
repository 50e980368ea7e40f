import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { problem } from '@picket/contracts/problem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestPlatform, type TestPlatform } from './testing.ts';

describe('the server', () => {
  let running: TestPlatform;
  beforeAll(async () => {
    running = await startTestPlatform();
  });
  afterAll(() => running.close());

  it('is verified by its own CA, whose certificate it sends along, for localhost and both loopback addresses', async () => {
    const { port, caPem, caSha256 } = running.platform;
    for (const servername of ['localhost', '127.0.0.1', '::1']) {
      const socket = connect({
        host: '127.0.0.1',
        port,
        ca: caPem ?? '',
        ...(servername === 'localhost' ? { servername } : {}),
        checkServerIdentity: (_host, certificate) => {
          const names = certificate.subjectaltname ?? '';
          return names.includes(servername === '::1' ? '0:0:0:0:0:0:0:1' : servername) ? undefined : new Error(names);
        },
      });
      await new Promise((resolve, reject) => {
        socket.once('secureConnect', resolve);
        socket.once('error', reject);
      });
      const issuer = socket.getPeerCertificate(true).issuerCertificate;
      expect(issuer.fingerprint256.replaceAll(':', '').toLowerCase()).toBe(caSha256);
      expect(running.platform.enrolment).toBe(`https://localhost:${port}#ca=sha256:${caSha256}`);
      socket.destroy();
    }
  });

  it('keeps its keys for their owner alone', async () => {
    for (const file of ['tls/ca.pem', 'tls/server.pem', 'platform-key.pem']) {
      const { mode } = await stat(join(running.directory, file));
      expect([file, (mode & 0o777).toString(8)]).toEqual([file, '600']);
    }
  });

  it('says that it is healthy', async () => {
    expect(await running.client().send('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } });
  });

  it('shows metrics to this machine only, by route pattern', async () => {
    const client = running.client();
    await client.send('GET', '/api/v1/nothing/secret-name');
    const metrics = await client.send('GET', '/metrics');
    expect(metrics.status).toBe(200);
    expect(metrics.text).toContain('picket_http_requests_total');
    expect(metrics.text).not.toContain('secret-name');
    const proxied = await client.send('GET', '/metrics', undefined, { 'x-forwarded-for': '127.0.0.1' });
    expect(proxied).toMatchObject({ status: 403, json: { code: 'metrics.loopback-only' } });
  });

  it.each([
    ['an unknown path', 'GET', '/api/v1/nothing', undefined, {}, 404, 'request.not-found'],
    ['broken JSON', 'POST', '/api/v1/session', '{', {}, 400, 'request.malformed'],
    ['no JSON', 'POST', '/api/v1/session', 'a=b', { 'content-type': 'text/plain' }, 415, 'request.content-type'],
    ['a body over the limit', 'POST', '/api/v1/session', `"${'x'.repeat(2_600_000)}"`, {}, 413, 'request.too-large'],
    ['nobody signed in', 'GET', '/api/v1/assets', undefined, {}, 401, 'session.needed'],
    [
      'a request of another origin',
      'POST',
      '/api/v1/session',
      '{}',
      { origin: 'https://evil.example' },
      403,
      'session.foreign-origin',
    ],
    [
      'a request of another site',
      'POST',
      '/api/v1/session',
      '{}',
      { 'sec-fetch-site': 'cross-site' },
      403,
      'session.foreign-origin',
    ],
  ] as const)('answers %s with a problem', async (...row) => {
    const [, method, path, body, headers, status, code] = row;
    const answer = await running.client().send(method, path, body, headers);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problem.parse(answer.json)).toMatchObject({ status, code });
    expect(answer.json.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.json.hint).toBeTruthy();
    expect(answer.status).toBe(status);
  });

  it('names each field that is wrong', async () => {
    const answer = await running.client().send('POST', '/api/v1/session', { login: 5 });
    expect(answer.json.errors.map((fault: { field: string }) => fault.field).sort()).toEqual(['login', 'password']);
  });

  it('allows scripts from itself only, forbids frames, and does not bind localhost to HTTPS for other programs', async () => {
    const { headers } = await running.client().send('GET', '/api/docs');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers['strict-transport-security']).toBeUndefined();
    const elsewhere = await running.client().send('GET', '/healthz', undefined, { host: 'picket.example' });
    expect(elsewhere.headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('shows its API on a page of its own', async () => {
    const client = running.client();
    const page = await client.send('GET', '/api/docs');
    expect(page.text).not.toMatch(/(src|href)="(?!\/)/);
    expect((await client.send('GET', '/api/docs.js')).status).toBe(200);
    expect((await client.send('GET', '/api/openapi.json')).json.openapi).toBe('3.1.0');
  });
});

describe('the web interface', () => {
  it('is served with its start page for every route of its own, and never for the API', async () => {
    const web = await mkdtemp(join(tmpdir(), 'picket-web-'));
    await mkdir(join(web, 'assets'));
    await writeFile(join(web, 'index.html'), '<p>start</p>');
    await writeFile(join(web, 'assets/app-1.js'), 'x');
    const served = await startTestPlatform({ config: { webDirectory: web } });
    const client = served.client();
    const html = { accept: 'text/html' };
    expect((await client.send('GET', '/', undefined, html)).text).toBe('<p>start</p>');
    expect((await client.send('GET', '/scans/12', undefined, html)).text).toBe('<p>start</p>');
    expect((await client.send('GET', '/assets/app-1.js')).headers['cache-control']).toContain('immutable');
    expect((await client.send('GET', '/api/x', undefined, html)).status).toBe(404);
    expect((await client.send('GET', '/../../etc/passwd')).status).toBe(404);
    await served.close();
    await rm(web, { recursive: true });
  });
});
