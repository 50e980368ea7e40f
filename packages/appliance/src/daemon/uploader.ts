import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import { type UploadAnswer, uploadAnswer } from '@picket/contracts/poll';
import { applianceLimits, appliancePaths } from '@picket/contracts/protocol';
import { parseJson, type SignedAnswer, type SignedClient } from '@picket/outbound/signed-client';
import { beginStream } from './new-stream.ts';
import { nextUploadSize, wholeUploads } from './upload-size.ts';
import { type Numbering, toWire } from './spool/numbering.ts';
import type { Spool, SpoolBatch } from './spool/spool.ts';
import type { Tries } from './tries.ts';

const compress = promisify(gzip);

export interface UploaderDeps {
  readonly spool: Spool;
  /** The stream as it stands at the start, and what keeps a new one. */
  readonly numbering: Numbering;
  readonly saveNumbering: (next: Numbering) => Promise<void>;
  /** Platform time, milliseconds since the epoch. */
  readonly now: () => number;
  readonly client: SignedClient;
  readonly tries: Tries;
  readonly random: Pick<Random, 'uuid'>;
  readonly log: Log;
  /** What is wrong with uploading now, or null once it works. */
  readonly onTrouble: (trouble: { readonly code: string; readonly message: string } | null) => void;
  /** A signed refusal that concerns the appliance as a whole. */
  readonly onRefused: (answer: SignedAnswer) => void;
}

/** Half of what the platform takes: this bounds the daemon's memory, not the speed. */
const batchBytes = applianceLimits.batchBytesUnpacked / 4;

/** Sends what is durable in the spool, in order, until `signal` aborts. Runs beside the poll loop. */
export async function runUploader(deps: UploaderDeps, signal: AbortSignal): Promise<void> {
  const tried = deps.tries.of();
  let size = wholeUploads;
  let { numbering } = deps;
  while (!signal.aborted) {
    const next = await deps.spool.read(deps.spool.acked, size.most, batchBytes);
    if (next === null) {
      await spoolChange(deps.spool, signal);
      continue;
    }
    const outcome = await upload(deps, numbering, next, signal);
    if (signal.aborted) return;
    if (typeof outcome === 'object') numbering = await newStream(deps, numbering, outcome.wanted);
    else size = nextUploadSize(size, outcome, next.count);
    if (outcome === 'stored') {
      tried.worked();
      deps.onTrouble(null);
    } else if (outcome !== 'too-large') await tried.failed(signal).catch(() => {});
  }
}

/** `wanted`: the platform goes on with an event (by the spool's numbers) that is not here. */
type Outcome = 'stored' | 'too-large' | 'cut' | 'failed' | { readonly wanted: number };

async function upload(
  deps: UploaderDeps,
  numbering: Numbering,
  next: SpoolBatch,
  signal: AbortSignal,
): Promise<Outcome> {
  const { stream, base } = numbering;
  const body = new Uint8Array(await compress(toWire(next.bytes, base)));
  if (body.byteLength > applianceLimits.batchBytes && next.count > 1) return 'too-large';
  const result = await deps.client.send({
    method: 'POST',
    path: appliancePaths.events,
    query: `stream=${stream}&first=${next.first - base}&count=${next.count}`,
    contentType: 'application/x-ndjson',
    contentEncoding: 'gzip',
    body,
    deadlineMs: 120_000,
    maxAnswerBytes: 65_536,
    signal,
  });
  if (!result.ok) {
    if (!signal.aborted)
      deps.log.write('warning', 'upload.failed', { kind: result.error.kind, detail: result.error.detail });
    deps.onTrouble({ code: `upload.${result.error.kind}`, message: result.error.message });
    return result.error.kind === 'closed' || result.error.kind === 'deadline' ? 'cut' : 'failed';
  }
  return settle(deps, base, next, result.value);
}

async function settle(deps: UploaderDeps, base: number, sent: SpoolBatch, answer: SignedAnswer): Promise<Outcome> {
  if (answer.status === 413 && sent.count > 1) return 'too-large';
  const parsed = answer.verified && (answer.status < 300 || answer.status === 409) ? readAnswer(answer) : null;
  if (parsed) return take(deps, sent, parsed.next + base);
  if (answer.verified) deps.onRefused(answer);
  const code = answer.problem?.code ?? `http-${answer.status}`;
  deps.log.write('warning', 'upload.refused', { status: answer.status, code });
  deps.onTrouble({
    code: 'upload.refused',
    message: `The platform refused an upload: ${answer.problem?.detail ?? code}`.slice(0, 512),
  });
  return 'failed';
}

/** `next` rules: what is before it is deleted, and sending goes on from it, be that further on or further back. */
async function take(deps: UploaderDeps, sent: SpoolBatch, next: number): Promise<Outcome> {
  if (next < deps.spool.acked && (await deps.spool.rewind(next))) {
    deps.log.write('warning', 'upload.rewound', { next });
    return 'failed';
  }
  if (next > deps.spool.durableNext || next < deps.spool.acked) return { wanted: next };
  await deps.spool.ack(next);
  return next > sent.first ? 'stored' : 'failed';
}

/** The numbering to go on with: the old one while the new one can't be kept. */
async function newStream(deps: UploaderDeps, before: Numbering, wanted: number): Promise<Numbering> {
  try {
    return await beginStream(deps, wanted);
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unknown';
    const held = `${deps.spool.acked} to ${deps.spool.durableNext - 1}`;
    const message = `The platform asks for event ${wanted}; this appliance holds ${held} and can't begin anew: ${detail}`;
    deps.onTrouble({ code: 'upload.diverged', message: message.slice(0, 512) });
    return before;
  }
}

function readAnswer(answer: SignedAnswer): UploadAnswer | null {
  const parsed = uploadAnswer.safeParse(parseJson(answer.body));
  return parsed.success ? parsed.data : null;
}

function spoolChange(spool: Spool, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      stop();
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const stop = spool.onChange(finish);
    signal.addEventListener('abort', finish);
    if (signal.aborted || spool.durableNext > spool.acked) finish();
  });
}
