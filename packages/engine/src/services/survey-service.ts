import type { IdentifyTarget, ServiceFacts, StageTools } from '../run/stages.ts';
import { surveyTls, type SurveyLimits, withBudget } from '../tls/survey.ts';
import { asksForTls, expectsTls } from './candidates.ts';
import type { PortOutcome } from './outcome.ts';
import type { ServiceProbe } from './probe.ts';
import { openForTls } from './start-tls.ts';
import type { ServiceTiming } from './timing.ts';

export interface SurveySettings {
  readonly timing: ServiceTiming;
  readonly probes: readonly ServiceProbe[];
  /** null: services are not asked about their TLS beyond one handshake. */
  readonly limits: SurveyLimits | null;
  /** Behind an upgrade each handshake costs a whole conversation, so fewer are made. */
  readonly upgradeHandshakes: number;
}

/** Pause between two conversations that begin in the clear, milliseconds: mail servers start a process for each. */
const upgradeSpacingMs = 40;

/** Adds what a service would negotiate in TLS to its facts, where it speaks TLS or seems to. */
export async function withTlsSurvey(
  facts: ServiceFacts,
  found: { readonly outcome: PortOutcome; readonly target: IdentifyTarget },
  tools: StageTools,
  settings: SurveySettings,
): Promise<ServiceFacts> {
  const { outcome, target } = found;
  const { timing, probes, limits } = settings;
  const upgrade = outcome.tunnel === 'starttls';
  if (limits === null || !mayBeTls(outcome, target, probes)) return facts;
  const probe = upgrade ? (probes.find(({ name }) => name === outcome.probe) ?? null) : null;
  if (upgrade && (probe === null || outcome.tls === null)) return facts;
  const { clock, random, signal } = tools;
  const open = openForTls(target, tools, timing, probe);
  const bounds = upgrade ? { ...limits, handshakes: settings.upgradeHandshakes, spacingMs: upgradeSpacingMs } : limits;
  const reach = withBudget({ open, clock, random, signal }, bounds);
  const survey = await surveyTls(reach, target.names[0] ?? null);
  if (survey === null) return facts;
  const best = survey.versions[0];
  const tls = facts.tls ?? {
    // Only the survey got an answer: what it speaks is older than what the platform's library still knows.
    protocol: best?.version ?? 'unknown',
    cipher: best?.ciphers[0] ?? 'unknown',
    alpn: null,
    certificate: survey.chain[0] ?? null,
    error: 'no handshake was finished',
  };
  return { ...facts, tunnel: facts.tunnel ?? 'tls', tls: { ...tls, survey } };
}

/** TLS was spoken; or nothing was recognised where TLS is usual, or where the answer is a TLS alert. */
function mayBeTls(outcome: PortOutcome, target: IdentifyTarget, probes: readonly ServiceProbe[]): boolean {
  if (outcome.tunnel !== null) return true;
  if (outcome.identification !== null) return false;
  return asksForTls(outcome.evidence) || expectsTls(probes, target.port);
}
