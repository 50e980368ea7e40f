import { createServer as createTcpServer } from 'node:net';
import { createSecureContext, createServer, type TlsOptions } from 'node:tls';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { tlsSurvey, type TlsSurvey } from '@picket/contracts/tls-facts';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { exampleCertificate } from '../content-testing/example-certificate.ts';
import { hex } from '../services/bytes.ts';
import { listen } from '../testing/loopback.ts';
import { type OldTls, oldTlsServer } from '../testing/old-tls-server.ts';
import { defaultSurveyLimits, type SurveyLimits, surveyTls, withBudget } from './survey.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function survey(
  port: number,
  name: string | null = null,
  limits: Partial<SurveyLimits> = {},
): Promise<TlsSurvey | null> {
  const sockets = nodeSockets();
  const signal = new AbortController().signal;
  const open = () => sockets.connectTcp({ address: '127.0.0.1', port, timeoutMs: 2000, signal });
  const reach = withBudget(
    { open, clock: systemClock, random: systemRandom, signal },
    { ...defaultSurveyLimits, ...limits },
  );
  const found = await surveyTls(reach, name);
  if (found !== null) tlsSurvey.parse(found);
  return found;
}

async function modern(options: TlsOptions): Promise<number> {
  const { key, cert } = exampleCertificate({ name: 'www.example.test', issuer: 'self' });
  const server = createServer({ key, cert, ...options }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function old(behaviour: OldTls): Promise<number> {
  const server = await oldTlsServer(behaviour);
  ends.push(server.close);
  return server.port;
}

const suitesOf = (found: TlsSurvey | null, version: string) =>
  found?.versions.find((each) => each.version === version)?.ciphers;

describe('a survey of a server of this machine’s library', () => {
  it('finds versions, suites in the order of the server, and ALPN', async () => {
    const ciphers = 'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA';
    const port = await modern({
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.2',
      ciphers,
      honorCipherOrder: true,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const found = await survey(port);
    expect(found?.complete).toBe(true);
    expect(found?.versions).toEqual([
      {
        version: 'tls12',
        ciphers: [
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
          'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_RSA_WITH_AES_128_CBC_SHA',
        ],
        preference: 'server',
      },
    ]);
    expect(found?.alpn).toEqual(['h2', 'http/1.1']);
    expect(found?.chain[0]).toMatchObject({ subject: 'CN=www.example.test', selfSigned: true, keyBits: 2048 });
    expect(found?.resumption).toBe(true);
  });

  it('says when the order of the client decides', async () => {
    const ciphers = 'AES256-SHA:AES128-SHA:AES128-GCM-SHA256';
    const found = await survey(await modern({ maxVersion: 'TLSv1.2', ciphers, honorCipherOrder: false }));
    expect(found?.versions[0]?.preference).toBe('client');
    expect(suitesOf(found, 'tls12')).toHaveLength(3);
    expect(found?.weaknesses).toContain('no-forward-secrecy');
  });

  it('reads the encrypted certificate, ALPN and groups of a server with TLS 1.3 alone', async () => {
    const port = await modern({ minVersion: 'TLSv1.3', ALPNProtocols: ['h2'], ecdhCurve: 'P-256:X25519' });
    const found = await survey(port);
    expect(found?.versions.map(({ version }) => version)).toEqual(['tls13']);
    expect(found?.chain[0]?.subject).toBe('CN=www.example.test');
    expect(found?.alpn).toEqual(['h2']);
    expect([...(found?.groups.tls13 ?? [])].sort()).toEqual(['secp256r1', 'x25519']);
    expect(found?.signatures.tls13).toContain('rsa_pss_rsae_sha256');
    expect(found?.features).toBeNull();
  });

  it('finds post-quantum hybrids, for which it needs no key of its own', async () => {
    const found = await survey(
      await modern({ minVersion: 'TLSv1.3', ecdhCurve: 'X25519MLKEM768:SecP256r1MLKEM768:X25519' }),
    );
    expect([...(found?.groups.tls13 ?? [])].sort()).toEqual(['SecP256r1MLKEM768', 'X25519MLKEM768', 'x25519']);
    expect(found?.chain[0]?.subject).toBe('CN=www.example.test');
  });

  it('tells the certificate of a name from the default one', async () => {
    const named = exampleCertificate({ name: 'other.example.test', issuer: 'self' });
    const port = await modern({
      SNICallback: (name, done) => {
        const own = name === 'other.example.test';
        // The default context of a server is used when none is given.
        done(null, own ? createSecureContext(named) : undefined);
      },
    });
    const found = await survey(port, 'other.example.test');
    expect(found?.chain[0]?.subject).toBe('CN=other.example.test');
    expect(found?.sni.default).not.toBe(found?.sni.named);
    expect(found?.sni.unknownName).toBe('default');
  });
});

describe('a survey of a server as the old specifications write it', () => {
  it('finds SSL 2.0, SSL 3.0, export, RC4, NULL, anonymous and single DES suites', async () => {
    const port = await old({
      ssl2: true,
      suites: { 0x0300: [0x0004, 0x0003], 0x0301: [0x000a, 0x0009, 0x0002], 0x0303: [0x0018] },
    });
    const found = await survey(port);
    expect(found?.versions.map(({ version }) => version)).toEqual(['tls12', 'tls10', 'ssl30', 'ssl20']);
    expect(suitesOf(found, 'ssl30')).toEqual(['TLS_RSA_WITH_RC4_128_MD5', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5']);
    expect(suitesOf(found, 'tls10')).toEqual([
      'TLS_RSA_WITH_3DES_EDE_CBC_SHA',
      'TLS_RSA_WITH_DES_CBC_SHA',
      'TLS_RSA_WITH_NULL_SHA',
    ]);
    expect(found?.versions[1]?.preference).toBe('server');
    expect(suitesOf(found, 'ssl20')).toContain('SSL_CK_RC4_128_WITH_MD5');
    for (const weakness of ['ssl20', 'ssl30', 'export', 'rc4', 'null-encryption', 'anonymous', 'des', 'triple-des'])
      expect(found?.weaknesses).toContain(weakness);
    expect(found?.chain[0]).toMatchObject({ keyBits: 1024, signatureAlgorithm: 'sha1WithRSAEncryption' });
    expect(found?.weaknesses).toContain('weak-key');
  });

  it('finds compression, heartbeat, missing secure renegotiation and a small prime', async () => {
    const port = await old({
      suites: { 0x0302: [0x0033, 0x0014] },
      compression: true,
      insecureRenegotiation: true,
      extensions: { 15: hex('01'), 35: hex(''), 23: hex('') },
      primeBytes: 64,
    });
    const found = await survey(port);
    expect(found?.features).toMatchObject({
      secureRenegotiation: false,
      compression: true,
      heartbeat: true,
      sessionTicket: true,
      extendedMasterSecret: true,
    });
    expect(found).toMatchObject({ dhBits: 512, exportDhBits: 512 });
    for (const weakness of ['compression', 'heartbeat-offered', 'insecure-renegotiation', 'weak-dh'])
      expect(found?.weaknesses).toContain(weakness);
  });
});

describe('a survey of what is no TLS server', () => {
  it.each([
    ['stays silent', () => {}],
    ['hangs up', (socket: { end: () => unknown }) => socket.end()],
    ['talks of something else', (socket: { end: (text: string) => unknown }) => socket.end('220 hello\r\n')],
  ])('ends soon and finds nothing when it %s', async (_title, behave: (socket: never) => unknown) => {
    const server = await listen((socket) => void behave(socket as never));
    ends.push(server.close);
    const startedAt = performance.now();
    expect(await survey(server.port, null, { answerMs: 200 })).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('ends soon when nobody listens', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    expect(await survey(typeof address === 'object' && address ? address.port : 0)).toBeNull();
  });
});

it('a spent budget leaves what was found, and says that there may be more', async () => {
  const port = await modern({ maxVersion: 'TLSv1.2', ciphers: 'ALL:@SECLEVEL=0' });
  const found = await survey(port, null, { handshakes: 14 });
  expect(found?.complete).toBe(false);
  expect(found?.handshakes).toBe(14);
  expect(found?.versions[0]?.ciphers.length).toBeGreaterThan(2);
});
