import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { describeError } from '@picket/base/error';
import type { CompiledCheck } from '@picket/checks/check';
import { type CheckExample, type ExampleServer, parseExamples } from '@picket/checks/check-example';
import { startExampleServer } from './example-server.ts';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { scriptThreads } from '../adapters/script-thread.ts';
import type { ServiceEvent } from '../run/stages.ts';
import { type CheckResult, runCheck } from '../checks/check-run.ts';
import { type CheckLimits, checkSession, defaultCheckLimits } from '../checks/check-session.ts';
import type { KnownTls } from '../checks/tls/known-tls.ts';
import { surveyExample } from './example-survey.ts';
import { trapServers } from './trap-servers.ts';

/** One example or trap that a check was run against. */
export interface ContentTestCase {
  readonly check: string;
  readonly title: string;
  readonly ok: boolean;
  /** What happened instead; empty when it is as expected. */
  readonly message: string;
}

/** The servers are on this machine: answers come at once, and silence is known soon. */
/** One set of threads for all examples. */
const scripts = scriptThreads();

const testLimits: CheckLimits = {
  ...defaultCheckLimits,
  connectMs: 2000,
  httpMs: 3000,
  firstByteMs: 400,
  idleMs: 60,
  checkMs: 20_000,
};

/** Reads the examples of a check, which lie beside it. The error says what is wrong with the file. */
export async function readExamples(directory: string, file: string): Promise<readonly CheckExample[] | string> {
  try {
    const parsed = parseExamples(await readFile(join(directory, file), 'utf8'));
    return parsed.ok ? parsed.value : parsed.error;
  } catch (error) {
    return describeError(error);
  }
}

/** Runs a check against each of its examples, over real sockets on the loopback address. */
export async function testExamples(
  check: CompiledCheck,
  examples: readonly CheckExample[],
): Promise<ContentTestCase[]> {
  const cases = examples.map(async (example) => {
    const message = judge(example, await against(check, example.server, example.names ?? []));
    return { check: check.id, title: example.title, ok: message === '', message };
  });
  return [...(await Promise.all(cases)), ...missingKinds(check, examples)];
}

function missingKinds(check: CompiledCheck, examples: readonly CheckExample[]): ContentTestCase[] {
  return (['match', 'none'] as const)
    .filter((kind) => !examples.some((example) => example.expect === kind))
    .map((kind) => ({
      check: check.id,
      title: `has an example that expects "${kind}"`,
      ok: false,
      message: 'there is none',
    }));
}

/** Runs a check against servers that mean nothing: it must not find anything, nor pass where its question has no answer. */
export async function testTraps(check: CompiledCheck): Promise<ContentTestCase[]> {
  const cases = trapServers(check).map(async ({ title, server, answers }) => {
    const result = await against(check, server, []);
    const good = result.kind === 'not-evaluable' || (answers && result.kind === 'passed');
    const message = good ? '' : `it said ${describe(result)}`;
    return { check: check.id, title, ok: message === '', message };
  });
  return Promise.all(cases);
}

async function against(
  check: CompiledCheck,
  description: ExampleServer,
  names: readonly string[],
): Promise<CheckResult> {
  const server = await startExampleServer(description);
  try {
    const tls = description.protocol === 'https' || description.protocol === 'tls';
    const service = serviceFor(check, { port: server.port, udp: description.protocol === 'udp', tls });
    const endpoint = { address: '127.0.0.1', name: names[0] ?? null, port: server.port, tls };
    const tools = {
      dialer: nodeSockets(),
      clock: systemClock,
      random: systemRandom,
      signal: new AbortController().signal,
    };
    const known = tls ? await surveyExample(check, server.port) : new Map<number, KnownTls>();
    const session = checkSession(tools, testLimits, known, undefined, { scripts });
    const result = await runCheck(check, { service, endpoint, contentVersion: 'test', intrusive: true }, session);
    session.pool.close();
    return result;
  } finally {
    await server.close();
  }
}

function serviceFor(check: CompiledCheck, at: { port: number; udp: boolean; tls: boolean }): ServiceEvent {
  return {
    type: 'service',
    unit: { phase: 'services', subject: '127.0.0.1' },
    time: new Date(0).toISOString(),
    address: '127.0.0.1',
    protocol: at.udp ? 'udp' : 'tcp',
    port: at.port,
    service: check.services[0] ?? 'http',
    cpes: [],
    confidence: 1,
    method: 'probe',
    ...(at.tls ? { tunnel: 'tls' as const } : {}),
  };
}

function judge(example: CheckExample, result: CheckResult): string {
  if (example.expect === 'unanswered')
    return result.kind === 'not-evaluable' ? '' : `expected that it cannot be judged, got ${describe(result)}`;
  if (example.expect === 'none') return result.kind === 'passed' ? '' : `expected nothing, got ${describe(result)}`;
  if (result.kind !== 'found') return `expected a finding, got ${describe(result)}`;
  const extracted = result.findings.flatMap((finding) => finding.evidence.extracted ?? []);
  const missing = (example.extracted ?? []).filter((value) => !extracted.includes(value));
  return missing.length === 0 ? '' : `expected ${JSON.stringify(missing)} among ${JSON.stringify(extracted)}`;
}

function describe(result: CheckResult): string {
  if (result.kind === 'found') return `a finding: ${JSON.stringify(result.findings[0]?.evidence).slice(0, 400)}`;
  return result.kind === 'passed' ? 'passed' : `not evaluable: ${result.failure.reason} ${result.failure.detail}`;
}
