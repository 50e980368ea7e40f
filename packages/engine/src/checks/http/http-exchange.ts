import { type DigestRequest, digestAnswer, parseDigestChallenge } from '@picket/base/adapters/http-digest';
import type { Connection } from '@picket/base/dialer';
import type { Random } from '@picket/base/random';
import { err, ok, type Result } from '@picket/base/result';
import { type HttpAnswer, type HttpRequest, requestBytes } from '@picket/checks/run/http-message';
import { authority, type Endpoint, hostText } from '@picket/checks/run/target-scope';
import type { CheckFailure } from '../check-failure.ts';
import { type CheckSession, endpointKey, openConnection, spend, spendLogin } from '../check-session.ts';
import { accountOfRequest } from '../login-account.ts';
import { AnswerWatcher, readAnswer } from './http-framing.ts';

export interface ExchangeOptions {
  readonly redirects: 'none' | 'same-host';
  readonly maxRedirects: number;
  /** Not shared with others that ask the same. */
  readonly alone?: boolean;
  readonly maxBody: number;
  readonly timeoutMs: number | null;
  /** Kept across the requests of one check; null: cookies are off. */
  readonly cookies: Map<string, string> | null;
  /** Who answers a Digest challenge; null: nobody. */
  readonly digest: Pick<DigestRequest, 'username' | 'password'> | null;
}

export interface Exchanged {
  /** The last request's bytes. */
  readonly sent: string;
  readonly answer: HttpAnswer;
}

const noCookies: ReadonlyMap<string, string> = new Map();

