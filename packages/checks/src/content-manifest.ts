import { err, ok, type Result } from '@picket/base/result';
import { contentEngineLevel } from '@picket/contracts/release/content-engine-level';
import { z } from 'zod';

const manifest = z.object({
  name: z.string().max(128),
  /** A date-number: `20261121.1`. */
  version: z.string().regex(/^[0-9]{8}\.[0-9]{1,4}$/),
  /** Least engine level that can run it. */
  engineLevel: z.number().int().positive(),
});

export type ContentManifest = z.infer<typeof manifest>;

/** Reads `manifest.json`. The error is a clause that says what is wrong. */
export function parseContentManifest(text: string): Result<ContentManifest, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return err('it is no JSON');
  }
  const read = manifest.safeParse(parsed);
  if (!read.success) return err(z.prettifyError(read.error).replaceAll('\n', ' '));
  if (read.data.engineLevel > contentEngineLevel) {
    return err(`it needs engine level ${read.data.engineLevel}, this software has ${contentEngineLevel}`);
  }
  return ok(read.data);
}
