import { readFile, writeFile } from 'node:fs/promises';
import { type KeyPair, keyPairFromPem, newPrivateKeyPem } from '@picket/base/adapters/ed25519';
import { userError } from '@picket/base/error';
import { parseReleaseKeys } from '@picket/contracts/release/release-keys';

/** Makes a release key: `path` (private, mode 0600) and `path.pub`, a file of release keys with its public half. Never overwrites. */
export async function makeReleaseKey(path: string): Promise<KeyPair> {
  const pem = newPrivateKeyPem();
  const key = keyPairFromPem(pem);
  await create(path, pem, 0o600);
  await create(`${path}.pub`, `${key.publicKey} ${key.keyId}\n`, 0o644);
  return key;
}

async function create(path: string, text: string, mode: number): Promise<void> {
  await writeFile(path, text, { flag: 'wx', mode }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : 'unknown';
    throw userError(
      'release.key-not-written',
      `The key file ${path} was not written: ${why}.`,
      'Name a file that does not exist.',
    );
  });
}

/** The private key. */
export async function readReleaseKey(path: string): Promise<KeyPair> {
  try {
    return keyPairFromPem(await readFile(path, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw userError(
      'release.key-unreadable',
      `${path} is no private release key: ${why}.`,
      'Make one with "picket release key FILE".',
    );
  }
}

/** Public keys. */
export async function readReleaseKeys(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => null);
  const keys = text === null ? null : parseReleaseKeys(text);
  if (keys?.ok) return keys.value;
  const why = keys === null ? "it can't be read" : keys.error;
  throw userError(
    'release.keys-unreadable',
    `${path} is no file of release keys: ${why}.`,
    'Give the .pub file of "picket release key".',
  );
}
