import type { Clock } from '@picket/base/clock';
import type { Connection, Dialer } from '@picket/base/dialer';
import type { Random } from '@picket/base/random';
import { err, ok, type Result } from '@picket/base/result';
import type { HttpAnswer } from '@picket/checks/run/http-message';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { type CheckFailure, failureOf } from './check-failure.ts';
import { type CheckSettings, noSettings } from './check-settings.ts';
import { ExchangeBudget } from './exchange-budget.ts';
import type { DnsPort } from '../dns/dns-port.ts';
import type { OastPort } from '../oast/oast-port.ts';
import type { TargetFiles } from './file/target-files.ts';
import { ConnectionPool } from './http/connection-pool.ts';
import { ScriptInits } from './javascript/init/script-inits.ts';
import type { ScriptRunner } from './javascript/sandbox/script-messages.ts';
import { loginTriesOf, type LoginTries, memoryLoginTries, triesPerAccount } from './login-tries.ts';
import type { KnownTls } from './tls/known-tls.ts';

/** Bounds of one host's checks. Milliseconds and bytes. */
export interface CheckLimits {
  readonly connectMs: number;
  /** One HTTP exchange, from the first byte sent. */
  readonly httpMs: number;
  /** Waiting for the first byte of a reply that is not HTTP, and for more after it. */
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly checkMs: number;
  /** Waiting for a target to call back after one request. */
  readonly callBackMs: number;
  /** Exchanges that all checks of one host may make together, and those of one of its ports. */
  readonly exchangesPerHost: number;
  readonly exchangesPerPort: number;
  /** Exchanges about one path of a web server: more of them is guessing at it. */
  readonly exchangesPerPath: number;
  /** Memory for shared answers of one host; 0: nothing is shared. */
  readonly sharedBytes: number;
}

export const defaultCheckLimits: CheckLimits = {
  connectMs: 4000,
  httpMs: 12_000,
  firstByteMs: 4000,
  idleMs: 300,
  checkMs: 60_000,
  callBackMs: 5000,
  exchangesPerHost: 100_000,
  exchangesPerPort: 20_000,
  exchangesPerPath: 500,
  sharedBytes: 16_777_216,
};

/** What the checks of one host share: the way out, the budget and the answers to requests that several make. */
export interface CheckSession {
  readonly dialer: Dialer;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends everything of this host. */
  readonly signal: AbortSignal;
  readonly limits: CheckLimits;
  readonly budget: ExchangeBudget;
  readonly shared: SharedAnswers;
  /** Connections that wait for another request; whoever made the session closes it at the end. */
  readonly pool: ConnectionPool;
  /** What identification found out about TLS, by port. */
  readonly knownTls: ReadonlyMap<number, KnownTls>;
  readonly settings: CheckSettings;
  /** The configured resolver; null: none is asked. */
  readonly dns: DnsPort | null;
  /** Where targets can call back to; null: nothing listens. */
  readonly oast: OastPort | null;
  readonly scripts: ScriptRunner;
  /** What `init:` scripts gave; all hosts of a scan share it. */
  readonly inits: ScriptInits;
  /** Leave to try passwords. */
  readonly logins: LoginTries;
  /** The folder that its user wants looked into; null: none, as in every scan. */
  readonly files: TargetFiles | null;
}

/** What checks may use beyond the host itself. */
export type CheckSurroundings = Pick<CheckSession, 'dns' | 'oast' | 'scripts' | 'inits' | 'logins' | 'files'>;

export function checkSession(
  tools: Pick<CheckSession, 'dialer' | 'clock' | 'random' | 'signal'>,
  limits: CheckLimits,
  knownTls: ReadonlyMap<number, KnownTls> = new Map(),
  settings: CheckSettings = noSettings,
  around: Partial<CheckSurroundings> = {},
): CheckSession {
  const { dialer, clock, random, signal } = tools;
  const budget = new ExchangeBudget(limits);
  const shared = new SharedAnswers(limits.sharedBytes);
  return {
    dialer,
    clock,
    random,
    signal,
    limits,
    budget,
    shared,
    pool: new ConnectionPool(),
    knownTls,
    settings,
    dns: around.dns ?? null,
    oast: around.oast ?? null,
    scripts: around.scripts ?? noScripts,
    inits: around.inits ?? new ScriptInits(),
    files: around.files ?? null,
    logins: around.logins ?? loginTriesOf(memoryLoginTries(), 'host', () => clock.now()),
  };
}

