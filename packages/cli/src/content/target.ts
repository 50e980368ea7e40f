import { err, ok, type Result } from '@picket/base/result';

/** What a template is run against, as typed. */
export interface RunTarget {
  /** A name or an address. */
  readonly host: string;
  readonly port: number | null;
  /** TLS from the first byte; null: not said. */
  readonly tls: boolean | null;
}

const form =
  /^(?:(https?|tcp|udp|tls):\/\/)?(\[[0-9A-Fa-f:.]+\]|[^\s:/[\]]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+)(?::([0-9]{1,5}))?\/?$/;

/** Reads `host`, `host:port`, `https://host:port` or an address. The error says what can be written. */
export function parseTarget(text: string): Result<RunTarget, string> {
  const match = form.exec(text.trim());
  const port = match?.[3] === undefined ? null : Number(match[3]);
  if (!match || (port !== null && (port < 1 || port > 65_535)))
    return err(`"${text}" is no target. Write a host name or an address, HOST:PORT, or http(s)://HOST:PORT.`);
  const scheme = match[1];
  const usual = scheme === 'https' ? 443 : scheme === 'http' ? 80 : null;
  const host = (match[2] ?? '').replace(/^\[|\]$/g, '');
  return ok({ host, port: port ?? usual, tls: scheme === undefined ? null : scheme === 'https' || scheme === 'tls' });
}
