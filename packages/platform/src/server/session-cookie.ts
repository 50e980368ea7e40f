import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SessionIdentity, sessionCookie } from './authentication.ts';

/** Where a request came from, for the session list and the audit log. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | null;
}

/** A session just made: the token goes into the cookie and nowhere else. */
export interface FreshSession {
  readonly token: string;
  readonly identity: SessionIdentity;
  /** How long the cookie lives at most. */
  readonly maxAgeSeconds: number;
}

const cookieOptions = { path: '/', secure: true, httpOnly: true, sameSite: 'strict' } as const;

export function setSessionCookie(reply: FastifyReply, fresh: FreshSession): void {
  reply.setCookie(sessionCookie, fresh.token, { ...cookieOptions, maxAge: fresh.maxAgeSeconds });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(sessionCookie, cookieOptions);
}

export function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, userAgent: request.headers['user-agent'] ?? null };
}
