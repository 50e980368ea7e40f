import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import {
  type ConnectionOptions,
  connect,
  createSecureContext,
  type SecureContext,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import type { DialFailure, TlsOptions, TlsSession } from '@picket/base/dialer';
import { describeError } from '@picket/base/error';
import { err, ok, type Result } from '@picket/base/result';
import { onAbort } from '../gate/abort-hub.ts';
import { errnoOf } from './socket-error.ts';
import { inspectSession } from './node-tls-inspection.ts';

export interface TlsUpgrade {
  readonly socket: TLSSocket;
  readonly session: TlsSession;
}

/** Longest look at a session after its handshake, milliseconds. */
const inspectionMs = 1500;
/** Longest chain reported, certificates. */
const chainLimit = 10;

const contexts = new Map<SecureVersion, SecureContext>();

/** Everything this OpenSSL still speaks up to a version: a scanner has to reach the old servers that it reports. */
function permissiveContext(maxVersion: SecureVersion): SecureContext {
  const known = contexts.get(maxVersion);
  if (known) return known;
  const context = createSecureContext({
    minVersion: 'TLSv1',
    maxVersion,
    ciphers: 'ALL:!aNULL:!eNULL:@SECLEVEL=0',
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
  });
  contexts.set(maxVersion, context);
  return context;
}

/** Does the client side of a handshake on an open connection. Bytes that came before it are dropped. */
export function upgradeToTls(
  plain: Socket,
  options: TlsOptions,
  signal: AbortSignal | undefined,
): Promise<Result<TlsUpgrade, DialFailure>> {
  return new Promise((resolve) => {
    const socket = connect(tlsOptions(plain, options));
    const finish = (result: Result<TlsUpgrade, DialFailure>) => {
      clearTimeout(timer);
      stopWatching();
      socket.off('secureConnect', onSecure);
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.on('error', () => {});
      if (!result.ok) socket.destroy();
      resolve(result);
    };
    const onSecure = () => {
      const session = describeSession(socket);
      if (!options.inspect) return finish(ok({ socket, session }));
      // From here on a close is an answer to a question, no failure of the handshake.
      socket.off('error', onError);
      socket.off('close', onClose);
      socket.on('error', () => {});
      const longest = Math.min(options.timeoutMs, inspectionMs);
      return void inspectSession(socket, options.inspect, longest).then((inspection) =>
        finish(ok({ socket, session: { ...session, inspection } })),
      );
    };
    const onError = (error: Error) => finish(err(handshakeFailure(error)));
    const onClose = () => finish(err({ kind: 'reset', detail: 'closed during the TLS handshake' }));
    socket.once('secureConnect', onSecure);
    socket.once('error', onError);
    socket.once('close', onClose);
    const timer = setTimeout(
      () => finish(err({ kind: 'timeout', detail: 'TLS handshake' })),
      Math.max(1, options.timeoutMs),
    );
    const stopWatching = onAbort(signal, () => finish(err({ kind: 'cancelled', detail: 'TLS handshake' })));
  });
}

function tlsOptions(plain: Socket, options: TlsOptions): ConnectionOptions {
  return {
    socket: plain,
    secureContext: permissiveContext(options.inspect?.classic === true ? 'TLSv1.2' : 'TLSv1.3'),
    // The scan looks at certificates, it trusts none: the chain's fault is reported as a fact, and nothing secret is
    // ever sent over this connection.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
    ...(options.serverName === undefined ? {} : { servername: options.serverName }),
    ...(options.alpn === undefined ? {} : { ALPNProtocols: [...options.alpn] }),
    ...(options.inspect?.resume ? { session: Buffer.from(options.inspect.resume) } : {}),
  };
}

function handshakeFailure(error: Error): DialFailure {
  const errno = errnoOf(error);
  return { kind: 'reset', detail: `TLS handshake: ${errno ?? describeError(error)}` };
}

function describeSession(socket: TLSSocket): TlsSession {
  const fault: unknown = socket.authorizationError;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    certificates: certificateChain(socket),
    authorizationError: socket.authorized ? null : fault instanceof Error ? fault.message : String(fault ?? 'unknown'),
  };
}

function certificateChain(socket: TLSSocket): Uint8Array[] {
  const chain: Uint8Array[] = [];
  const seen = new Set<string>();
  let certificate = socket.getPeerCertificate(true);
  while (certificate?.raw && chain.length < chainLimit && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256);
    chain.push(new Uint8Array(certificate.raw));
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
