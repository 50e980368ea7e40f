import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '@picket/base/adapters/system';
import { loadCertificateAuthority } from '../../packages/platform/src/server/certificate-authority.ts';

const day = 86_400_000;
const kinds = ['other', 'expired', 'good'] as const;

/** Of another authority; of the platform's own and expired; of its own and good, and yet another one than the platform presents. */
export type DoorCertificate = (typeof kinds)[number];

/** Folder of a certificate that something in the platform's place presents. */
export function doorCertificate(folder: string, kind: DoorCertificate): string {
  return join(folder, `certificate-${kind}`);
}

/** Makes them all, with `cert.pem` and `key.pem` in a folder each, for a platform of this name whose data folder is `<folder>/platform`. */
export async function makeDoorCertificates(folder: string, name: string): Promise<void> {
  const authority = await readFile(join(folder, 'platform/tls/ca.pem'));
  for (const kind of kinds) {
    const own = doorCertificate(folder, kind);
    await mkdir(own);
    if (kind !== 'other') await writeFile(join(own, 'ca.pem'), authority, { mode: 0o600 });
    const clock = { ...systemClock, now: () => systemClock.now() - (kind === 'expired' ? 500 * day : 0) };
    const { chain, key } = await (await loadCertificateAuthority(own, clock)).serverCertificate([name]);
    await writeFile(join(own, 'cert.pem'), chain);
    await writeFile(join(own, 'key.pem'), key);
  }
}
