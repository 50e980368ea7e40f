import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@picket/testkit/fake-clock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCertificateAuthority } from './certificate-authority.ts';
import { platformConfigSchema } from './config.ts';
import { keepCertificateFresh, loadServerTls } from './server-tls.ts';
import { silentLog } from '@picket/base/log';

const day = 86_400_000;

describe('the own certificate authority', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picket-ca-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('lives ten years, signs only certificates of servers, and stays the same', async () => {
    const clock = new FakeClock();
    const authority = await loadCertificateAuthority(folder, clock);
    const ca = new X509Certificate(authority.pem);
    expect(ca.ca).toBe(true);
    expect(Math.round((new Date(ca.validTo).getTime() - clock.now()) / day)).toBe(3650);
    const { chain } = await authority.serverCertificate(['localhost', '::1']);
    const server = new X509Certificate(chain);
    expect(server.verify(ca.publicKey)).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(server.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    const again = await loadCertificateAuthority(folder, clock);
    expect(again.sha256).toBe(authority.sha256);
    expect((await again.serverCertificate(['localhost'])).chain).toBe(chain);
  });

  it('renews a certificate a month before its end, and at once for another name', async () => {
    const clock = new FakeClock();
    const authority = await loadCertificateAuthority(folder, clock);
    const first = await authority.serverCertificate(['localhost']);
    await clock.advance(366 * day);
    expect((await authority.serverCertificate(['localhost'])).chain).toBe(first.chain);
    await clock.advance(2 * day);
    const second = await authority.serverCertificate(['localhost']);
    expect(second.chain).not.toBe(first.chain);
    expect(second.notAfter - clock.now()).toBeGreaterThan(390 * day);
    const third = await authority.serverCertificate(['localhost', 'picket.example']);
    expect(new X509Certificate(third.chain).checkHost('picket.example')).toBe('picket.example');
  });

  it('lets a running server take the new certificate', async () => {
    const clock = new FakeClock();
    const closing = new AbortController();
    const tls = await loadServerTls(platformConfigSchema.parse({ dataDirectory: folder }), clock);
    const taken = Promise.withResolvers<string>();
    const server = { setSecureContext: (options: { cert?: unknown }) => taken.resolve(String(options.cert)) };
    const first = (await tls.current()).cert;
    const loop = keepCertificateFresh(server, tls, { clock, log: silentLog, closing: closing.signal });
    let next: string | null = null;
    void taken.promise.then((cert) => {
      next = cert;
    });
    for (let halfDays = 0; next === null && halfDays < 800; halfDays++) {
      await clock.advance(day / 2);
      await tls.current();
    }
    expect(next).toMatch(/BEGIN CERTIFICATE/);
    expect(next).not.toBe(first);
    closing.abort(new Error('done'));
    await loop;
  });

  it('stands back for the operator’s files, and names the one that is missing', async () => {
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(cert, 'CERT');
    const config = platformConfigSchema.parse({ dataDirectory: folder, tlsCertFile: cert, tlsKeyFile: key });
    const tls = await loadServerTls(config, new FakeClock());
    expect(tls.authority).toBeNull();
    await expect(tls.current()).rejects.toMatchObject({
      code: 'config.tls-unreadable',
      message: expect.stringContaining(key),
    });
    await writeFile(key, 'KEY');
    expect(await tls.current()).toEqual({ cert: 'CERT', key: 'KEY' });
    await expect(loadServerTls({ ...config, tlsKeyFile: null }, new FakeClock())).rejects.toMatchObject({
      code: 'config.tls-incomplete',
    });
  });
});
