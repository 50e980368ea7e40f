import { systemClock } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { type Log, silentLog } from '@picket/base/log';
import { type TestClient, type TestPlatform, withTestPlatform } from '../../server/testing.ts';
import type { DatabaseKind } from '../../storage/testing.ts';
import { startTestProvider, type TestProvider } from './testing-provider.ts';

/** Somebody whom the provider knows. */
export const gwen = { sub: 'g-1', email: 'gwen@example.org', email_verified: true, name: 'Gwen Guest' } as const;

/** A platform with a Manager, and a provider that knows it. */
export interface Ground {
  readonly running: TestPlatform;
  readonly manager: TestClient;
  readonly provider: TestProvider;
  set(change?: object): Promise<number>;
  /** All that the platform logged. */
  readonly logged: readonly string[];
  advance(milliseconds: number): void;
}

export async function onGround(kind: DatabaseKind, test: (ground: Ground) => Promise<void>): Promise<void> {
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  const uris = { redirect: '', signedOut: '' };
  const logged: string[] = [];
  const log: Log = { ...silentLog, write: (_level, name, fields) => void logged.push(JSON.stringify([name, fields])) };
  const provider = await startTestProvider(
    () => [uris.redirect],
    () => [uris.signedOut],
  );
  const run = async (running: TestPlatform) => {
    const manager = await running.signedIn('manager');
    const { json } = await manager.send('GET', '/api/v1/oidc-provider');
    uris.redirect = json.redirectUri;
    uris.signedOut = json.signedOutUri;
    const settings = { name: 'Test IdP', issuer: provider.issuer, ...provider.client };
    const set = async (change = {}) => {
      const answer = await manager.send('PUT', '/api/v1/oidc-provider', { ...settings, ...change });
      return answer.status;
    };
    await test({ running, manager, provider, set, logged, advance: (milliseconds) => (offset += milliseconds) });
  };
  try {
    await withTestPlatform(kind, run, { clock, log, config: { localReceivers: true } });
  } finally {
    await provider.close();
  }
}

/** What was written down of actions like `pattern`. */
export async function audited(running: TestPlatform, pattern: string) {
  const { db } = running.platform.context.database;
  const rows = await db
    .selectFrom('audit_entry')
    .select(['action', 'actor', 'detail'])
    .where('action', 'like', pattern)
    .orderBy('id')
    .execute();
  return rows;
}
