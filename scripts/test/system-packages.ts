import { existsSync } from 'node:fs';
import { daemonPackages } from '@picket/engine/services/testing/all-daemons';
import { installGuestKernel } from '../../lab/guest-kernel.ts';
import { installPackages } from '../../lab/install.ts';
import { labPackages } from '../../lab/packages.ts';
import { installProducts } from '../../lab/products/npm-cache.ts';
import { productPackages } from '../../lab/products/server-daemons.ts';

/** What the large tests need from the operating system beyond the lab's services. */
const testPackages = [
  'avahi-daemon',
  'busybox',
  'chromium',
  'dnsmasq-base',
  'e2fsprogs',
  'ethtool',
  // Shifts the clock of one appliance alone (e2e/faults-during-scan).
  'gcc',
  'gnutls-bin',
  'iproute2',
  'isc-dhcp-client',
  'libc6-dev',
  'libnss3-tools',
  'ndisc6',
  'nftables',
  // nmap.dtd and readers of it, against which our own nmap-xml is held; nmap is also what the engine is compared with.
  'libxml2-utils',
  'nmap',
  // A front panel and a terminal for the appliance's console.
  'lcdproc',
  'tmux',
  'postgresql',
  'python3-libnmap',
  // A machine of its own, under emulation, where a kernel other than this one's is needed: 17 MB to fetch.
  'qemu-system-x86',
  'radvd',
  // Proxies that the appliance logs in to: with TLS inspection, and with NTLM that Samba verifies.
  'squid-openssl',
  'stunnel4',
  // Every packet of a scan is captured and judged.
  'tcpdump',
  'udhcpc',
  'winbind',
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
  await installGuestKernel(say);
}
