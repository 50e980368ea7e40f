import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { KeyPair } from '@picket/base/adapters/ed25519';
import { isoTime } from '@picket/base/clock';
import { userError } from '@picket/base/error';
import { parseContentManifest } from '@picket/checks/content-manifest';
import { protocolLevel } from '@picket/contracts/protocol';
import { encodeBundleHead } from '@picket/contracts/release/bundle-header';
import { parseReleaseManifest, type ReleaseManifest, releaseLimits } from '@picket/contracts/release/release-manifest';
import type { ReleaseKind } from '@picket/contracts/release/release-version';
import { releaseFiles } from './release-folder.ts';

export interface BundleOrder {
  readonly folder: string;
  readonly kind: ReleaseKind;
  /** Software only; content says its own. */
  readonly version: string | null;
  /** Software only: least protocol level; default: the one of this software. */
  readonly level: number | null;
  readonly name: string | null;
  readonly key: KeyPair;
  /** The bundle; replaced whole. */
  readonly out: string;
  /** Unix milliseconds. */
  readonly now: number;
}

/** What starts an appliance of a software bundle; the launcher looks for it at the top. */
export const softwareEntry = 'appliance.mjs';

/** Packs a folder into a signed bundle. Throws a user error that says what can't be packed. */
export async function makeBundle(order: BundleOrder): Promise<ReleaseManifest> {
  const what = order.kind === 'content' ? await contentFacts(order) : softwareFacts(order);
  const files = await releaseFiles(order.folder);
  if (order.kind === 'software' && !files.some((file) => file.path === softwareEntry))
    throw userError('release.no-entry', `${order.folder} has no ${softwareEntry}.`, 'It is what the launcher starts.');
  const created = isoTime(order.now);
  const manifest = { format: 'picket-release-1', kind: order.kind, ...what, created, files };
  const bytes = new TextEncoder().encode(JSON.stringify(manifest));
  const parsed = parseReleaseManifest(bytes);
  if (!parsed.ok) throw userError('release.refused', `The bundle can't be made: ${parsed.error}.`);
  const size = bytes.length + files.reduce((sum, file) => sum + file.size, 0);
  if (bytes.length > releaseLimits.manifestBytes || size > releaseLimits.bundleBytes)
    throw userError(
      'release.too-large',
      `The bundle would have ${size} bytes.`,
      'Leave out what an appliance does not need.',
    );
  await write(order, encodeBundleHead(bytes, order.key), parsed.value);
  return parsed.value;
}

async function write(order: BundleOrder, head: Uint8Array, manifest: ReleaseManifest): Promise<void> {
  const draft = `${resolve(order.out)}.new`;
  const bytes = async function* () {
    yield head;
    for (const file of manifest.files) yield* createReadStream(join(order.folder, file.path));
  };
  try {
    await pipeline(bytes, createWriteStream(draft, { mode: 0o644 }));
    await rename(draft, resolve(order.out));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function contentFacts({ folder, name, version, level }: BundleOrder) {
  if (version !== null || level !== null)
    throw userError('release.version-given', 'Content says its own version and level, in its manifest.json.');
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null);
  const manifest = text === null ? null : parseContentManifest(text);
  if (manifest === null || !manifest.ok) {
    const why = manifest === null ? 'there is none' : manifest.error;
    throw userError('release.content-manifest', `The manifest.json of ${folder} can't be used: ${why}.`);
  }
  return { name: name ?? manifest.value.name, version: manifest.value.version, level: manifest.value.engineLevel };
}

function softwareFacts({ folder, name, version, level }: BundleOrder) {
  if (version === null)
    throw userError('release.version-missing', 'Software needs a version.', 'Give it with --number, such as 0.2.0.');
  return { name: name ?? basename(resolve(folder)), version, level: level ?? protocolLevel };
}
