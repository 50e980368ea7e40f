import { readFile } from 'node:fs/promises';
import type { TruthHost } from '../../lab/truth.ts';

/** The release of Debian that the lab's services come from, e.g. `12`. */
export async function debianRelease(): Promise<string> {
  return /^VERSION_ID="?([0-9]+)"?$/m.exec(await readFile('/etc/os-release', 'utf8'))?.[1] ?? '';
}

/** How much a host tells of its system to whoever asks without a log-in. */
type Telling = 'release' | 'distribution' | 'nothing';

/** Packages whose banners carry Debian's own version: the release can be told from it. */
const tellRelease = new Set(['openssh-server', 'bind9']);
/** Packages whose banners name Debian and no release. */
const tellDistribution = new Set(['apache2-bin', 'dovecot-pop3d', 'dovecot-imapd']);

/** What its services give away, by the packages they come from. BIND and Apache do so only where they tell their version. */
export function tellsSystem(host: TruthHost): Telling {
  const telling = host.services.filter(
    ({ package: from, tells }) => tells.includes('version') || from?.startsWith('dovecot') === true,
  );
  const from = telling.map((service) => service.package ?? '');
  if (from.some((name) => tellRelease.has(name))) return 'release';
  return from.some((name) => tellDistribution.has(name)) ? 'distribution' : 'nothing';
}
