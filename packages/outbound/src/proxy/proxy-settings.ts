import type { Secret } from '@picket/base/secret';

/**
 * How to log in to a proxy. `any`: with the strongest method that it offers (`choose-method.ts`). One that is named is the only one that is
 * ever used, so that a password goes out as Basic only where that was wanted.
 */
export const proxyAuths = ['none', 'basic', 'digest', 'ntlm', 'any'] as const;
export type ProxyAuth = (typeof proxyAuths)[number];

export interface ProxyLogin {
  /** `user`, `DOMAIN\user` or `user@domain`. */
  readonly user: string;
  readonly password: Secret;
}

/** One HTTP proxy. */
export interface ProxySettings {
  /** DNS name, resolved at each connection, or IP literal without brackets. */
  readonly host: string;
  readonly port: number;
  /** TLS with the proxy itself, before the tunnel is asked for (`https://` of a proxy's URL). */
  readonly tls: boolean;
  readonly auth: ProxyAuth;
  readonly login: ProxyLogin | null;
}
