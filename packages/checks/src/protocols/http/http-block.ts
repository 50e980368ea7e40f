import type { Operators } from '../../template/operators.ts';
import type { TemplateText } from '../../template/text.ts';
import type { Payloads } from '../payloads.ts';

export interface HttpBlock {
  readonly protocol: 'http';
  /** Name under which later blocks find its answers (`ID_body`); null: it has none. */
  readonly id: string | null;
  readonly requests: readonly HttpRequestText[];
  readonly payloads: Payloads | null;
  readonly operators: Operators;
  /** Must hold before anything of the block is sent; null: nothing must. */
  readonly preCondition: Operators | null;
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
  /** Its requests go out side by side, `together` at once; null: one after the other. */
  readonly race: { readonly together: number } | null;
  /** Its requests go out several at a time on each connection; null: each waits for the answer to the one before. */
  readonly pipeline: HttpPipeline | null;
  /** It has no requests: its operators look at the answers that other checks got. */
  readonly global: boolean;
  /** Bytes of a body that are looked at. */
  readonly maxSize: number;
}

/** Connections at once, and requests that each of them carries. */
export interface HttpPipeline {
  readonly connections: number;
  readonly perConnection: number;
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
