import type { Severity } from '@picket/contracts/primitive';
import type { DslNode } from './dsl/parser.ts';
import type { DnsBlock } from './protocols/dns/dns-block.ts';
import type { FileBlock } from './protocols/file/file-block.ts';
import type { HttpBlock } from './protocols/http/http-block.ts';
import type { JavascriptBlock } from './protocols/javascript/javascript-block.ts';
import type { SocketBlock } from './protocols/socket/socket-block.ts';
import type { TlsBlock } from './protocols/tls/tls-block.ts';
import type { TemplateText } from './template/text.ts';
import type { WorkflowStep } from './workflow/workflow-step.ts';

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
  /** IANA names of the services it is for (`metadata.picket-service`); empty when the template does not say. `tls`: whatever speaks TLS. */
  readonly services: readonly string[];
  /** Which kinds of request it makes. */
  readonly protocols: readonly RequestBlock['protocol'][];
  /** TCP or UDP ports that the requests name; empty when they take the port of the service. */
  readonly ports: readonly number[];
  /** The steps of a workflow, which has no requests of its own; null: it is none. */
  readonly workflow: readonly WorkflowStep[] | null;
  /**
   * Hosts that a self-contained check names, in lower case; `*` where only a run tells. Null: it aims at the services that are scanned.
   */
  readonly places: readonly string[] | null;
  /** It asks nothing, but looks at the answers that other checks got from a service. */
  readonly global: boolean;
}

/** A check that compiled without a problem. */
export interface CompiledCheck extends CheckHeader {
  /** Its requests, compiled when asked for and kept only as long as somebody holds them: idle memory matters. */
  program(): CheckProgram;
}

export interface CheckProgram {
  /** The check's id. */
  readonly id: string;
  /** In the order they are written; a later one may use an earlier one. */
  readonly variables: readonly (readonly [name: string, value: TemplateText])[];
  readonly blocks: readonly RequestBlock[];
  /** Null: all blocks in order. */
  readonly flow: CheckFlow | null;
  readonly stopAtFirstMatch: boolean;
  /** It needs a place that a target can call back to (`interactsh-url`). */
  readonly oast: boolean;
  /** Self-contained: its requests name their servers themselves. They go out only to the scanned host. */
  readonly ownPlace: boolean;
}

/** Which blocks run, in which order: a boolean expression of them, such as `http(1) && http(2)`, or a script that calls them. */
export type CheckFlow =
  | { readonly kind: 'expression'; readonly node: DslNode }
  | { readonly kind: 'javascript'; readonly source: string };

export type RequestBlock = FileBlock | HttpBlock | SocketBlock | TlsBlock | DnsBlock | JavascriptBlock;
