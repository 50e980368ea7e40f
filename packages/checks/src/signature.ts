/**
 * What is known of who wrote a template. `unverified`: it carries the digest line of its publisher, and nobody has checked it;
 * `none`: it carries no signature.
 */
export const signatureStates = ['none', 'unverified'] as const;
export type SignatureState = (typeof signatureStates)[number];

/** Looks for the digest line that publishers write at the end of a template. */
export function signatureState(source: string): SignatureState {
  return /^# digest: [0-9a-f]{8,}(:[0-9a-f]+)?\s*$/m.test(source) ? 'unverified' : 'none';
}
