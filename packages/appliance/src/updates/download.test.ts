import { systemRandom } from '@picket/base/adapters/system';
import type { WantedBundle } from '@picket/contracts/updates';
import { FakeClock } from '@picket/testkit/fake-clock';
import { describe, expect, it } from 'vitest';
import { download, type PartAnswer } from './download.ts';
import { MemoryUpdateFiles } from './testing/memory-update-files.ts';

const whole = new Uint8Array(700_000).map((_, at) => at % 251);
const sha256 = 'a'.repeat(64);
const offer: WantedBundle = {
  kind: 'content',
  version: '20261129.1',
  sha256,
  bytes: whole.length,
  now: 0,
  rollback: false,
};

/** Downloads while `script` says what becomes of each request; the bytes themselves where it says nothing. */
async function run(files: MemoryUpdateFiles, script: (at: number) => PartAnswer | null = () => null) {
  const clock = new FakeClock();
  const asked: number[] = [];
  const percents: number[] = [];
  const fetchPart = async ({ offset, length }: { offset: number; length: number }): Promise<PartAnswer> => {
    asked.push(offset);
    return script(asked.length) ?? { kind: 'bytes', bytes: whole.subarray(offset, offset + length) };
  };
  const deps = { files, fetchPart, clock, random: systemRandom };
  const failure = await clock.drive(
    download(deps, offer, (percent) => percents.push(percent), new AbortController().signal),
  );
  return { failure, asked, percents };
}

describe('a download', () => {
  it('comes in parts, and tells how far it is', async () => {
    const files = new MemoryUpdateFiles();
    expect(await run(files)).toEqual({ failure: null, asked: [0, 262_144, 524_288], percents: [0, 37, 74] });
    expect(files.parts.get(sha256)).toEqual(whole);
  });

  it('goes on at the byte reached, after whatever was cut', async () => {
    const files = new MemoryUpdateFiles();
    files.parts.set(sha256, whole.slice(0, 500_000));
    const { asked } = await run(files, (at) => (at < 3 ? { kind: 'later', detail: 'cut' } : null));
    expect(asked).toEqual([500_000, 500_000, 500_000]);
    expect(files.parts.get(sha256)).toEqual(whole);
  });

  it('begins anew when more is here than there should be', async () => {
    const files = new MemoryUpdateFiles();
    files.parts.set(sha256, new Uint8Array(800_000));
    expect((await run(files)).asked[0]).toBe(0);
    expect(files.parts.get(sha256)).toEqual(whole);
  });

  it('takes no more than it asked for', async () => {
    const files = new MemoryUpdateFiles();
    await run(files, (at) => (at === 1 ? { kind: 'bytes', bytes: new Uint8Array(9_000_000) } : null));
    expect(files.parts.get(sha256)).toHaveLength(whole.length);
  });

  it('ends when the release is gone or shorter than it should be', async () => {
    expect((await run(new MemoryUpdateFiles(), () => ({ kind: 'gone' }))).failure?.code).toBe('release.gone');
    const empty: PartAnswer = { kind: 'bytes', bytes: new Uint8Array() };
    expect((await run(new MemoryUpdateFiles(), (at) => (at === 2 ? empty : null))).failure).toMatchObject({
      code: 'bundle.cut-off',
      lasting: true,
    });
  });
});
