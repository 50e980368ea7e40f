import type { PicketError } from '@picket/base/error';
import { refuse } from '../server/http-error.ts';
import { claimedKeyId, type SignatureFault, type Verifier, verifyRequest } from '@picket/contracts/http-signature';
import type { FastifyRequest } from 'fastify';
import { nodeCrypto } from '@picket/base/adapters/ed25519';

/** One header field as text; repeated ones never match what was signed. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

/** The key that the request claims to be signed with. Refuses a request without one. */
export function requireKeyId(request: FastifyRequest): string {
  const keyId = claimedKeyId((name) => headerOf(request, name));
  if (keyId === null) throw signatureRefusal({ kind: 'missing', what: 'signature-input' });
  return keyId;
}

/** Refuses a request whose digest or signature does not hold. */
export function requireSignature(request: FastifyRequest, body: Uint8Array, verifier: Verifier): void {
  const { path, query } = splitTarget(request.raw.url ?? '');
  const target = { method: request.method, path, query, body };
  const fault = verifyRequest(target, (name) => headerOf(request, name), verifier, nodeCrypto);
  if (fault !== null) throw signatureRefusal(fault);
}

function splitTarget(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function signatureRefusal(fault: SignatureFault): PicketError {
  const detail = {
    missing: 'what' in fault ? `The request has no ${fault.what}.` : '',
    malformed: 'what' in fault ? `The ${fault.what} of the request is malformed.` : '',
    digest: 'The body does not match its digest: it was changed or cut on the way.',
    signature: 'The signature does not match the request: it was changed on the way, or signed with another key.',
  }[fault.kind];
  return refuse({
    status: 401,
    code: fault.kind === 'digest' ? 'appliance.digest-mismatch' : 'appliance.signature-invalid',
    message: detail,
    hint: 'Send it again. If it stays so, look for a device on the way that rewrites requests.',
  });
}
