import type { Operators } from '../../template/operators.ts';
import type { TemplateText } from '../../template/text.ts';
import type { Payloads } from '../payloads.ts';

/** Codes of the record types that a template may ask for (IANA registry "Resource Record (RR) TYPEs"). */
export const dnsTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  TLSA: 52,
  /** A whole zone (RFC 5936): asked of the scanned host over TCP. */
  AXFR: 252,
  ANY: 255,
  CAA: 257,
} as const;
export type DnsType = keyof typeof dnsTypes;

/** Codes of the classes (RFC 1035 section 3.2.4, RFC 2136). */
export const dnsClasses = { inet: 1, csnet: 2, chaos: 3, hesiod: 4, none: 254, any: 255 } as const;

export interface DnsBlock {
  readonly protocol: 'dns';
  /** Name under which later blocks find its answers (`ID_body`); null: it has none. */
  readonly id: string | null;
  readonly name: TemplateText;
  readonly type: DnsType;
  readonly class: keyof typeof dnsClasses;
  readonly recursion: boolean;
  /** How often a question is sent in all, until there is an answer. */
  readonly tries: number;
  /** Name servers to ask; each must be the scanned host. Empty: the configured resolver. */
  readonly resolvers: readonly TemplateText[];
  readonly payloads: Payloads | null;
  readonly operators: Operators;
}
