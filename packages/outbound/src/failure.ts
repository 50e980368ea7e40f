import { ownValue } from '@picket/base/own-value';
/**
 * What kept a request from being answered, as data: the console turns it into its error codes, logs and status pages
 * show `message` and `hint`. Never holds a secret.
 *
 * - `dns`: the name could not be resolved. `connect-timeout`, `refused`, `unreachable`: no TCP connection.
 * - `tls-handshake`: TCP stood, TLS did not. `certificate`: TLS stood, but `reason` says why it is not trusted.
 * - `closed`: the connection ended before the answer did. `deadline`: the request's total time was over.
 * - `cancelled`: the caller's signal. `answer`: the answer is too large or not what the protocol says.
 * - `signature`: the answer is not signed by the platform for this request.
 * - `intercepted`: through a proxy, and whoever opens the TLS session is not the platform: `detail` names its issuer.
 * - `proxy-…` (`proxy/proxy-failure.ts`): the proxy itself.
 */
export type FailureKind =
  | ProxyFailureKind
  | 'intercepted'
  | 'dns'
  | 'connect-timeout'
  | 'refused'
  | 'unreachable'
  | 'tls-handshake'
  | 'certificate'
  | 'closed'
  | 'deadline'
  | 'cancelled'
  | 'answer'
  | 'signature';

/**
 * What a proxy did instead of opening a tunnel.
 *
 * - `proxy-connect-timeout`: no connection to it, or no answer of it in time; `detail` parts the name that is not resolved, refused,
 *   unreachable, and silence. `proxy-closed`: it ended the connection. `proxy-no-http`: its answer is not HTTP/1, or its TLS failed.
 * - `proxy-no-auth`: it offers no method to log in that is supported and configured. `proxy-status`: another code than success.
 * - `proxy-auth-refused`: it refused the user and password.
 */
export type ProxyFailureKind =
  | 'proxy-connect-timeout'
  | 'proxy-closed'
  | 'proxy-no-http'
  | 'proxy-no-auth'
  | 'proxy-status'
  | 'proxy-auth-refused';

export type CertificateReason = 'expired' | 'not-yet-valid' | 'wrong-host' | 'unknown-ca' | 'fingerprint' | 'other';

export interface OutboundFailure {
  readonly kind: FailureKind;
  /** Only for `certificate`. */
  readonly reason?: CertificateReason;
  readonly message: string;
  readonly hint: string;
  /** The system's own word for it (`ECONNREFUSED`, `CERT_HAS_EXPIRED`), for logs. */
  readonly detail: string;
  /** The request may have reached the platform: only an idempotent one may be sent again without asking. */
  readonly maybeDelivered: boolean;
  /** Only for `proxy-…`: the code that it answered with, and whether an NTLM exchange was under way. */
  readonly proxy?: { readonly status: number | null; readonly ntlm: boolean };
}

/** How far a request had come when it failed. */
export type Stage = 'connect' | 'tls' | 'exchange';

const certificateReasons: Readonly<Record<string, CertificateReason>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-host',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown-ca',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'unknown-ca',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown-ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown-ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown-ca',
  CERT_SIGNATURE_FAILURE: 'unknown-ca',
  CERT_UNTRUSTED: 'other',
  CERT_REJECTED: 'other',
  CERT_REVOKED: 'other',
  CERT_CHAIN_TOO_LONG: 'other',
  INVALID_CA: 'other',
  INVALID_PURPOSE: 'other',
  PATH_LENGTH_EXCEEDED: 'other',
  ERROR_IN_CERT_NOT_BEFORE_FIELD: 'other',
  ERROR_IN_CERT_NOT_AFTER_FIELD: 'other',
  UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY: 'other',
  CA_MD_TOO_WEAK: 'other',
  EE_KEY_TOO_SMALL: 'other',
};