/** Methods that may be sent again when a connection turns out to be closed (RFC 9110 section 9.2.2), and so may use an old one. */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Sends a request and follows redirects that stay on the same host, scheme and port. Identical requests go out once. */
export async function exchangeHttp(
  session: CheckSession,
  scanned: Endpoint,
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<Result<Exchanged, CheckFailure>> {
  const endpoint = request.place === null ? scanned : { ...scanned, ...request.place };
  const { serverName } = request;
  let current = request;
  let challenged = false;
  for (let hop = 0; ; hop += 1) {
    const place = endpointKey(endpoint, serverName ?? endpoint.name);
    const keeps = current.verbatim === null && repeatable.has(current.method) && session.pool.keeps(place);
    const sent = requestBytes(current, options.cookies ?? noCookies, keeps);
    const { port, tls } = endpoint;
    const question = { port, tls, serverName, maxBody: options.maxBody, sent };
    const account = accountOfRequest(current);
    const ask = { method: current.method, path: current.path, sent, serverName, keeps, account };
    const once = () => exchangeOnce(session, endpoint, ask, options);
    const outcome = options.alone ? await once() : await session.shared.get(question, once);
    if (!outcome.ok) return outcome;
    if (options.cookies) keepCookies(options.cookies, outcome.value);
    const authorised: HttpRequest | null = challenged
      ? null
      : authorise(current, outcome.value, options, session.random);
    challenged ||= authorised !== null;
    if (authorised !== null) {
      current = authorised;
      continue;
    }
    const next =
      options.redirects === 'same-host' && hop < options.maxRedirects
        ? redirected(current, outcome.value, endpoint)
        : null;
    if (next === null) return ok({ sent, answer: outcome.value });
    current = next;
  }
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly sent: string;
  readonly serverName: string | null;
  /** The account that it tries to log in to; null: it does not. */
  readonly account: string | null;
  /** The answer leaves the connection open for another request if the server wants it so. */
  readonly keeps: boolean;
}

async function exchangeOnce(
  session: CheckSession,
  endpoint: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Promise<Result<HttpAnswer, CheckFailure>> {
  const refused = spend(session, endpoint.port, question.path);
  if (refused) return err(refused);
  const tried = question.account === null ? null : spendLogin(session, 'http', endpoint.port, question.account);
  if (tried) return err(tried);
  const place = endpointKey(endpoint, question.serverName ?? endpoint.name);
  const idle = question.keeps ? session.pool.take(place) : null;
  if (idle !== null) {
    const answer = await askOn(idle, session, { ...question, place }, options);
    // The server had hung up before it could see the request: a new connection decides.
    if (answer.ok || answer.error.reason !== 'connection-failed') return answer;
  }
  const opened = await openConnection(session, endpoint, { alpn: ['http/1.1'], serverName: question.serverName });
  if (!opened.ok) return opened;
  return askOn(opened.value, session, { ...question, place }, options);
}

/** One request on an open connection, which then waits for the next one or is closed. */
async function askOn(
  connection: Connection,
  session: CheckSession,
  question: Question & { readonly place: string },
  options: ExchangeOptions,
): Promise<Result<HttpAnswer, CheckFailure>> {
  const { method, sent, keeps, place } = question;
  const watcher = new AnswerWatcher(method);
  let stays = false;
  try {
    const started = session.clock.monotonic();
    const wrote = await connection.write(Buffer.from(sent, 'latin1'));
    if (!wrote.ok) return err({ reason: 'connection-failed', detail: `writing: ${wrote.error.kind}` });
    const reply = await connection.read({
      timeoutMs: options.timeoutMs ?? session.limits.httpMs,
      maxBytes: options.maxBody + 65_536,
      until: watcher.isWhole,
    });
    if (reply.end === 'cancelled') return err({ reason: 'cancelled', detail: '' });
    const seconds = (session.clock.monotonic() - started) / 1000;
    const answer = readAnswer(reply.bytes, method, { maxBody: options.maxBody, seconds, end: reply.end }, watcher);
    stays = keeps && watcher.leavesOpen(reply.bytes);
    if (keeps && reply.end === 'timeout' && reply.bytes.length > 0) session.pool.closesOnly(place);
    if (answer) return ok(answer);
    const reason = reply.end === 'timeout' ? 'timeout' : 'connection-failed';
    return err({ reason, detail: reply.bytes.length === 0 ? `no answer (${reply.end})` : 'the answer is no HTTP' });
  } finally {
    if (stays) session.pool.give(place, connection);
    else connection.close();
  }
}

/** The same request with an answer to the server's Digest challenge; null when it asked for none, or nobody may answer. */
function authorise(
  request: HttpRequest,
  answer: HttpAnswer,
  options: ExchangeOptions,
  random: Random,
): HttpRequest | null {
  if (options.digest === null || answer.status !== 401 || request.verbatim !== null) return null;
  const fields = answer.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
  const challenge = parseDigestChallenge(fields.map(([, value]) => value).join(', '));
  if (challenge === null) return null;
  const { method, path: uri } = request;
  const clientNonce = random.uuid();
  const value = digestAnswer(challenge, { ...options.digest, method, uri, clientNonce, count: 1 });
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
  return { ...request, headers: [...headers, ['Authorization', value]] };
}

/** Takes the cookies that an answer sets (RFC 6265 section 4.1), at most 50 of them. */
export function keepCookies(jar: Map<string, string>, answer: HttpAnswer): void {
  for (const [name, value] of answer.headers) {
    const cookie =
      name.length === 10 && name.toLowerCase() === 'set-cookie'
        ? /^([^=;\s]{1,256})=([^;\r\n]{0,4096})/.exec(value)
        : null;
    if (cookie && jar.size < 50) jar.set(cookie[1] ?? '', cookie[2] ?? '');
  }
}

/** The request that a redirect asks for (RFC 9110 section 15.4), or null when it leaves the scanned service. */
function redirected(request: HttpRequest, answer: HttpAnswer, endpoint: Endpoint): HttpRequest | null {
  if (![301, 302, 303, 307, 308].includes(answer.status)) return null;
  const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
  const base = `${endpoint.tls ? 'https' : 'http'}://${authority(endpoint)}`;
  if (location === undefined || !URL.canParse(location, base + request.path)) return null;
  const url = new URL(location, base + request.path);
  const own = new URL(base);
  if (url.protocol !== own.protocol || url.port !== own.port) return null;
  if (url.hostname !== own.hostname && url.hostname !== hostText(endpoint)) return null;
  const keeps = answer.status === 307 || answer.status === 308;
  const path = `${url.pathname}${url.search}`;
  if (keeps) return { ...request, path, verbatim: null };
  const headers = request.headers.filter(([name]) => !/^content-/i.test(name));
  return { ...request, method: request.method === 'HEAD' ? 'HEAD' : 'GET', path, headers, body: '', verbatim: null };
}
