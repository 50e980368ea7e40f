import type { AuthChallenge } from './auth-challenge.ts';
import { fitsBasic } from './basic.ts';
import { bestDigest } from './digest.ts';
import type { ProxySettings } from './proxy-settings.ts';

/**
 * The strongest first. NTLM (version 2 with a MIC) needs nothing at the proxy that is as good as the password; Digest does; Basic
 * tells the password itself.
 */
export const authMethods = ['ntlm', 'digest', 'basic'] as const;
export type AuthMethod = (typeof authMethods)[number];

/** The method to log in with; null when none that is offered may be used. */
export function chooseMethod(proxy: ProxySettings, offered: readonly AuthChallenge[]): AuthMethod | null {
  const { login, auth } = proxy;
  if (login === null || auth === 'none') return null;
  const usable: Readonly<Record<AuthMethod, boolean>> = {
    ntlm: offered.some(({ scheme }) => scheme === 'ntlm'),
    digest: bestDigest(offered) !== null,
    basic: offered.some(({ scheme }) => scheme === 'basic') && fitsBasic(login),
  };
  return authMethods.find((method) => (auth === 'any' || auth === method) && usable[method]) ?? null;
}

/** The offered methods for a message: their names as far as they are harmless, each once. */
export function offeredNames(offered: readonly AuthChallenge[]): string {
  const names = new Set(offered.map(({ scheme, params }) => named(scheme, params.get('algorithm'))));
  return [...names].slice(0, 6).join(', ') || 'nothing';
}

function named(scheme: string, algorithm: string | undefined): string {
  const name = scheme.slice(0, 20).replaceAll(/[^a-z0-9-]/g, '?');
  const known: Readonly<Record<string, string>> = {
    basic: 'Basic',
    digest: 'Digest',
    ntlm: 'NTLM',
    negotiate: 'Negotiate',
  };
  const shown = Object.hasOwn(known, name) ? known[name] : name;
  return algorithm !== undefined && /^[A-Za-z0-9-]{1,20}$/.test(algorithm) ? `${shown} ${algorithm}` : `${shown}`;
}
