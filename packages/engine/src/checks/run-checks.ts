import type { CompiledCheck } from '@picket/checks/check';
import type { CheckPayload, CheckTarget, CheckTools, RunChecks } from '../run/stages.ts';
import { checkHostPlaces, lateChecks, type ScanContent } from './check-host-places.ts';
import {
  type CheckLimits,
  type CheckSession,
  type CheckSurroundings,
  checkSession,
  defaultCheckLimits,
} from './check-session.ts';
import { noSettings } from './check-settings.ts';
import { ScriptInits } from './javascript/init/script-inits.ts';
import { loginTriesOf, type LoginTryStore, memoryLoginTries } from './login-tries.ts';
import { selfContained } from './select-checks.ts';
import { knownTlsOf } from './tls/known-tls.ts';

/**
 * The checks stage: runs what can apply to the services of a host, `parallel` checks at once, and tells for every one
 * whether it found something, passed, or could not be evaluated. Findings come before the `checked` event that says how far the checks are.
 */
export function createRunChecks(
  library: ScanContent,
  limits: CheckLimits = defaultCheckLimits,
  around: CheckServices = {},
): RunChecks {
  const store = around.loginTries ?? memoryLoginTries();
  const inits = new ScriptInits();
  const open = (target: CheckTarget, tools: CheckTools) => {
    const logins = loginTriesOf(store, target.address, () => tools.clock.now());
    return checkSession(tools, limits, knownTlsOf(target.services), noSettings, { logins, inits, ...around });
  };
  const late = lateChecks(library);
  let told = false;
  return async function* (target, tools) {
    const note = told ? null : noteOnOwnPlaces(library.checks);
    told = true;
    if (note !== null) yield note;
    yield* run({ library, late }, open(target, tools), target, tools);
  };
}

/** Ids that the note names. */
const mostNamed = 5;

/** Says once what becomes of checks that name servers of their own; null when there are none. */
function noteOnOwnPlaces(checks: readonly CompiledCheck[]): CheckPayload | null {
  const ids = selfContained(checks).map(({ id }) => id);
  if (ids.length === 0) return null;
  const some = ids.slice(0, mostNamed).join(', ') + (ids.length > mostNamed ? ' and others' : '');
  const message = `${ids.length} self-contained checks (${some}) name servers of their own. Each runs where its server is a target of this scan and known by that name or address; all other servers are outside the scope, and it does not run on them.`;
  return { type: 'note', level: 'info', code: 'engine.checks-own-place', message };
}

/** What checks may use beyond the host's tools. */
export interface CheckServices extends Partial<CheckSurroundings> {
  /** Keeps how often accounts were tried. Default: for this process only. */
  readonly loginTries?: LoginTryStore;
}

async function* run(
  content: { readonly library: ScanContent; readonly late: ReadonlySet<string> },
  session: CheckSession,
  target: CheckTarget,
  tools: CheckTools,
): AsyncGenerator<CheckPayload> {
  try {
    yield* checkHostPlaces(content, session, target, tools);
  } finally {
    session.pool.close();
  }
}
