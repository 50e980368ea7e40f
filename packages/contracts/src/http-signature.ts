/**
 * HTTP message signatures (RFC 9421) as the appliance protocol uses them: one Ed25519 signature a message, a fixed
 * list of covered components, parameters `created`, `keyid`, `alg`, `tag` in that order. Pure: keys and digests are
 * injected. A request covers method, path, query, body digest (RFC 9530) and the protocol's own fields; an answer
 * covers status, body digest and the signature of the request that it answers, so that it can't be played to another.
 */
export interface SignatureCrypto {
  /** SHA-256 of the bytes. */
  sha256(bytes: Uint8Array): Uint8Array;
}

export type Signer = (bytes: Uint8Array) => Uint8Array;
export type Verifier = (bytes: Uint8Array, signature: Uint8Array) => boolean;

export const requestTag = 'picket-device';
export const answerTag = 'picket-platform';
export const requestFields = ['content-digest', 'picket-level', 'picket-instance', 'picket-sequence'] as const;

export interface SignableRequest {
  readonly method: string;
  /** Path as sent, with its percent-encoding. */
  readonly path: string;
  /** Query as sent, without `?`; empty if none. */
  readonly query: string;
  readonly body: Uint8Array;
  /** picket-level, picket-instance and picket-sequence, lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SignableAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

export interface SignatureParams {
  /** Unix seconds, informative: replay is refused by instance and sequence, never by the device's clock. */
  readonly created: number;
  /** SHA-256 of the signer's raw public key, base64url: for device and platform keys alike. */
  readonly keyId: string;
}

/** Why a message is refused. `missing` and `malformed` name the part. */
export type SignatureFault =
  | { readonly kind: 'missing'; readonly what: string }
  | { readonly kind: 'malformed'; readonly what: string }
  | { readonly kind: 'digest' }
  | { readonly kind: 'signature' };

const encoder = new TextEncoder();

/** Header fields to add to a request. */
export function signRequest(
  request: SignableRequest,
  params: SignatureParams,
  sign: Signer,
  crypto: SignatureCrypto,
): Record<string, string> {
  const digest = contentDigest(request.body, crypto);
  const input = signatureInput(requestComponents(), params, requestTag);
  const base = requestBase(request, digest, input);
  return {
    'content-digest': digest,
    'signature-input': `sig=${input}`,
    signature: `sig=:${toBase64(sign(encoder.encode(base)))}:`,
  };
}

/** Reads the key id that a request claims, before anything is verified. */
export function claimedKeyId(headers: HeaderLookup): string | null {
  const parsed = parseInput(headers('signature-input') ?? '');
  return parsed?.keyId ?? null;
}

export type HeaderLookup = (name: string) => string | undefined;

/** Null when digest and signature hold, else the fault. */
export function verifyRequest(
  request: Omit<SignableRequest, 'headers'>,
  headers: HeaderLookup,
  verify: Verifier,
  crypto: SignatureCrypto,
): SignatureFault | null {
  const parts = readParts(headers, requestComponents(), requestTag);
  if ('kind' in parts) return parts;
  const fields: Record<string, string> = {};
  for (const name of requestFields.slice(1)) {
    const value = headers(name);
    if (value === undefined) return { kind: 'missing', what: name };
    fields[name] = value;
  }
  if (parts.digest !== contentDigest(request.body, crypto)) return { kind: 'digest' };
  const base = requestBase({ ...request, headers: fields }, parts.digest, parts.input);
  return verify(encoder.encode(base), parts.signature) ? null : { kind: 'signature' };
}

/** Header fields to add to an answer; `requestSignature` is the request's `signature` field. */
export function signAnswer(
  answer: SignableAnswer,
  requestSignature: string,
  params: SignatureParams,
  sign: Signer,
  crypto: SignatureCrypto,
): Record<string, string> {
  const digest = contentDigest(answer.body, crypto);
  const input = signatureInput(answerComponents(), params, answerTag);
  const base = answerBase(answer, digest, requestSignature, input);
  return {
    'content-digest': digest,
    'signature-input': `sig=${input}`,
    signature: `sig=:${toBase64(sign(encoder.encode(base)))}:`,
  };
}

/** Null when the answer is the platform's answer to that very request. */
export function verifyAnswer(
  answer: SignableAnswer,
  headers: HeaderLookup,
  requestSignature: string,
  verify: Verifier,
  crypto: SignatureCrypto,
): SignatureFault | null {
  const parts = readParts(headers, answerComponents(), answerTag);
  if ('kind' in parts) return parts;
  if (parts.digest !== contentDigest(answer.body, crypto)) return { kind: 'digest' };
  const base = answerBase(answer, parts.digest, requestSignature, parts.input);
  return verify(encoder.encode(base), parts.signature) ? null : { kind: 'signature' };
}

/** `sha-256=:...:` (RFC 9530). */
export function contentDigest(body: Uint8Array, crypto: SignatureCrypto): string {
  return `sha-256=:${toBase64(crypto.sha256(body))}:`;
}

function requestComponents(): string {
  return ['@method', '@path', '@query', ...requestFields].map((name) => `"${name}"`).join(' ');
}

function answerComponents(): string {
  return '"@status" "content-digest" "signature";req';
}

function signatureInput(components: string, params: SignatureParams, tag: string): string {
  return `(${components});created=${params.created};keyid="${params.keyId}";alg="ed25519";tag="${tag}"`;
}

function requestBase(request: SignableRequest, digest: string, input: string): string {
  const lines = [
    `"@method": ${request.method.toUpperCase()}`,
    `"@path": ${request.path}`,
    `"@query": ?${request.query}`,
    `"content-digest": ${digest}`,
  ];
  for (const name of requestFields.slice(1)) lines.push(`"${name}": ${request.headers[name] ?? ''}`);
  lines.push(`"@signature-params": ${input}`);
  return lines.join('\n');
}

function answerBase(answer: SignableAnswer, digest: string, requestSignature: string, input: string): string {
  return [
    `"@status": ${answer.status}`,
    `"content-digest": ${digest}`,
    `"signature";req: ${requestSignature}`,
    `"@signature-params": ${input}`,
  ].join('\n');
}

interface Parts {
  readonly digest: string;
  readonly input: string;
  readonly signature: Uint8Array;
}

function readParts(headers: HeaderLookup, components: string, tag: string): Parts | SignatureFault {
  const digest = headers('content-digest');
  if (digest === undefined) return { kind: 'missing', what: 'content-digest' };
  const inputField = headers('signature-input');
  if (inputField === undefined) return { kind: 'missing', what: 'signature-input' };
  const signatureField = headers('signature');
  if (signatureField === undefined) return { kind: 'missing', what: 'signature' };
  const parsed = parseInput(inputField);
  if (!parsed || parsed.components !== components || parsed.tag !== tag)
    return { kind: 'malformed', what: 'signature-input' };
  const signature = /^sig=:([A-Za-z0-9+/]{86}==):$/.exec(signatureField);
  if (!signature) return { kind: 'malformed', what: 'signature' };
  return { digest, input: inputField.slice('sig='.length), signature: fromBase64(signature[1] as string) };
}

function parseInput(field: string): { components: string; keyId: string; tag: string } | null {
  if (field.length > 1024) return null;
  const match =
    /^sig=\(([^()]*)\);created=[0-9]{1,12};keyid="([A-Za-z0-9_-]{1,64})";alg="ed25519";tag="([a-z-]{1,32})"$/.exec(
      field,
    );
  return match ? { components: match[1] as string, keyId: match[2] as string, tag: match[3] as string } : null;
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
