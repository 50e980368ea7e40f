import { createHash } from 'node:crypto';
import type { passkeySignInRequest, registerPasskeyRequest } from '@picket/contracts/api/sign-in';
import type { z } from 'zod';
import { recordAudit } from '../../server/audit.ts';
import type { SessionIdentity } from '../../server/authentication.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { refuse } from '../../server/http-error.ts';
import { takeAttempt } from '../../server/rate-limit.ts';
import type { FreshSession, Origin } from '../../server/session-cookie.ts';
import { storeChallenge, takeChallenge } from '../../server/sign-in-challenge.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import * as queries from './passkey-queries.ts';
import type { RelyingParty } from './relying-party.ts';

/** A browser has so long to answer, milliseconds: people look for their key. */
const answerMs = 300_000;
/** Sign-ins begun from one address in 15 minutes. */
const signInsPerAddress = { name: 'passkey:address', limit: 100, windowSeconds: 900 };
const passkeyLimit = 20;
/** COSE numbers of what passkeys may sign with: ES256, EdDSA, RS256. Every authenticator knows one of them. */
const algorithms = [-7, -8, -257];
const purposes = { register: 'passkey.register', signIn: 'passkey.sign-in' } as const;

/** Begins a session for somebody who proved who they are without a password. */
export type BeginSession = (
  owner: Pick<AccessScope, 'subscriptionId' | 'accountId'>,
  how: { readonly method: string; readonly origin: Origin },
) => Promise<FreshSession>;

/** What the browser needs to make a passkey for the caller. */
export async function beginRegistration(context: PlatformContext, scope: AccessScope, party: RelyingParty) {
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
  const { database, clock, random } = context;
  const person = await queries.findPerson(scope, database.db);
  const present = await queries.listPasskeys(scope, database.db);
  if (!person || present.length >= passkeyLimit) throw tooMany();
  const options = await generateRegistrationOptions({
    rpName: 'Picket',
    rpID: party.id,
    userName: person.login,
    userDisplayName: person.name,
    userID: handleOf(scope),
    challenge: Uint8Array.from(random.bytes(32)),
    attestationType: 'none',
    supportedAlgorithmIDs: algorithms,
    excludeCredentials: present.map((one) => ({ id: one.credential_id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const now = clock.now();
  const challenge = { purpose: purposes.register, ...scope, expiresAt: new Date(now + answerMs) };
  await storeChallenge(database.db, options.challenge, challenge, new Date(now));
  return options;
}

/** Keeps the passkey that the browser made. */
export async function finishRegistration(
  context: PlatformContext,
  asking: { readonly identity: SessionIdentity; readonly address: string; readonly party: RelyingParty },
  request: z.output<typeof registerPasskeyRequest>,
) {
  const { scope, tokenHash } = asking.identity;
  const { database, clock } = context;
  const now = new Date(clock.now());
  const challenge = await usedChallenge(context, request.answer.response.clientDataJSON, purposes.register);
  if (challenge?.accountId !== scope.accountId) throw notAccepted();
  const made = await verifiedRegistration(request.answer, challenge.text, asking.party);
  try {
    return await database.transaction(async (trx) => {
      const row = await queries.insertPasskey(scope, trx, { ...made, name: request.name, now });
      await queries.strengthenSession(scope, trx, tokenHash);
      const detail = { name: row.name };
      const { address } = asking;
      await recordAudit(scope, trx, { action: 'passkey.add', subject: `passkey:${row.id}`, detail, address });
      return queries.shownPasskey(row);
    });
  } catch (error) {
    if (isUniqueViolation(error, 'passkey_credential')) throw notAccepted();
    throw error;
  }
}

async function verifiedRegistration(
  answer: z.output<typeof registerPasskeyRequest>['answer'],
  expectedChallenge: string,
  party: RelyingParty,
) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { transports = [], ...response } = answer.response;
  const { authenticatorAttachment, ...rest } = answer;
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    response: {
      ...rest,
      ...(authenticatorAttachment === undefined ? {} : { authenticatorAttachment }),
      response: { ...response, transports },
      clientExtensionResults: {},
    },
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    supportedAlgorithmIDs: algorithms,
  }).catch((cause: unknown) => {
    throw notAccepted(cause);
  });
  if (!verified) throw notAccepted();
  const { credential, credentialBackedUp } = registrationInfo;
  return {
    credentialId: credential.id,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports,
    synced: credentialBackedUp,
  };
}

/** What the browser needs to sign in with any passkey that it has for this platform: it says who it is. */
export async function beginSignIn(context: PlatformContext, party: RelyingParty, address: string) {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const { database, clock, random, subscriptionId } = context;
  await takeAttempt(database.db, clock, { ...signInsPerAddress, subject: address });
  const options = await generateAuthenticationOptions({
    rpID: party.id,
    userVerification: 'required',
    challenge: Uint8Array.from(random.bytes(32)),
  });
  const now = clock.now();
  const challenge = { purpose: purposes.signIn, subscriptionId, accountId: null, expiresAt: new Date(now + answerMs) };
  await storeChallenge(database.db, options.challenge, challenge, new Date(now));
  return options;
}

/** Signs in whom the passkey belongs to. Every refusal looks the same. */
export async function finishSignIn(
  parts: { readonly context: PlatformContext; readonly begin: BeginSession },
  asking: { readonly origin: Origin; readonly party: RelyingParty },
  answer: z.output<typeof passkeySignInRequest>['answer'],
): Promise<FreshSession> {
  const { context, begin } = parts;
  const { database, clock } = context;
  const challenge = await usedChallenge(context, answer.response.clientDataJSON, purposes.signIn);
  const known = await queries.findPasskey(database.db, answer.id);
  if (!challenge || !known) throw notAccepted();
  const owner = { subscriptionId: known.subscription_id, accountId: known.account_id };
  const handle = Buffer.from(handleOf(owner)).toString('base64url');
  if (answer.response.userHandle !== undefined && answer.response.userHandle !== handle) throw notAccepted();
  const counter = await verifiedCounter(known, answer, challenge.text, asking.party);
  if (!(await queries.usePasskey(database.db, known, counter, new Date(clock.now())))) throw notAccepted();
  return begin(owner, { method: 'passkey', origin: asking.origin });
}

/** The counter of a right answer. One that does not grow means that two devices hold the key: refused. */
async function verifiedCounter(
  known: queries.PasskeyRow,
  answer: z.output<typeof passkeySignInRequest>['answer'],
  expectedChallenge: string,
  party: RelyingParty,
): Promise<number> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { userHandle, ...response } = answer.response;
  const { authenticatorAttachment, ...rest } = answer;
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: {
      ...rest,
      ...(authenticatorAttachment === undefined ? {} : { authenticatorAttachment }),
      response: userHandle === undefined ? response : { ...response, userHandle },
      clientExtensionResults: {},
    },
    expectedChallenge,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    credential: { id: known.credential_id, publicKey: Uint8Array.from(known.public_key), counter: known.counter },
    requireUserVerification: true,
  }).catch((cause: unknown) => {
    throw notAccepted(cause);
  });
  if (!verified) throw notAccepted();
  return authenticationInfo.newCounter;
}

