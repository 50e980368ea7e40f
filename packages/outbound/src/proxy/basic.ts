import type { ProxyLogin } from './proxy-settings.ts';

/** Basic can't carry a user with a colon (RFC 7617 section 2). */
export function fitsBasic({ user }: ProxyLogin): boolean {
  return !user.includes(':');
}

/** The value of `Proxy-Authorization` (RFC 7617): user as typed, domain and all, and password in UTF-8. */
export function basicCredentials({ user, password }: ProxyLogin): string {
  return `Basic ${Buffer.from(`${user}:${password.reveal()}`, 'utf8').toString('base64')}`;
}
