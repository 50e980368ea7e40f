import type { FastifyReply } from 'fastify';
import type { SessionIdentity } from './authentication.ts';

/**
 * Where the browser of a session goes to be signed out at the identity provider too; null: nowhere. Asked before the session ends; asks
 * nobody outside and never rejects, so that signing out here hangs on nothing else. The feature `oidc` answers.
 */
export type ProviderSignOut = (identity: SessionIdentity, reply: FastifyReply) => Promise<string | null>;
