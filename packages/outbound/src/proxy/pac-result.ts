import { ownValue } from '@picket/base/own-value';
import { parsePlace } from './proxy-url.ts';

/** One way that a PAC file names. */
export type PacWay =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly host: string; readonly port: number; readonly tls: boolean }
  /** A way that is not supported, by its name, or an entry that can't be read. */
  | { readonly kind: 'skipped'; readonly name: string };

const mostWays = 16;
/** Default ports as browsers have them. */
const ports: Readonly<Record<string, number>> = { PROXY: 80, HTTP: 80, HTTPS: 443 };

/** The string that `FindProxyForURL` gives: ways parted by semicolons. Empty is direct. Total. */
export function pacWays(result: string): PacWay[] {
  const entries = result
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return entries.length === 0 ? [{ kind: 'direct' }] : entries.slice(0, mostWays).map(wayOf);
}

function wayOf(entry: string): PacWay {
  const [word = '', place = '', ...more] = entry.split(/[ \t]+/);
  const name = word.toUpperCase();
  if (name === 'DIRECT' && place === '') return { kind: 'direct' };
  const port = ownValue(ports, name);
  const parsed = port === undefined || more.length > 0 ? null : parsePlace(place, port);
  if (parsed === null || !parsed.ok) return { kind: 'skipped', name: name.replaceAll(/[^A-Z0-9]/g, '?').slice(0, 20) };
  return { kind: 'proxy', ...parsed.value, tls: name === 'HTTPS' };
}

/**
 * The ways that are tried, in their order. What stands behind a DIRECT is never reached, and a DIRECT behind a proxy is left out: a
 * proxy that is set and fails is not bypassed.
 */
export function usableWays(ways: readonly PacWay[]): PacWay[] {
  const usable = ways.filter(({ kind }) => kind !== 'skipped');
  if (usable[0]?.kind === 'direct') return [{ kind: 'direct' }];
  return usable.filter(({ kind }) => kind === 'proxy');
}
