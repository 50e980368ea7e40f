import { compilePayloads } from '../payloads.ts';
import { compileRawRequest } from './compile-raw-request.ts';
import type { HttpBlock, HttpPipeline, HttpRequestText } from './http-block.ts';
import { namesIn } from '../../dsl/parser.ts';
import { text } from '../../template/checked-text.ts';
import { compileCondition, compileOperators, type Operators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';
import { isMap } from '../../yaml-tree.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'PURGE', 'DEBUG'];
/** Fields that ask for something this first cut does not have: reported when they are switched on. */
const switches = ['protocol-redirects'];

/** Compiles one entry of `http:` (or `requests:`). */
export function compileHttp(reader: MapReader): HttpBlock {
  const payloads = compilePayloads(reader);
  const unsafe = reader.flag('unsafe');
  const raw = reader
    .texts('raw')
    .flatMap((source, index) => compileRawRequest(reader, `raw[${index}]`, source, unsafe) ?? []);
  const written = [...simpleRequests(reader), ...raw];
  const race = compileRace(reader);
  const requests = race !== null && race.count > 1 ? repeated(written, race.count) : written;
  const global = reader.flag('global-matchers');
  if (requests.length === 0 && !global) reader.wrong('path', 'there is neither a path nor a raw request');
  const operators = compileOperators(reader, 'body');
  if (reader.flag('self-contained')) reader.uses.add('own-place');
  if (reader.uses.has('own-place') && reader.flag('pipeline'))
    reader.unsupported('pipeline', 'pipeline:self-contained', 'a pipeline goes to the scanned service');
  for (const key of switches) {
    if (reader.flag(key)) reader.unsupported(key, `field:${key}`, 'this is not supported yet');
  }
  const redirects = [reader.flag('redirects'), reader.flag('host-redirects')].includes(true);
  const block: HttpBlock = {
    protocol: 'http',
    id: reader.text('id') || null,
    requests,
    payloads,
    operators,
    preCondition: compileCondition(reader, 'pre-condition'),
    redirects: redirects ? 'same-host' : 'none',
    maxRedirects: Math.min(10, reader.integer('max-redirects') || 10),
    cookies: !reader.flag('disable-cookie'),
    stopAtFirstMatch: reader.flag('stop-at-first-match'),
    indexed: reader.flag('req-condition') || usesIndexed(operators),
    iterateAll: reader.flag('iterate-all'),
    race: race && { together: race.together },
    pipeline: compilePipeline(reader),
    global,
    digest: compileDigest(reader),
    keepUnresolved: reader.flag('skip-variables-check'),
    maxSize: Math.min(1_048_576, reader.integer('max-size') || 1_048_576),
  };
  for (const what of global ? besideGlobal(block) : [])
    reader.unsupported('global-matchers', 'global-matchers', `global matchers and ${what} do not go together`);
  for (const what of block.pipeline === null ? [] : besidePipeline(block))
    reader.unsupported('pipeline', `pipeline:${what}`, `${what} and a pipeline do not go together`);
  // Hints for another runtime's scheduling, and the older spelling of a default.
  for (const key of ['name', 'threads', 'read-all', 'cookie-reuse', 'skip-secret-file', 'disable-path-automerge'])
    reader.node(key);
  reader.finish();
  return block;
}

/** Requests of one race. */
const mostRaced = 50;

function compileRace(reader: MapReader): { count: number; together: number } | null {
  const count = Math.min(mostRaced, Math.max(1, reader.integer('race_count') ?? 1));
  const threads = reader.integer('threads') ?? 0;
  if (!reader.flag('race')) return null;
  return { count, together: threads > 0 ? Math.min(mostRaced, threads) : mostRaced };
}

/** Connections of one pipeline, and requests on each of them. */
const mostPipelines = 8;
const mostPipelined = 50;

function compilePipeline(reader: MapReader): HttpPipeline | null {
  const within = (key: string, most: number, usual: number) => {
    const wanted = reader.integer(key) ?? 0;
    return wanted < 1 ? usual : Math.min(most, wanted);
  };
  const connections = within('pipeline-concurrent-connections', mostPipelines, 1);
  const perConnection = within('pipeline-requests-per-connection', mostPipelined, mostPipelined);
  return reader.flag('pipeline') ? { connections, perConnection } : null;
}

/** What a block wants that needs an answer before the next request goes out, or a connection of its own. */
function besidePipeline(block: HttpBlock): string[] {
  const wishes: readonly (readonly [string, boolean])[] = [
    ['race', block.race !== null],
    ['redirects', block.redirects !== 'none'],
    ['digest', block.digest !== null],
    ['iterate-all', block.iterateAll],
    ['numbered answers', block.indexed],
    ['another place', block.requests.some(({ host, serverName }) => host !== null || serverName !== null)],
  ];
  return wishes.flatMap(([what, wanted]) => (wanted ? [what] : []));
}

/** What a block wants that only requests of its own could give. */
function besideGlobal(block: HttpBlock): string[] {
  const wishes: readonly (readonly [string, boolean])[] = [
    ['requests', block.requests.length > 0],
    ['payloads', block.payloads !== null],
    ['a pre-condition', block.preCondition !== null],
    ['numbered answers', block.indexed],
    ['nothing to look for', block.operators.matchers.length + block.operators.extractors.length === 0],
  ];
  return wishes.flatMap(([what, wanted]) => (wanted ? [what] : []));
}

/** A race sends its first request again and again. */
function repeated(requests: readonly HttpRequestText[], count: number): HttpRequestText[] {
  const first = requests[0];
  return first === undefined ? [] : Array.from({ length: count }, () => first);
}

/** Whether the operators name a numbered answer such as `status_code_2`. */
function usesIndexed(operators: Operators): boolean {
  return operators.matchers.some(
    ({ part, test }) =>
      /_[0-9]+$/.test(part) ||
      (test.type === 'dsl' &&
        test.expressions.some((node) => [...namesIn(node).variables].some((name) => /_[0-9]+$/.test(name)))),
  );
}

function simpleRequests(reader: MapReader): HttpRequestText[] {
  const method = (reader.text('method') ?? 'GET').trim().toUpperCase();
  if (!methods.includes(method)) reader.wrong('method', `"${method.slice(0, 20)}" is not a method`);
  const body = reader.text('body');
  const node = reader.node('headers');
  const headers = Object.entries(isMap(node) ? node : {}).map(
    ([name, value]) => [name, text(reader, 'headers', typeof value === 'string' ? value : '')] as const,
  );
  return reader.texts('path').map((path) => ({
    method,
    target: text(reader, 'path', path),
    headers,
    body: body === undefined ? null : text(reader, 'body', body),
    timeoutMs: null,
    host: null,
    serverName: null,
    verbatim: null,
  }));
}

function compileDigest(reader: MapReader): HttpBlock['digest'] {
  const username = reader.text('digest-username');
  const password = reader.text('digest-password') ?? '';
  if (username === undefined || username === '') return null;
  return { username: text(reader, 'digest-username', username), password: text(reader, 'digest-password', password) };
}
