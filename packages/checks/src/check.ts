import type { Severity } from '@picket/contracts/primitive';
import type { DslNode } from './dsl/parser.ts';
import type { Operators } from './template/operators.ts';
import type { TemplateText } from './template/text.ts';

/** What a finding is based on: the service did it, or it only said a version. */
export type Proof = 'behaviour' | 'version-banner';

/** What is known of a check without its requests: small, and kept for every check that is loaded. */
export interface CheckHeader {
  /** Stable word, equal to the file's name. */
  readonly id: string;
  /** Stable positive number for the API; null for templates of other publishers. */
  readonly number: number | null;
  readonly name: string;
  readonly severity: Severity;
  readonly description: string;
  readonly impact: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly cve: readonly string[];
  readonly cwe: readonly string[];
  readonly cvssMetrics: string | null;
  readonly cvssScore: number | null;
  readonly proof: Proof;
  /** `examples`: never run against a real product, only against its examples. Else the product it was seen on. */
  readonly verified: string;
  /** Why this check may disturb its target or change it. Empty: it is safe. */
  readonly intrusive: readonly string[];
  /** IANA names of the services it is for (`metadata.picket-service`); empty when the template does not say. */
  readonly services: readonly string[];
  /** Which kinds of request it makes. */
  readonly protocols: readonly RequestBlock['protocol'][];
  /** TCP or UDP ports that the requests name; empty when they take the port of the service. */
  readonly ports: readonly number[];
}

/** A check that compiled without a problem. */
export interface CompiledCheck extends CheckHeader {
  /** Its requests, compiled when asked for and kept only as long as somebody holds them: idle memory matters. */
  program(): CheckProgram;
}

export interface CheckProgram {
  /** In the order they are written; a later one may use an earlier one. */
  readonly variables: readonly (readonly [name: string, value: TemplateText])[];
  readonly blocks: readonly RequestBlock[];
  /** A boolean expression of blocks, such as `http(1) && http(2)`; null: all blocks in order. */
  readonly flow: DslNode | null;
  readonly stopAtFirstMatch: boolean;
}

export type RequestBlock = HttpBlock | SocketBlock | TlsBlock;

/** Values that a block's requests run through. */
export interface Payloads {
  readonly attack: 'batteringram' | 'pitchfork' | 'clusterbomb';
  readonly lists: readonly (readonly [name: string, values: readonly TemplateText[]])[];
}

export interface HttpBlock {
  readonly protocol: 'http';
  readonly requests: readonly HttpRequestText[];
  readonly payloads: Payloads | null;
  readonly operators: Operators;
  /** `none`, `same-host`: redirects never leave the host that is scanned. */
  readonly redirects: 'none' | 'same-host';
  readonly maxRedirects: number;
  readonly cookies: boolean;
  readonly stopAtFirstMatch: boolean;
  /** The operators look at several answers at once (`body_2`). */
  readonly indexed: boolean;
  /** Requests after an extraction are sent once for each value that it found. */
  readonly iterateAll: boolean;
  /** Answers a challenge for Digest authentication (RFC 7616). */
  readonly digest: { readonly username: TemplateText; readonly password: TemplateText } | null;
  /** Send a request although a variable in it has no value. */
  readonly keepUnresolved: boolean;
  /** Bytes of a body that are looked at. */
  readonly maxSize: number;
}

/** One request with its markers. `target` is a path, or starts with `{{BaseURL}}` or `{{RootURL}}`. */
export interface HttpRequestText {
  readonly method: string;
  readonly target: TemplateText;
  readonly headers: readonly (readonly [name: string, value: TemplateText])[];
  readonly body: TemplateText | null;
  /** Milliseconds that this request may take, from `@timeout`; null for the runtime's own limit. */
  readonly timeoutMs: number | null;
  /** Another place that the request goes to (`@Host`), `http://host:port` or `host:port`; it must be the scanned host. */
  readonly host: TemplateText | null;
  /** Server name of the TLS handshake (`@tls-sni`); null: that of the host. */
  readonly serverName: TemplateText | null;
  /** The whole request as it goes out once its markers are filled in (`unsafe`): nothing is put right. */
  readonly verbatim: TemplateText | null;
}

export interface SocketBlock {
  readonly protocol: 'tcp' | 'udp';
  /** `tls://` hosts. */
  readonly tls: boolean;
  /** Ports that the template names; empty: the service's own. */
  readonly ports: readonly number[];
  readonly inputs: readonly SocketInput[];
  readonly payloads: Payloads | null;
  /** Bytes of the last read. */
  readonly readSize: number;
  /** Expressions that all hold when the service really answered the question; empty: any answer counts as one. */
  readonly answered: readonly DslNode[];
  readonly operators: Operators;
  readonly stopAtFirstMatch: boolean;
}

export interface SocketInput {
  readonly data: TemplateText | null;
  /** `data` is hexadecimal once its markers are filled in. */
  readonly hex: boolean;
  /** Read so many bytes after sending; 0: do not read. */
  readonly read: number;
  readonly name: string | null;
}

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
