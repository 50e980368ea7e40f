import { existsSync } from 'node:fs';
import { daemonPackages } from '@picket/engine/services/testing/all-daemons';
import { installPackages } from '../../lab/install.ts';
import { labPackages } from '../../lab/packages.ts';
import { installProducts } from '../../lab/products/npm-cache.ts';
import { productPackages } from '../../lab/products/server-daemons.ts';

/** What the large tests need from the operating system beyond the lab's services. */
const testPackages = [
  'avahi-daemon',
  'chromium',
  'dnsmasq-base',
  'gnutls-bin',
  'iproute2',
  'libnss3-tools',
  // nmap.dtd and readers of it, against which our own nmap-xml is held; nmap is also what the engine is compared with.
  'libxml2-utils',
  'nmap',
  'postgresql',
  'python3-libnmap',
  'stunnel4',
  // Every packet of a scan is captured and judged.
  'tcpdump',
];

/** Installs what the tests need as root on Debian; elsewhere says so. Nothing that is installed gets started or enabled. */
export async function installSystemPackages(say: (line: string) => void): Promise<void> {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
    say('Not root on Debian: no system packages are installed; large tests that need them are skipped by name.');
    return;
  }
  const installed = await installPackages([
    ...new Set([...labPackages, ...productPackages, ...testPackages, ...daemonPackages]),
  ]);
  if (installed.length > 0)
    say(`Installed system packages (no service was started or enabled): ${installed.join(', ')}`);
  await installProducts(say);
}
