import type { Operators } from '../../template/operators.ts';

export const tlsVersions = ['ssl30', 'tls10', 'tls11', 'tls12', 'tls13'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

export interface TlsBlock {
  readonly protocol: 'tls';
  /** Null: whatever the platform's own library negotiates. */
  readonly minVersion: TlsVersion | null;
  readonly maxVersion: TlsVersion | null;
  /** IANA names to offer, and only these; empty: the usual ones. */
  readonly ciphers: readonly string[];
  readonly operators: Operators;
}
