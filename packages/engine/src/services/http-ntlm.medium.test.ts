import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { loadFingerprintFile } from '@picket/checks/fingerprints/load-fingerprint-file';
import { expect, test } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { ServiceFacts } from '../run/stages.ts';
import { ascii, concat, hex } from './bytes.ts';
import { createIdentifyService } from './identify.ts';

/** Version 10.0, build 20348; computer "PC" (MS-NLMP section 2.2.1.2). */
const challenge = Buffer.from(
  concat(
    ascii('NTLMSSP\0'),
    hex('02 00 00 00', '00 00 00 00 38 00 00 00', '05 82 89 a2', '01 02 03 04 05 06 07 08', '00 00 00 00 00 00 00 00'),
    hex('0c 00 0c 00 38 00 00 00', '0a 00 7c 4f 00 00 00 0f', '01 00 04 00 50 00 43 00', '00 00 00 00'),
  ),
).toString('base64');

/** Asks for a login by `scheme`, and answers the first message of one with the challenge, as http.sys does. */
function windowsLogin(scheme: string, asked: string[]) {
  return (request: IncomingMessage, response: ServerResponse) => {
    const given = request.headers.authorization ?? '';
    asked.push(given.split(' ')[0] ?? '');
    const value = given.startsWith(`${scheme} `) ? `${scheme} ${challenge}` : scheme;
    response.writeHead(401, { 'WWW-Authenticate': value, Server: 'Microsoft-IIS/10.0', 'Content-Length': 0 }).end();
  };
}

/** IIS by its header names Windows and no build; what the login tells is more. */
const header = loadFingerprintFile(
  `<fingerprints matches="http_header.server" protocol="http"><fingerprint pattern="^Microsoft-IIS/([0-9.]+)$"><description>IIS</description>
  <param pos="0" name="service.product" value="IIS"/><param pos="1" name="service.version"/><param pos="0" name="os.product" value="Windows"/>
  </fingerprint></fingerprints>`,
  'http-server.xml',
);
const fingerprints = new FingerprintDb(header.ok ? [header.value] : []);

async function look(scheme: string): Promise<{ facts: ServiceFacts; asked: readonly string[] }> {
  const asked: string[] = [];
  const server = createServer(windowsLogin(scheme, asked));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const identify = createIdentifyService({ fingerprints });
    const tools = {
      dialer: nodeSockets(),
      clock: systemClock,
      random: systemRandom,
      signal: new AbortController().signal,
    };
    return { facts: await identify({ address: '127.0.0.1', port, protocol: 'tcp', names: [] }, tools), asked };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each(['NTLM', 'Negotiate'])(
  'a web server that asks for a Windows login by %s tells its name and build',
  async (scheme) => {
    const { facts, asked } = await look(scheme);
    expect(facts).toMatchObject({
      service: 'http',
      product: 'IIS',
      hostname: 'PC',
      os: { vendor: 'Microsoft', product: 'Windows', version: '10.0.20348' },
    });
    expect(facts.info).toMatch(/^status 401, Windows login, name PC/);
    expect(asked.filter((each) => each === '').length).toBeGreaterThan(0);
  },
);

test('a web server whose login is another is what it was, and is asked no third time', async () => {
  const { facts, asked } = await look('Basic');
  expect(facts).toMatchObject({ service: 'http', info: 'status 401', os: { product: 'Windows' } });
  expect(facts.os?.version).toBeUndefined();
  expect(asked.filter((each) => each === 'NTLM')).toEqual([]);
});
