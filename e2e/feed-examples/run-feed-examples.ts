import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packFiles } from '@picket/base/adapters/pack-files';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { CompiledCheck } from '@picket/checks/check';
import { compileCheck } from '@picket/checks/compile-check';
import { nodeSockets } from '@picket/engine/adapters/node-sockets';
import type { CheckResult } from '@picket/engine/checks/check-run';
import { defaultCheckLimits } from '@picket/engine/checks/check-session';
import { noSettings } from '@picket/engine/checks/check-settings';
import { runSingleCheck } from '@picket/engine/checks/run-single';
import { profiles } from '@picket/plan/profile';
import { z } from 'zod';
import type { FeedExample, FeedServer } from './feed-example.ts';
import { surroundings } from './surroundings.ts';

const indexSchema = z.array(z.looseObject({ path: z.string(), id: z.string(), features: z.array(z.string()) }));

/** What the collection's index says of a template. */
export type IndexEntry = z.infer<typeof indexSchema>[number];

/** How one example came out; `faults` is empty when the template fired on the one answer and was silent on the other. */
export interface FeedOutcome {
  readonly id: string;
  readonly features: readonly string[];
  readonly faults: readonly string[];
}

/** Servers are on this machine: silence is known soon. */
const limits = { ...defaultCheckLimits, firstByteMs: 500, idleMs: 60, checkMs: 60_000, callBackMs: 1500 };
/** Examples at once. */
const atOnce = 8;

export function readIndex(collection: string): ReadonlyMap<string, IndexEntry> {
  const entries = indexSchema.parse(JSON.parse(readFileSync(join(collection, 'index.json'), 'utf8')));
  return new Map(entries.map((entry) => [entry.id, entry]));
}

/** Runs each template of the collection on its two answers, through the scope gate. */
export async function runFeedExamples(collection: string, examples: readonly FeedExample[]): Promise<FeedOutcome[]> {
  const index = readIndex(collection);
  const outcomes: FeedOutcome[] = [];
  const waiting = [...examples];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      outcomes.push(await runExample(collection, next, index.get(next.id)));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcomes.toSorted((a, b) => a.id.localeCompare(b.id));
}

async function runExample(
  collection: string,
  example: FeedExample,
  entry: IndexEntry | undefined,
): Promise<FeedOutcome> {
  const { id } = example;
  if (!entry) return { id, features: [], faults: ['the collection has no template of this id'] };
  const compiled = compileCheck(readFileSync(join(collection, entry.path), 'utf8'), packFiles(collection));
  if (!compiled.ok)
    return { id, features: entry.features, faults: compiled.error.problems.map(({ message }) => message) };
  const hit = await against(compiled.value, example.match, example);
  const miss = await against(compiled.value, example.none, example);
  const faults = [
    ...(hit.kind === 'found' ? [] : [`it does not fire: ${describe(hit)}`]),
    ...(miss.kind === 'found' ? [`it fires on the near miss: ${describe(miss)}`] : []),
  ];
  return { id, features: entry.features, faults };
}

async function against(check: CompiledCheck, server: FeedServer, { variables }: FeedExample): Promise<CheckResult> {
  const around = await surroundings(server);
  try {
    return await runSingleCheck(
      {
        check,
        endpoint: {
          address: '127.0.0.1',
          name: around.name,
          port: around.port,
          tls: server.protocol === 'https' || server.protocol === 'tls',
        },
        protocol: server.protocol === 'udp' ? 'udp' : 'tcp',
        intrusive: true,
        profile: profiles.lab,
        signal: new AbortController().signal,
        limits,
        settings: { ...noSettings, variables: new Map(Object.entries(variables)) },
      },
      { sockets: nodeSockets(), clock: systemClock, random: systemRandom, localAllowList: null, around: around.tools },
    );
  } finally {
    await around.close();
  }
}

function describe(result: CheckResult): string {
  if (result.kind === 'found') return JSON.stringify(result.findings[0]?.evidence).slice(0, 300);
  return result.kind === 'passed' ? 'passed' : `${result.failure.reason} ${result.failure.detail}`;
}
