import { err, ok, type Result } from '@picket/base/result';
import { z } from 'zod';
import { isoDateTime } from '../primitive.ts';
import { releaseKind, versionPatterns } from './release-version.ts';

/** What a bundle may hold at most. */
export const releaseLimits = {
  manifestBytes: 4_194_304,
  files: 20_000,
  pathLength: 240,
  fileBytes: 268_435_456,
  /** The whole bundle, header and manifest included. */
  bundleBytes: 536_870_912,
} as const;

/** A path inside a bundle: printable ASCII, `/` between names, never up, never absolute, no blank at the ends of a name. */
export function pathFault(path: string): string | null {
  if (path.length > releaseLimits.pathLength) return `is longer than ${releaseLimits.pathLength} characters`;
  if (!/^[\x20-\x7e]+$/.test(path) || path.includes('\\')) return 'holds a character that is not allowed';
  if (path.startsWith('/')) return 'is absolute';
  for (const name of path.split('/')) {
    if (name === '') return 'has an empty name in it';
    if (name === '.' || name === '..') return 'leads out of its folder';
    if (name !== name.trim()) return 'has a blank at the end of a name';
  }
  return null;
}

export const releaseFile = z.object({
  path: z.string(),
  size: z.number().int().min(0).max(releaseLimits.fileBytes),
  /** SHA-256, lower-case hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  executable: z.boolean(),
});
export type ReleaseFile = z.infer<typeof releaseFile>;

const manifestShape = z.object({
  /** Format of the bundle, and what keeps this signature from being one of something else. */
  format: z.literal('picket-release-1'),
  kind: releaseKind,
  name: z.string().min(1).max(128),
  version: z.string().max(40),
  /** Content: least engine level. Software: least protocol level that the platform must serve. */
  level: z.number().int().positive().max(1_000_000),
  created: isoDateTime,
  files: z.array(releaseFile).min(1).max(releaseLimits.files),
});
export type ReleaseManifest = z.infer<typeof manifestShape>;

/** Reads the bytes that were signed. The error is a clause that says what is wrong. */
export function parseReleaseManifest(bytes: Uint8Array): Result<ReleaseManifest, string> {
  const read = manifestShape.safeParse(jsonOf(bytes));
  if (!read.success) {
    const issue = read.error.issues[0];
    return err(`${issue?.path.join('.') || 'the manifest'}: ${issue?.message ?? 'not valid'}`.slice(0, 300));
  }
  const fault = manifestFault(read.data);
  return fault === null ? ok(read.data) : err(fault);
}

function manifestFault(manifest: ReleaseManifest): string | null {
  if (!versionPatterns[manifest.kind].test(manifest.version))
    return `${manifest.version} is no version of ${manifest.kind}`;
  const seen = new Set<string>();
  let bytes = 0;
  for (const { path, size } of manifest.files) {
    const fault = pathFault(path);
    if (fault !== null) return `the path ${JSON.stringify(path.slice(0, 80))} ${fault}`;
    if (seen.has(path)) return `the path ${path} is there twice`;
    seen.add(path);
    bytes += size;
  }
  if (bytes > releaseLimits.bundleBytes) return `its files are larger than ${releaseLimits.bundleBytes} bytes`;
  return folderFault(manifest.files, seen);
}

/** A file can't be the folder of another one. */
function folderFault(files: readonly ReleaseFile[], paths: ReadonlySet<string>): string | null {
  for (const { path } of files)
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
      if (paths.has(path.slice(0, at))) return `${path.slice(0, at)} is both a file and a folder`;
  return null;
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
