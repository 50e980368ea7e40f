import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyIdOf, verifierOf } from '@picket/base/adapters/ed25519';
import type { Clock } from '@picket/base/clock';
import { userError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import { applianceProblems, appliancePaths } from '@picket/contracts/protocol';
import { parseReleaseKeys } from '@picket/contracts/release/release-keys';
import { updateLimits } from '@picket/contracts/updates';
import type { SignedClient } from '@picket/outbound/signed-client';
import { contentVersion } from '../daemon/adapters/content-version.ts';
import { type DaemonConfig, softwareVersion } from '../daemon/config.ts';
import { readLayout } from '../netconf/adapters/read-layout.ts';
import { contentInUse } from './adapters/content-in-use.ts';
import { diskUpdateFiles } from './adapters/disk-update-files.ts';
import { tryContent } from './adapters/try-content.ts';
import type { FetchPart } from './download.ts';
import { updatesFolder } from './update-layout.ts';
import type { ReleaseTrust } from './update-files.ts';
import { type SliceGate, Updater } from './updater.ts';

export interface UpdateParts {
  readonly config: DaemonConfig;
  readonly client: SignedClient;
  readonly slices: SliceGate;
  readonly restart: () => void;
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** A part at 1.5 Mbit/s takes 1.4 s; a slow proxy is given much more, milliseconds. */
const partDeadlineMs = 120_000;

/** The updater of this appliance, on its disk and its platform; what an end of the process interrupted is settled when this resolves. */
export async function openUpdates(parts: UpdateParts): Promise<Updater> {
  const { config } = parts;
  const runFolder = config.networkSocket === null ? undefined : dirname(config.networkSocket);
  const shipped = { content: await contentVersion(config.contentDirectory), software: softwareVersion };
  const updater = new Updater({
    ...parts,
    files: await diskUpdateFiles(updatesFolder(config)),
    trust: config.releaseKeysFile === null ? null : await releaseTrust(config.releaseKeysFile),
    fetchPart: fetchParts(parts.client),
    tryContent: (folder, signal) => tryContent(folder, readLayout(runFolder), signal),
    shipped,
    contentFolder: () => contentInUse(updatesFolder(config), config.contentDirectory),
    launched: config.launched ? { version: config.runningVersion ?? softwareVersion } : null,
  });
  await updater.start();
  return updater;
}

async function releaseTrust(path: string): Promise<ReleaseTrust> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const keys = text === null ? null : parseReleaseKeys(text);
  if (!keys?.ok) {
    const why = keys === null ? "it can't be read" : keys.error;
    throw userError(
      'appliance.release-keys',
      `The file of release keys ${path} can't be used: ${why}.`,
      'Give the .pub file of "picket release key", or start without --release-keys: then nothing is installed.',
    );
  }
  const byId = new Map(keys.value.map((key) => [keyIdOf(key), verifierOf(key)]));
  return (keyId) => byId.get(keyId) ?? null;
}

function fetchParts(client: SignedClient): FetchPart {
  return async (range, signal) => {
    const answer = await client.send({
      method: 'POST',
      path: appliancePaths.bundle,
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(range)),
      deadlineMs: partDeadlineMs,
      maxAnswerBytes: updateLimits.rangeBytes + 65_536,
      signal,
    });
    if (!answer.ok) return { kind: 'later', detail: answer.error.detail };
    const { status, body, verified, problem } = answer.value;
    if (status === 200) return { kind: 'bytes', bytes: body };
    // Only the platform's own word ends an update.
    if (verified && problem?.code === applianceProblems.releaseGone) return { kind: 'gone' };
    return { kind: 'later', detail: `HTTP ${status}` };
  };
}
