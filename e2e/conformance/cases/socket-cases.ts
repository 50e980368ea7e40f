import { type CasePlay, judgeCount } from '../conformance-case.ts';
import { startSocketServer, startTlsServer, steps } from '../socket-server.ts';

const pingPong: CasePlay = async (tools, expect) => {
  const server = tools.own(await startSocketServer(steps(['PING', 'PONG'])));
  return judgeCount(await tools.run({ port: server.port }), expect);
};

/** `network/*`. */
export const networkCases: Readonly<Record<string, CasePlay>> = {
  'protocols/network/basic.yaml': pingPong,
  'protocols/network/hex.yaml': pingPong,
  'protocols/network/multi-step.yaml': async (tools, expect) => {
    const server = tools.own(await startSocketServer(steps(['FIRST', 'PING'], ['SECOND', 'PONGNUCLEI'])));
    return judgeCount(await tools.run({ port: server.port }), expect);
  },
  'protocols/network/self-contained.yaml': async (tools, expect) => {
    const server = tools.own(await startSocketServer((socket) => void socket.end('Authentication successful')));
    const edit = (source: string) => source.replaceAll('127.0.0.1:5431', `127.0.0.1:${server.port}`);
    return judgeCount(await tools.run({ port: server.port, edit }), expect);
  },
};

function tls(options: Parameters<typeof startTlsServer>[0]): CasePlay {
  return async (tools, expect) => {
    const server = tools.own(await startTlsServer(options));
    return judgeCount(await tools.run({ port: server.port, tls: true }), expect);
  };
}

/** `ssl/*`. */
export const sslCases: Readonly<Record<string, CasePlay>> = {
  'protocols/ssl/basic.yaml': tls({}),
  'protocols/ssl/custom-cipher.yaml': tls({ ciphers: 'TLS_AES_128_GCM_SHA256', minVersion: 'TLSv1.3' }),
  'protocols/ssl/custom-version.yaml': tls({ minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }),
  // SSL 3.0 is not in any library of this age, so two of its three questions have an answer.
  'protocols/ssl/multi-req.yaml': tls({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' }),
};
