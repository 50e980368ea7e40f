import { readFile } from 'node:fs/promises';
import type { Server } from 'node:https';
import { join } from 'node:path';
import type { Clock } from '@picket/base/clock';
import { describeError, PicketError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { type CertificateAuthority, loadCertificateAuthority } from './certificate-authority.ts';
import type { PlatformConfig } from './config.ts';

/** Where the server's certificate comes from. */
export interface ServerTls {
  /** Null with an operator's certificate. */
  readonly authority: CertificateAuthority | null;
  current(): Promise<{ readonly cert: string; readonly key: string }>;
}

const renewEveryMs = 12 * 3_600_000;

/** The operator's files when both are named, else the platform's own authority in `<data>/tls`. */
export async function loadServerTls(config: PlatformConfig, clock: Clock): Promise<ServerTls> {
  if (config.tlsCertFile !== null && config.tlsKeyFile !== null)
    return operatorTls(config.tlsCertFile, config.tlsKeyFile);
  if (config.tlsCertFile !== null || config.tlsKeyFile !== null) {
    throw new PicketError({
      code: 'config.tls-incomplete',
      kind: 'user',
      message: 'Only one of tlsCertFile and tlsKeyFile is set.',
      hint: 'Set both, or none to use the certificate of the platform’s own authority.',
    });
  }
  const authority = await loadCertificateAuthority(join(config.dataDirectory, 'tls'), clock);
  const names = certificateNames(config);
  return {
    authority,
    current: async () => {
      const { chain, key } = await authority.serverCertificate(names);
      return { cert: chain, key };
    },
  };
}

/** Names and addresses that the certificate is for. */
export function certificateNames(config: PlatformConfig): readonly string[] {
  const names = ['localhost', '127.0.0.1', '::1', ...config.tlsNames];
  if (config.publicUrl !== null) names.push(new URL(config.publicUrl).hostname.replace(/^\[|\]$/g, ''));
  if (!['0.0.0.0', '::'].includes(config.listen)) names.push(config.listen);
  return [...new Set(names)];
}

function operatorTls(certFile: string, keyFile: string): ServerTls {
  const read = async (path: string) => {
    try {
      return await readFile(path, 'utf8');
    } catch (cause) {
      throw new PicketError({
        code: 'config.tls-unreadable',
        kind: 'user',
        message: `The file ${path} can't be read: ${describeError(cause)}`,
        hint: 'Check its name and that the platform may read it.',
        cause,
      });
    }
  };
  return { authority: null, current: async () => ({ cert: await read(certFile), key: await read(keyFile) }) };
}

/** Looks twice a day whether there is a newer certificate (renewed by us, or replaced by the operator) and takes it. */
export async function keepCertificateFresh(
  server: Pick<Server, 'setSecureContext'>,
  tls: ServerTls,
  deps: { readonly clock: Clock; readonly log: Log; readonly closing: AbortSignal },
): Promise<void> {
  let presented = (await tls.current()).cert;
  while (!deps.closing.aborted) {
    await deps.clock.sleep(renewEveryMs, deps.closing).catch(() => {});
    if (deps.closing.aborted) return;
    try {
      const next = await tls.current();
      if (next.cert === presented) continue;
      server.setSecureContext(next);
      presented = next.cert;
      deps.log.write('info', 'tls.certificate-renewed');
    } catch (error) {
      deps.log.write('error', 'tls.renewal-failed', { message: describeError(error) });
    }
  }
}
