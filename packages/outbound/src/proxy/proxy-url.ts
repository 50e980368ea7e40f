import { ownValue } from '@picket/base/own-value';
import { canonicalIp } from '@picket/base/ip';
import { err, ok, type Result } from '@picket/base/result';
import { Secret } from '@picket/base/secret';
import type { ProxyLogin, ProxySettings } from './proxy-settings.ts';

const longestUrl = 2048;
/** As curl has them: 1080 where no port is named, 443 for `https://`. */
const defaultPorts: Readonly<Record<string, number>> = { http: 1080, https: 443 };

/**
 * `[http://|https://][user[:password]@]host[:port][/]`, user and password URL-encoded. No scheme is `http://`. Total; the error is a sentence
 * that holds neither user nor password.
 */
export function parseProxyUrl(text: string): Result<ProxySettings, string> {
  const url = text.trim();
  if (url.length > longestUrl) return err(`The proxy's URL is longer than ${longestUrl} characters.`);
  const scheme = (/^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1] ?? 'http').toLowerCase();
  if (scheme.startsWith('socks'))
    return err(`SOCKS is not supported (${scheme}://). Name an HTTP proxy that allows CONNECT: http://host:port.`);
  const defaultPort = ownValue(defaultPorts, scheme);
  if (defaultPort === undefined) return err(`A proxy begins with http:// or https://, not with ${scheme}://.`);
  const rest = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').replace(/[/?#][^@]*$/, '');
  const at = rest.lastIndexOf('@');
  const login = at < 0 ? ok(null) : parseLogin(rest.slice(0, at));
  if (!login.ok) return login;
  const place = parsePlace(rest.slice(at + 1), defaultPort);
  if (!place.ok) return place;
  return ok({ ...place.value, tls: scheme === 'https', auth: 'any', login: login.value });
}

/** `host[:port]`, IPv6 in brackets. */
export function parsePlace(text: string, defaultPort: number): Result<{ host: string; port: number }, string> {
  const match = /^(?:\[([0-9A-Fa-f:.]{2,45})\]|([^:[\]]{1,253}))(?::([0-9]{1,5}))?$/.exec(text);
  const [, bracketed, name, portText] = match ?? [];
  const host = bracketed === undefined ? hostOf(name ?? '') : bracketed.includes(':') ? canonicalIp(bracketed) : null;
  if (host === null)
    return err('The proxy has no valid host: a name, an IPv4 address, or an IPv6 address in brackets.');
  const port = portText === undefined ? defaultPort : Number(portText);
  return port >= 1 && port <= 65_535 ? ok({ host, port }) : err(`The proxy's port ${port} is none: 1 to 65535.`);
}

/** A name of letters, digits, dots, hyphens and underscores, or an IPv4 address. */
function hostOf(name: string): string | null {
  if (/^[0-9.]+$/.test(name)) return canonicalIp(name);
  return /^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?$/.test(name) ? name.toLowerCase() : null;
}

function parseLogin(text: string): Result<ProxyLogin | null, string> {
  const colon = text.indexOf(':');
  const user = decoded(colon < 0 ? text : text.slice(0, colon));
  const password = decoded(colon < 0 ? '' : text.slice(colon + 1));
  if (user === null || password === null)
    return err('User and password of the proxy must be URL-encoded: @ is %40, % is %25, and so on.');
  return ok(user === '' ? null : { user, password: new Secret(password) });
}

/** Null: no valid encoding, or control characters in it. */
function decoded(text: string): string | null {
  try {
    const plain = decodeURIComponent(text);
    return /[\u0000-\u001f\u007f]/.test(plain) ? null : plain;
  } catch {
    return null;
  }
}
