import { recordAudit } from '../../server/audit.ts';
import type { AccountMaker } from '../../server/account-maker.ts';
import type { PlatformContext } from '../../server/context.ts';
import { hashPassword } from '../../server/password.ts';
import { isUniqueViolation } from '../../storage/storage-error.ts';
import { openInvitation, useInvitation } from './accept-invitation.ts';
import { insertAccount } from './account-queries.ts';
import { hashOfToken } from './invitation-service.ts';

/** Makes accounts for people whom the identity provider vouches for. */
export function accountMaker(context: PlatformContext): AccountMaker {
  const { database, random, subscriptionId } = context;
  /** Of a password that nobody has, so that signing in with one takes as long as for others. */
  const noPassword = () => hashPassword(Buffer.from(random.bytes(32)).toString('base64'), random);
  return {
    invitationOf: async (token, address) => {
      await openInvitation(context, token, address);
      return Buffer.from(hashOfToken(token)).toString('base64url');
    },
    byInvitation: async (stored, person, address, also) => {
      const tokenHash = new Uint8Array(Buffer.from(stored, 'base64url'));
      return useInvitation(context, tokenHash, { passwordHash: await noPassword(), person, address, also });
    },
    asReader: async ({ login, name, email }, address, also) => {
      const whole = { login, name, email, role: 'reader' as const, passwordHash: await noPassword() };
      const flags = { passwordChangeNeeded: false, passwordExpiresAt: null, hasPassword: false };
      try {
        return await database.transaction(async (trx) => {
          const accountId = await insertAccount({ subscriptionId }, trx, { ...whole, ...flags });
          const actor = { subscriptionId, login: 'system' };
          const detail = { login, role: 'reader', by: 'oidc' };
          await recordAudit(actor, trx, { action: 'account.create', subject: `account:${accountId}`, detail, address });
          await also(trx, { subscriptionId, accountId });
          return { subscriptionId, accountId };
        });
      } catch (error) {
        if (isUniqueViolation(error, 'account_login')) return null;
        throw error;
      }
    },
  };
}
