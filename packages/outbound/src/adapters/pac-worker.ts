import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '@picket/base/adapters/system';
import { evaluatePac } from '../proxy/evaluate-pac.ts';
import { pacLimits } from '../proxy/pac-script.ts';
import type { PacThreadData, PacThreadReport } from './pac-messages.ts';

/** The thread of one evaluation: runs the script, resolves the name that it asks for, and runs it again, until it knows enough. */
async function report(data: PacThreadData): Promise<PacThreadReport> {
  const names = new Map<string, string | null>();
  const now = systemClock.now();
  const facts = { now, offsetMinutes: new Date(now).getTimezoneOffset(), ownAddress: ownAddress() };
  for (let round = 0; round <= pacLimits.names; round += 1) {
    const outcome = await evaluatePac({ ...data, ...facts, names }, data.wasm, systemClock.monotonic);
    if (outcome.kind === 'found') return { result: outcome.result };
    if (outcome.kind === 'failed') return { reason: outcome.reason };
    const found = await lookup(outcome.name, { family: 4 }).catch(() => null);
    names.set(outcome.name, found?.address ?? null);
  }
  return { reason: `it asks for more than ${pacLimits.names} names` };
}

function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}

parentPort?.postMessage(await report(workerData as PacThreadData));
