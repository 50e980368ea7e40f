import { createServer as createTcpServer, type Server } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { exampleCertificate } from '../../content-testing/example-certificate.ts';
import { runTemplate } from '../../testing/run-template.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ends.push(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

async function tlsServer(options: TlsOptions): Promise<number> {
  const certificate = exampleCertificate({ name: 'www.example.test', issuer: 'self' });
  const server = createServer({ ...certificate, ...options }, (socket) => socket.on('error', () => {}));
  server.on('tlsClientError', () => {});
  return listening(server);
}

const template = (fields: string, json: string) =>
  `id: enumerated\ninfo:\n  name: Enumerated\n  severity: info\nssl:\n  - address: "{{Host}}:{{Port}}"\n${fields}    extractors:\n      - type: json\n        json: ["${json}"]\n`;

const limits = { firstByteMs: 1000 };

it('finds every version, and says nothing of one that is not spoken', async () => {
  const port = await tlsServer({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' });
  const { matches, failure } = await runTemplate(template('    tls_version_enum: true\n', '.version_enum[]'), {
    port,
    tls: true,
    limits,
  });
  expect(failure).toBeNull();
  expect(matches[0]?.extracted).toEqual(['tls12', 'tls13']);
});

it('finds the suites of the levels that are asked for', async () => {
  const ciphers = 'ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA:ECDHE-RSA-AES256-SHA';
  const port = await tlsServer({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers });
  const fields = '    tls_cipher_enum: true\n    tls_cipher_types: [weak]\n    scan_mode: auto\n';
  const { matches } = await runTemplate(template(fields, '.cipher_enum[].ciphers.weak[]'), {
    port,
    tls: true,
    limits,
  });
  expect(matches[0]?.extracted.toSorted()).toEqual([
    'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
    'TLS_RSA_WITH_AES_128_CBC_SHA',
  ]);
});

it('gives no short list when the server falls silent', async () => {
  const silent = await listening(
    createTcpServer((socket) => {
      socket.on('error', () => {});
      ends.push(() => socket.destroy());
    }),
  );
  const at = { port: silent, tls: true, limits: { firstByteMs: 200, connectMs: 500 } };
  const { matches, failure } = await runTemplate(template('    tls_version_enum: true\n', '.version_enum[]'), at);
  expect(matches).toEqual([]);
  expect(failure).not.toBeNull();
});
