import type { Kysely } from 'kysely';
import type { Schema } from '../storage/schema.ts';
import type { AccessScope } from './context.ts';

/** Whose account. */
export type Owner = Pick<AccessScope, 'subscriptionId' | 'accountId'>;

/** Somebody whom an identity provider vouches for. */
export interface ProvenPerson {
  readonly login: string;
  readonly name: string;
  /** Verified by the provider; null: it says none. */
  readonly email: string | null;
}

/** What else is written when an account is made, in the same transaction. */
export type AlsoWrite = (trx: Kysely<Schema>, owner: Owner) => Promise<void>;

/** Makes accounts without a password; the feature `accounts` does. */
export interface AccountMaker {
  /** What is stored of the token of an invitation, if the link works now. */
  invitationOf(token: string, address: string): Promise<string>;
  /** The account of an invitation; refused when it is for somebody else. */
  byInvitation(stored: string, person: ProvenPerson, address: string, also: AlsoWrite): Promise<Owner>;
  /** A Reader without asset groups; null when the login is taken. */
  asReader(person: ProvenPerson, address: string, also: AlsoWrite): Promise<Owner | null>;
}
