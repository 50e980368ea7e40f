import type { webAuthnOptions } from '@picket/contracts/api/sign-in';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { z } from 'zod';

type Options = z.infer<typeof webAuthnOptions>;

/** The platform's own library wrote them, and the browser checks each field: only their being there is looked at. */
const creation = z.custom<PublicKeyCredentialCreationOptionsJSON>(
  (value) => z.looseObject({}).safeParse(value).success,
);
const request = z.custom<PublicKeyCredentialRequestOptionsJSON>((value) => z.looseObject({}).safeParse(value).success);

/** Whether this browser, on this page, knows passkeys at all. */
export function knowsPasskeys(): boolean {
  return 'PublicKeyCredential' in window && window.isSecureContext;
}

/** Lets the browser make a passkey. */
export async function makePasskey(options: Options): Promise<unknown> {
  const { startRegistration } = await import('@simplewebauthn/browser');
  return startRegistration({ optionsJSON: creation.parse(options) });
}

/** Lets the browser answer with a passkey that it has. */
export async function answerWithPasskey(options: Options): Promise<unknown> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  return startAuthentication({ optionsJSON: request.parse(options) });
}

/** What the browser's refusal means, for people; null for every other error. */
export function passkeyTrouble(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error.name === 'NotAllowedError') return 'The browser asked for no passkey, or it was cancelled.';
  if (error.name === 'InvalidStateError') return 'This device holds a passkey for your account already.';
  if (error.name === 'SecurityError') return 'The browser makes no passkeys for this address.';
  if (error.name === 'AbortError') return 'It was cancelled.';
  return null;
}
