import { err, type Result } from '@picket/base/result';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { askJarm } from '../../tls/jarm/ask-jarm.ts';
import { type CheckFailure, failureOf } from '../check-failure.ts';
import { type CheckSession, spend } from '../check-session.ts';

/** Fingerprints that were asked for, by session, port and name: many checks compare the one of a port. */
const asked = new WeakMap<CheckSession, Map<string, Promise<Result<string, CheckFailure>>>>();

/**
 * The JARM fingerprint of `place`, `host` or `host:port` (443 without one): a port of the scanned host. The error: the place is another
 * host, or there is no fingerprint because a hello was not answered.
 */
export async function jarmOf(
  place: string,
  scanned: Endpoint,
  session: CheckSession,
): Promise<Result<string, CheckFailure>> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:\s]+))(?::([0-9]{1,5}))?$/.exec(place.trim());
  const host = match?.[1] ?? match?.[2] ?? '';
  const port = Number(match?.[3] ?? 443);
  if (![scanned.address, scanned.name?.toLowerCase()].includes(host.toLowerCase()))
    return err({ reason: 'scope-denied', detail: 'the fingerprint of another host is asked for' });
  if (port < 1 || port > 65_535) return err({ reason: 'check-unsupported', detail: `${port} is no port` });
  const own = asked.get(session) ?? new Map<string, Promise<Result<string, CheckFailure>>>();
  asked.set(session, own);
  const key = `${port} ${host}`;
  const known = own.get(key) ?? ask({ host, address: scanned.address, port }, session);
  own.set(key, known);
  const found = await known;
  // A failure may pass.
  if (!found.ok) own.delete(key);
  return found;
}

async function ask(
  place: { readonly host: string; readonly address: string; readonly port: number },
  session: CheckSession,
): Promise<Result<string, CheckFailure>> {
  const { address, port } = place;
  const { dialer, signal, random, limits } = session;
  let refused: CheckFailure | null = null;
  const open = async () => {
    refused = spend(session, port);
    if (refused) return err({ kind: 'local', detail: '' } as const);
    return dialer.connectTcp({ address, port, timeoutMs: limits.connectMs, signal });
  };
  const found = await askJarm({ open, random, answerMs: limits.firstByteMs }, place.host);
  return found.ok ? found : err(refused ?? failureOf(found.error));
}
