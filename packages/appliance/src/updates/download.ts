import { type BackoffOptions, backoffDelay } from '@picket/base/backoff';
import type { Clock } from '@picket/base/clock';
import type { Random } from '@picket/base/random';
import { updateLimits, type WantedBundle } from '@picket/contracts/updates';
import type { UpdateFailure } from './update-failure.ts';
import type { UpdateFiles } from './update-files.ts';

/** What became of asking for a part. `later`: nothing came, for now. */
export type PartAnswer =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'gone' }
  | { readonly kind: 'later'; readonly detail: string };

/** Asks the platform for bytes of a bundle. */
export type FetchPart = (
  range: { readonly sha256: string; readonly offset: number; readonly length: number },
  signal: AbortSignal,
) => Promise<PartAnswer>;

export interface DownloadDeps {
  readonly files: Pick<UpdateFiles, 'partSize' | 'append' | 'dropPart'>;
  readonly fetchPart: FetchPart;
  readonly clock: Clock;
  readonly random: Random;
}

const backoff: BackoffOptions = { firstMs: 1000, maxMs: 60_000 };

/**
 * Brings a bundle here, from the byte reached on. A line that is cut costs at most one part; it goes on until the bundle is here, is gone, or `signal`
 * aborts (then it rejects).
 */
export async function download(
  { files, fetchPart, clock, random }: DownloadDeps,
  { sha256, bytes }: WantedBundle,
  onProgress: (percent: number) => void,
  signal: AbortSignal,
): Promise<UpdateFailure | null> {
  let offset = await files.partSize(sha256);
  if (offset > bytes) {
    await files.dropPart(sha256);
    offset = 0;
  }
  for (let failures = 0; offset < bytes; ) {
    onProgress(Math.floor((100 * offset) / bytes));
    const length = Math.min(updateLimits.rangeBytes, bytes - offset);
    const answer = await fetchPart({ sha256, offset, length }, signal);
    signal.throwIfAborted();
    if (answer.kind === 'gone') return { code: 'release.gone', detail: 'the release was withdrawn', lasting: false };
    if (answer.kind === 'later') {
      await clock.sleep(backoffDelay(backoff, failures, random), signal);
      failures += 1;
      continue;
    }
    failures = 0;
    const part = answer.bytes.subarray(0, length);
    if (part.length === 0)
      return { code: 'bundle.cut-off', detail: `it ends at byte ${offset} of ${bytes}`, lasting: true };
    await files.append(sha256, offset, part);
    offset += part.length;
  }
  return null;
}
