import { createHash } from 'node:crypto';
import { oneTimePassword } from '../../server/password.ts';
import type { AccessScope, PlatformContext } from '../../server/context.ts';
import { secretBox } from '../../server/secret-box.ts';
import type { SecondFactor } from '../../server/second-factor.ts';
import { findTotp, takeRecoveryCode, takeStep } from './factor-queries.ts';
import { stepOfCode } from './totp.ts';

type Owner = Pick<AccessScope, 'subscriptionId' | 'accountId'>;

/** Recovery codes that somebody gets at a time. */
const recoveryCodes = 10;

/** Name of the record of an account's secret: another account's does not open in its place. */
export function recordOf(owner: Owner): string {
  return `totp:${owner.subscriptionId}:${owner.accountId}`;
}

/** Codes of an app, and recovery codes, each of which works once. */
export function secondFactor(context: Pick<PlatformContext, 'database' | 'clock' | 'keys' | 'random'>): SecondFactor {
  const { database, clock, keys, random } = context;
  const box = secretBox(keys.platform, random);
  return {
    needed: async (owner) => ((await findTotp(owner, database.db))?.confirmed_at ?? null) !== null,
    take: async (owner, db, typed) => {
      const code = typed.replaceAll(/[\s-]/g, '').toLowerCase();
      if (!/^\d{6}$/.test(code)) {
        return (await takeRecoveryCode(owner, db, hashOfRecoveryCode(owner, code))) ? 'recovery' : null;
      }
      const factor = await findTotp(owner, db);
      if (!factor) return null;
      const secret = Buffer.from(box.open(factor.sealed_secret, recordOf(owner)).reveal(), 'base64');
      const step = stepOfCode(secret, code, clock.now(), factor.last_step);
      return step !== null && (await takeStep(owner, db, step)) ? 'code' : null;
    },
  };
}

/** Codes to be shown once: 79 random bits each, so that a plain hash keeps them. */
export function newRecoveryCodes(random: PlatformContext['random']): string[] {
  return Array.from({ length: recoveryCodes }, () => oneTimePassword(random));
}

/** As typed without blanks and hyphens, in lower case. */
export function hashOfRecoveryCode(owner: Owner, code: string): Uint8Array {
  const plain = code.replaceAll('-', '');
  return new Uint8Array(
    createHash('sha256')
      .update(`${recordOf(owner)}:${plain}`)
      .digest(),
  );
}