/** The challenge that the browser says it answers, if it was asked and not answered yet. */
async function usedChallenge(context: PlatformContext, clientData: string, purpose: string) {
  const text = challengeOf(clientData);
  if (text === null) return null;
  const taken = await takeChallenge(context.database.db, text, purpose, new Date(context.clock.now()));
  return taken ? { ...taken, text } : null;
}

function challengeOf(clientData: string): string | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString('utf8'));
    const challenge: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, 'challenge') : null;
    return typeof challenge === 'string' ? challenge : null;
  } catch {
    return null;
  }
}

/** What an authenticator calls the account: says nothing about the person, and is the same for all their passkeys. */
function handleOf(owner: Pick<AccessScope, 'subscriptionId' | 'accountId'>): Uint8Array<ArrayBuffer> {
  const text = `picket user handle ${owner.subscriptionId}:${owner.accountId}`;
  return Uint8Array.from(createHash('sha256').update(text).digest());
}

function notAccepted(cause?: unknown) {
  const problem = refuse({
    status: 401,
    code: 'passkey.not-accepted',
    message: 'The passkey was not accepted: it is not known here, belongs to another address, or took too long.',
    hint: 'Try again, or sign in with your password.',
  });
  if (cause !== undefined) problem.cause = cause;
  return problem;
}

function tooMany() {
  return refuse({
    status: 409,
    code: 'passkey.too-many',
    message: `An account has at most ${passkeyLimit} passkeys.`,
    hint: 'Remove those that you do not use.',
  });
}