const certificateTexts: Readonly<Record<CertificateReason, readonly [string, string]>> = {
  expired: ['certificate has expired', "Renew the platform's certificate, and check this machine's clock."],
  'not-yet-valid': ['certificate is not valid yet', "Check this machine's clock."],
  'wrong-host': [
    'certificate is for another name',
    'Use the name in the enrolment string that the certificate was made for.',
  ],
  'unknown-ca': [
    'certificate was issued by an unknown authority',
    'Something in between may be opening the TLS session (an inspecting proxy): exempt the platform from it. Otherwise enrol again with the enrolment string that the platform shows.',
  ],
  fingerprint: [
    'certificate authority is not the one of the enrolment string: its fingerprint differs',
    'Copy the enrolment string again from the platform. If it still differs, something in between answers in its place.',
  ],
  other: ['certificate was not accepted', "Check the platform's certificate chain."],
};

/** A `certificate` failure towards `host`. */
export function certificateFailure(host: string, reason: CertificateReason, detail: string): OutboundFailure {
  const [what, hint] = certificateTexts[reason];
  return { kind: 'certificate', reason, message: `${host}: the ${what}.`, hint, detail, maybeDelivered: false };
}

/** Kinds that need no more than a detail. */
type PlainKind = Exclude<FailureKind, 'certificate' | 'intercepted' | ProxyFailureKind>;

/** Through the proxy `via`, the platform's place was taken by somebody with a certificate of `issuer`. */
export function interceptedFailure(host: string, via: string, issuer: string): OutboundFailure {
  return {
    kind: 'intercepted',
    message: `${host}: the proxy ${via} opens the TLS session: the certificate was issued by ${issuer}, not by the platform's authority.`,
    hint: 'Exempt the platform from TLS inspection at the proxy: the session must run end to end.',
    detail: `issuer ${issuer}`,
    maybeDelivered: false,
  };
}

const plainTexts: Readonly<Record<PlainKind, readonly [string, string]>> = {
  dns: [
    'the name could not be resolved',
    'Check the DNS servers of this machine and the name in the enrolment string.',
  ],
  'connect-timeout': [
    'nothing answered to the connection',
    'Check that a firewall lets this machine reach the address.',
  ],
  refused: ['the connection was refused', 'Check that the platform is running and the port is right.'],
  unreachable: ['the address can not be reached', "Check this machine's address, gateway and cable."],
  'tls-handshake': ['the TLS handshake failed', 'Check that the port speaks HTTPS and nothing in between changes it.'],
  closed: [
    'the connection was closed before the answer was whole',
    'It is tried again; look for a device that cuts connections.',
  ],
  deadline: ['no answer came in time', 'It is tried again; check the load of the platform and the line to it.'],
  cancelled: ['the request was cancelled', ''],
  answer: [
    'the answer is not what the protocol says',
    'Check that the address belongs to a platform of this product, and its version.',
  ],
  signature: [
    'the answer is not signed by the platform',
    'A proxy or gateway may have answered in its place. If the platform was set up anew, enrol again.',
  ],
};

/** A failure of any other kind towards `host`. */
export function plainFailure(host: string, kind: PlainKind, detail: string, maybeDelivered = false): OutboundFailure {
  const [what, hint] = plainTexts[kind];
  return { kind, message: `${host}: ${what} (${detail}).`, hint, detail, maybeDelivered };
}

const unreachableCodes = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'EHOSTDOWN',
  'EACCES',
  'EPERM',
]);

/** Sorts a system error of the given stage. */
export function classifyError(host: string, stage: Stage, error: unknown): OutboundFailure {
  const code = errorCode(error);
  const reason = ownValue(certificateReasons, code);
  if (reason !== undefined) return certificateFailure(host, reason, code);
  if (stage === 'exchange') return plainFailure(host, 'closed', code, true);
  if (stage === 'tls') return plainFailure(host, 'tls-handshake', code);
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return plainFailure(host, 'dns', code);
  if (code === 'ETIMEDOUT') return plainFailure(host, 'connect-timeout', code);
  if (unreachableCodes.has(code)) return plainFailure(host, 'unreachable', code);
  return plainFailure(host, code === 'ECONNREFUSED' ? 'refused' : 'unreachable', code);
}

/** `code` of an error; of a happy-eyeballs aggregate, that of its first part. */
export function errorCode(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message.slice(0, 100) : 'unknown';
}
