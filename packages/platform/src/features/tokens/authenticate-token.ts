import { readSight } from '../../server/access/read-sight.ts';
import type { Authenticators } from '../../server/authentication.ts';
import type { PlatformContext } from '../../server/context.ts';
import { takeAttempt } from '../../server/rate-limit.ts';
import { findToken, touchToken } from './token-queries.ts';
import { hashOfToken, looksLikeToken } from './token-text.ts';

/** The last use is kept to the hour. */
const hourMs = 3_600_000;
/** Bad tokens of one address in 15 minutes before they are answered with 429. A good one always works. */
const badTokens = { name: 'token:address', limit: 50, windowSeconds: 900 };

/** Finds whom an API token stands for. What its account may at this moment is the most it may. */
export function tokenAuthenticator(context: PlatformContext, termsVersion: string): Authenticators['apiToken'] {
  const { database, clock } = context;
  return async (token, address) => {
    const tokenHash = hashOfToken(token);
    const now = clock.now();
    const found = looksLikeToken(token) ? await findToken(database.db, tokenHash, new Date(now)) : undefined;
    if (!found) {
      await takeAttempt(database.db, clock, { ...badTokens, subject: address });
      return null;
    }
    const hour = Math.floor(now / hourMs) * hourMs;
    if ((found.lastUsedAt?.getTime() ?? 0) < hour) {
      await touchToken(found, database.db, found.tokenId, { at: new Date(hour), address });
    }
    return {
      scope: {
        subscriptionId: found.subscriptionId,
        accountId: found.accountId,
        role: found.role,
        login: found.login,
        unitId: found.unitId,
        sight: await readSight({ ...found, id: found.accountId }, database.db),
      },
      tokenScope: found.tokenScope,
      csrfToken: '',
      tokenHash,
      passwordChangeNeeded: found.passwordChangeNeeded,
      termsAccepted: found.termsVersion === termsVersion,
      // Whoever made the token was past it.
      secondFactorNeeded: false,
    };
  };
}
