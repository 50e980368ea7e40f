import type { TlsSession } from '@picket/base/dialer';
import type { Identification } from './probe.ts';

/** What talking to a port came to. */
export interface PortOutcome {
  /** null: nothing was recognised. */
  readonly identification: Identification | null;
  /** The probe whose answer is the evidence, or `banner`, `tls`, `none`. */
  readonly probe: string;
  readonly method: 'probe' | 'banner';
  /** The bytes that came, for the evidence. Empty when the port stayed silent. */
  readonly evidence: Uint8Array;
  /** TLS from the first byte, or after an upgrade; the certificate comes from it. */
  readonly tls: TlsSession | null;
  readonly tunnel: 'tls' | 'starttls' | null;
  /** A remark when nothing was recognised: `closes at once`, `silent`, `fragile-host: …`. */
  readonly remark: string | null;
}