/** Where nobody brought a sandbox, no script runs. */
const noScripts: ScriptRunner = {
  run: async () => ({ kind: 'threw', message: 'there is no sandbox for scripts here' }),
};

/** Takes one exchange with a port, and with a path of it if there is one, from the budget. */
export function spend(session: CheckSession, port: number, path?: string): CheckFailure | null {
  const full = session.budget.spend(port, path);
  return full === null ? null : { reason: 'budget-exhausted', detail: full };
}

/** Takes one try to log in to an account. */
export function spendLogin(session: CheckSession, service: string, port: number, account: string): CheckFailure | null {
  if (session.logins.mayTry(service, port, account)) return null;
  const whose = account === '' ? 'a password' : `the account "${account.slice(0, 40)}"`;
  return {
    reason: 'budget-exhausted',
    detail: `${whose} was tried ${triesPerAccount} times on this host today: more could lock it out`,
  };
}

/** What has to be the same for a connection to serve another request. */
export function endpointKey(endpoint: Endpoint, serverName: string | null): string {
  return `${endpoint.port} ${endpoint.tls ? `tls ${serverName ?? ''}` : 'plain'}`;
}

/** Opens a connection, with TLS when the endpoint speaks it from the first byte. */
export async function openConnection(
  session: CheckSession,
  endpoint: Endpoint,
  options: { alpn?: readonly string[]; serverName?: string | null } = {},
): Promise<Result<Connection, CheckFailure>> {
  const timeoutMs = session.limits.connectMs;
  const { address, port } = endpoint;
  const serverName = options.serverName ?? session.settings.serverName ?? endpoint.name;
  session.pool.makeRoom(endpointKey(endpoint, serverName));
  const dialed = await session.dialer.connectTcp({ address, port, timeoutMs, signal: session.signal });
  if (!dialed.ok) return err(failureOf(dialed.error));
  if (!endpoint.tls) return dialed;
  const secured = await dialed.value.startTls({
    timeoutMs,
    ...(serverName === null ? {} : { serverName }),
    ...(options.alpn === undefined ? {} : { alpn: options.alpn }),
  });
  if (secured.ok) return ok(dialed.value);
  dialed.value.close();
  return err(failureOf(secured.error, true));
}

type Outcome = Result<HttpAnswer, CheckFailure>;

/** What has to be the same for two requests to have one answer: where they go, how much of a body is read, and their bytes. */
export interface SharedQuestion {
  readonly port: number;
  readonly tls: boolean;
  readonly serverName: string | null;
  readonly maxBody: number;
  readonly sent: string;
}

/** An answer that is kept, with its question. */
export interface SeenAnswer extends SharedQuestion {
  readonly answer: HttpAnswer;
}

/** Answers to identical requests: each goes out once, and everybody who asks the same waits for the one answer. */
export class SharedAnswers {
  readonly #limit: number;
  readonly #answers = new Map<string, Promise<Outcome>>();
  readonly #seen: SeenAnswer[] = [];
  readonly #looked = new Map<string, Set<string>>();
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Digests of the answers that a check of seen answers has looked at; it adds to them. */
  lookedAt(check: string): Set<string> {
    const looked = this.#looked.get(check) ?? new Set();
    this.#looked.set(check, looked);
    return looked;
  }

  /** The answers of a service that are kept, in the order they came. */
  ofService(port: number, tls: boolean): readonly SeenAnswer[] {
    return this.#seen.filter((seen) => seen.port === port && seen.tls === tls);
  }

  async get(question: SharedQuestion, ask: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#limit === 0) return ask();
    const { port, tls, serverName, maxBody, sent } = question;
    const key = `${port}|${tls}|${serverName ?? ''}|${maxBody}|${sent}`;
    const known = this.#answers.get(key);
    if (known) return known;
    const asked = ask();
    this.#answers.set(key, asked);
    const outcome = await asked;
    // A failure may pass.
    if (!outcome.ok || this.#bytes + outcome.value.body.length > this.#limit) this.#answers.delete(key);
    else {
      this.#bytes += outcome.value.body.length + outcome.value.head.length;
      this.#seen.push({ ...question, answer: outcome.value });
    }
    return outcome;
  }
}
