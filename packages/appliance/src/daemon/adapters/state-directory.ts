import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { userError } from '@picket/base/error';
import type { Random } from '@picket/base/random';
import {
  type EnrolmentTarget,
  formatEnrolment,
  type Identity,
  identity,
  parseEnrolment,
} from '@picket/contracts/enrolment';
import { type KeyPair, keyPairFromPem, newPrivateKeyPem } from '@picket/base/adapters/ed25519';
import { statusFileName } from '../../local/status.ts';
import { type StoredNetworkErrors, storedNetworkErrors } from '../network-error-history.ts';
import { type Numbering, numbering } from '../spool/numbering.ts';
import { createFile, privateFolder, readIfThere, removeFile, replaceFile } from './private-files.ts';
import { lockState } from './state-lock.ts';

/** Places of the platform that are remembered. */
const mostPlaces = 8;
/** Tells, once a second stream was begun, which one the spool is uploaded as. */
const numberingFile = 'numbering.json';

/** Everything the appliance keeps: one folder of mode 0700, taken by one daemon at a time. */
export interface StateDirectory {
  readonly path: string;
  /** The device's key; made at first use, never leaves the folder. */
  key(): Promise<KeyPair>;
  /** The platform that this state belongs to. */
  enrolment(): Promise<EnrolmentTarget | null>;
  saveEnrolment(target: EnrolmentTarget): Promise<void>;
  /** Takes over the place that the platform moved to; the one before is remembered. */
  saveMove(target: EnrolmentTarget, ca: string | null): Promise<void>;
  /** Whether the platform was at this place before it moved. */
  wasAt(target: EnrolmentTarget): Promise<boolean>;
  ca(): Promise<string | null>;
  saveCa(pem: string): Promise<void>;
  dropCa(): Promise<void>;
  identity(): Promise<Identity | null>;
  saveIdentity(value: Identity): Promise<void>;
  saveStatus(json: string): Promise<void>;
  /** What the platform has not heard of yet; none when the file can't be read. */
  networkErrors(): Promise<StoredNetworkErrors>;
  saveNetworkErrors(errors: StoredNetworkErrors): Promise<void>;
  /** Folder of the spool and the stream that it is uploaded as; made at first use. */
  spoolStream(random: Random): Promise<{ readonly folder: string; readonly numbering: Numbering }>;
  saveNumbering(next: Numbering): Promise<void>;
  readonly leasesFolder: string;
  release(): Promise<void>;
}

export async function openStateDirectory(path: string): Promise<StateDirectory> {
  await privateFolder(path);
  const release = await lockState(path);
  const at = (name: string) => join(path, name);
  await privateFolder(at('leases'));
  await privateFolder(at('spool'));
  return {
    path,
    key: () => deviceKey(at('key.pem')),
    enrolment: () => readEnrolment(at('enrolment')),
    saveEnrolment: (target) => replaceFile(at('enrolment'), `${formatEnrolment(target)}\n`),
    saveMove: async (target, ca) => {
      const before = (await readIfThere(at('enrolment'))) ?? '';
      const lines = [formatEnrolment(target), ...before.split('\n').filter((line) => line !== '')];
      // An authority that does not fit the place is fetched anew: whichever of the two a crash leaves behind, the platform is found.
      await replaceFile(at('enrolment'), `${[...new Set(lines)].slice(0, mostPlaces).join('\n')}\n`);
      await (ca === null ? removeFile(at('ca.pem')) : replaceFile(at('ca.pem'), ca));
    },
    wasAt: async (target) => {
      const lines = ((await readIfThere(at('enrolment'))) ?? '').split('\n');
      return lines.slice(1).includes(formatEnrolment(target));
    },
    ca: () => readIfThere(at('ca.pem')),
    saveCa: (pem) => replaceFile(at('ca.pem'), pem),
    dropCa: () => removeFile(at('ca.pem')),
    identity: () => readIdentity(at('identity.json')),
    saveIdentity: (value) => replaceFile(at('identity.json'), `${JSON.stringify(value)}\n`),
    saveStatus: (json) => replaceFile(at(statusFileName), json, false),
    networkErrors: () => readNetworkErrors(at('network-errors.json')),
    saveNetworkErrors: (errors) => replaceFile(at('network-errors.json'), `${JSON.stringify(errors)}\n`),
    spoolStream: (random) => spoolStream(at('spool'), random),
    saveNumbering: (next) => replaceFile(join(at('spool'), numberingFile), `${JSON.stringify(next)}\n`),
    leasesFolder: at('leases'),
    release,
  };
}

async function deviceKey(path: string): Promise<KeyPair> {
  await createFile(path, newPrivateKeyPem());
  const pem = await readIfThere(path);
  try {
    return keyPairFromPem(pem ?? '');
  } catch (cause) {
    throw userError(
      'appliance.key-unreadable',
      `The device key ${path} can't be read: ${cause instanceof Error ? cause.message : 'unknown'}.`,
      'Restore the state directory, or start with a new one and activate the appliance again.',
    );
  }
}

async function readEnrolment(path: string): Promise<EnrolmentTarget | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  const parsed = parseEnrolment(text);
  return parsed.ok ? parsed.value : null;
}

async function readIdentity(path: string): Promise<Identity | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  try {
    return identity.parse(JSON.parse(text));
  } catch {
    throw userError(
      'appliance.identity-unreadable',
      `The file ${path} is damaged.`,
      'Restore it, or remove it to activate the appliance again.',
    );
  }
}

async function readNetworkErrors(path: string): Promise<StoredNetworkErrors> {
  try {
    return storedNetworkErrors.parse(JSON.parse((await readIfThere(path)) ?? '[]'));
  } catch {
    return [];
  }
}

/** The folder is named after its first stream. A damaged file counts as none: the platform then tells where it stands. */
async function spoolStream(folder: string, random: Random): Promise<{ folder: string; numbering: Numbering }> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(name));
  const stream = names[0] ?? random.uuid();
  const stored = parseNumbering((await readIfThere(join(folder, numberingFile))) ?? '');
  return { folder: join(folder, stream), numbering: stored ?? { stream, base: 0 } };
}

function parseNumbering(text: string): Numbering | null {
  try {
    return numbering.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Removes a folder of this state directory and all in it. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
