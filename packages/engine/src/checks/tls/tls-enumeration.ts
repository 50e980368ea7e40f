import { err, ok, type Result } from '@picket/base/result';
import type { TlsBlock, TlsVersion } from '@picket/checks/protocols/tls/tls-block';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { type CheckFailure, failureOf } from '../check-failure.ts';
import { type CheckSession, spend } from '../check-session.ts';
import { findVersion, surveyCiphers } from '../../tls/cipher-survey.ts';
import { cipherName } from '../../tls/cipher-suites.ts';
import type { TlsReach } from '../../tls/hello-exchange.ts';
import { type SuiteLevel, suiteLevel } from '../../tls/suite-level.ts';
import { defaultSurveyLimits, withBudget } from '../../tls/survey.ts';

/** What was found out, in the words and the form of the format. */
export interface TlsEnumeration {
  readonly version_enum: readonly string[];
  readonly cipher_enum?: readonly {
    readonly version: string;
    readonly ciphers: Partial<Record<SuiteLevel, string[]>>;
  }[];
}

/** A version that a server speaks and its suites. */
interface Spoken {
  readonly version: string;
  readonly ciphers: readonly string[];
}

/** Oldest first, as the format lists them. */
const versions: readonly TlsVersion[] = ['ssl30', 'tls10', 'tls11', 'tls12', 'tls13'];

/**
 * `version_enum` and `cipher_enum` of a block that asks for them: out of the survey of the service if it is whole, else found out now,
 * within the bounds of a survey. The error: the server did not answer all questions, so a list would lack something.
 */
export async function enumerateTls(
  block: TlsBlock,
  endpoint: Endpoint,
  session: CheckSession,
): Promise<Result<TlsEnumeration, CheckFailure>> {
  const known = session.knownTls.get(endpoint.port);
  const spoken = known?.survey.complete ? ok(known.survey.versions) : await ask(block, endpoint, session);
  if (!spoken.ok) return spoken;
  const found = versions.flatMap((version) => spoken.value.filter((each) => each.version === version));
  const levels = block.cipherLevels;
  const ciphers = levels.length === 0 ? {} : { cipher_enum: found.map((each) => byLevel(each, levels)) };
  return ok({ version_enum: found.map(({ version }) => version), ...ciphers });
}

/** The suites of one version in the form of the format, those of the wanted levels. */
function byLevel({ version, ciphers }: Spoken, levels: TlsBlock['cipherLevels']) {
  const sorted: Partial<Record<SuiteLevel, string[]>> = {};
  for (const cipher of ciphers) {
    const level = suiteLevel(cipher);
    if (!levels.some((each) => each === 'all' || each === level)) continue;
    sorted[level] = [...(sorted[level] ?? []), cipher];
  }
  return { version, ciphers: sorted };
}

async function ask(
  block: TlsBlock,
  endpoint: Endpoint,
  session: CheckSession,
): Promise<Result<readonly Spoken[], CheckFailure>> {
  const { address, port } = endpoint;
  const { dialer, clock, random, signal, limits } = session;
  let refused: CheckFailure | null = null;
  const open = async () => {
    refused ??= spend(session, port);
    if (refused) return err({ kind: 'local', detail: refused.detail } as const);
    const opened = await dialer.connectTcp({ address, port, timeoutMs: limits.connectMs, signal });
    if (!opened.ok) refused = failureOf(opened.error);
    return opened;
  };
  const reach = withBudget({ open, clock, random, signal }, { ...defaultSurveyLimits, answerMs: limits.firstByteMs });
  const found: Spoken[] = [];
  for (const version of versions) {
    const spoken = await askVersion(reach, version, { endpoint, suites: block.cipherLevels.length > 0 });
    if (spoken === 'unknown')
      return err(refused ?? { reason: 'timeout', detail: `the server did not answer all hellos of ${version}` });
    if (spoken !== null) found.push(spoken);
  }
  return ok(found);
}

async function askVersion(
  reach: TlsReach,
  version: TlsVersion,
  wish: { readonly endpoint: Endpoint; readonly suites: boolean },
): Promise<Spoken | 'unknown' | null> {
  const spoken = await findVersion(reach, version, wish.endpoint.name);
  if (spoken === null || spoken === 'unknown') return spoken;
  if (!wish.suites) return { version, ciphers: [cipherName(spoken.first)] };
  const { ciphers, complete } = await surveyCiphers(reach, spoken, wish.endpoint.name);
  return complete ? { version, ciphers: ciphers.map(cipherName) } : 'unknown';
}
