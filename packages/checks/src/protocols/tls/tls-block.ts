import type { Operators } from '../../template/operators.ts';
import type { TemplateText } from '../../template/text.ts';

export const tlsVersions = ['ssl30', 'tls10', 'tls11', 'tls12', 'tls13'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** Levels of suites that a template may ask for. */
export const cipherLevels = ['insecure', 'weak', 'secure', 'all'] as const;
export type CipherLevel = (typeof cipherLevels)[number];

export interface TlsBlock {
  readonly protocol: 'tls';
  /** Name under which later blocks find its answers (`ID_body`); null: it has none. */
  readonly id: string | null;
  /** Null: whatever the platform's own library negotiates. */
  readonly minVersion: TlsVersion | null;
  readonly maxVersion: TlsVersion | null;
  /** IANA names to offer, and only these; empty: the usual ones. */
  readonly ciphers: readonly string[];
  /** Also find out every version that the server speaks (`version_enum`). */
  readonly allVersions: boolean;
  /** Also find out its suites of these levels (`cipher_enum`); empty: none. */
  readonly cipherLevels: readonly CipherLevel[];
  /** The server that a self-contained template names, asked if it is the scanned host; empty: the scanned service. */
  readonly places: readonly TemplateText[];
  readonly operators: Operators;
}
