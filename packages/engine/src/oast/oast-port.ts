import type { ByteString } from '@picket/checks/byte-string';

/** A call of a target to the place that a check gave it. */
export interface OastCall {
  /** What was spoken: `tcp` where it is none of the others. */
  readonly protocol: 'http' | 'dns' | 'ldap' | 'tcp';
  /** What came, as it came; for DNS the question as text. */
  readonly request: ByteString;
  /** Where it came from. */
  readonly address: string;
}

/** A place that one target may call for a while. */
export interface OastPlace {
  /** Stands behind `http://` in a URL: `192.0.2.1:8053/id`, or `id.domain` where a domain leads here. */
  readonly url: string;
  /** It is a name, so that looking it up is a call already. */
  readonly named: boolean;
  /** TCP and UDP port that is listened on. */
  readonly port: number;
  /** The next call; null after `timeoutMs` without one, or when the signal aborts. */
  next(timeoutMs: number, signal: AbortSignal): Promise<OastCall | null>;
  close(): void;
}

/** Where targets can call back to. Listens only while a place is open. */
export interface OastPort {
  /** A place for one target; null: there are too many, or nothing can listen. `target`: canonical IP literal. */
  open(target: string): Promise<OastPlace | null>;
}
