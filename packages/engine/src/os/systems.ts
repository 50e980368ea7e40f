import type { SystemName } from './claim.ts';

interface System {
  /** Place in the tree of systems: `linux/debian` is a kind of `linux`. */
  readonly id: string;
  readonly vendor: string;
  readonly product: string;
  /** `vendor:product` of its CPE name, as the NVD dictionary has it. */
  readonly cpe: string;
  /** Finds it in "vendor product" in lower case. */
  readonly words: RegExp;
}

/** Special before general: the first whose words fit names the system. */
const systems: readonly System[] = [
  {
    id: 'linux/raspbian',
    vendor: 'Raspberry Pi',
    product: 'Raspbian',
    cpe: 'raspberrypi:raspberry_pi_os',
    words: /raspbian|raspberry pi os/,
  },
  {
    id: 'linux/proxmox',
    vendor: 'Proxmox',
    product: 'Virtual Environment',
    cpe: 'proxmox:virtual_environment',
    words: /proxmox/,
  },
  { id: 'linux/debian', vendor: 'Debian', product: 'Linux', cpe: 'debian:debian_linux', words: /debian/ },
  { id: 'linux/ubuntu', vendor: 'Ubuntu', product: 'Linux', cpe: 'canonical:ubuntu_linux', words: /ubuntu/ },
  {
    id: 'linux/rhel',
    vendor: 'Red Hat',
    product: 'Enterprise Linux',
    cpe: 'redhat:enterprise_linux',
    words: /red ?hat|enterprise linux|\brhel\b/,
  },
  { id: 'linux/centos', vendor: 'CentOS', product: 'Linux', cpe: 'centos:centos', words: /centos/ },
  { id: 'linux/rocky', vendor: 'Rocky', product: 'Linux', cpe: 'rocky:linux', words: /rocky/ },
  { id: 'linux/alma', vendor: 'AlmaLinux', product: 'Linux', cpe: 'almalinux:almalinux', words: /almalinux/ },
  { id: 'linux/oracle', vendor: 'Oracle', product: 'Linux', cpe: 'oracle:linux', words: /oracle.*linux/ },
  { id: 'linux/fedora', vendor: 'Fedora Project', product: 'Fedora', cpe: 'fedoraproject:fedora', words: /fedora/ },
  { id: 'linux/amazon', vendor: 'Amazon', product: 'Linux', cpe: 'amazon:linux', words: /amazon/ },
  { id: 'linux/suse', vendor: 'SUSE', product: 'Linux', cpe: 'suse:linux_enterprise_server', words: /suse/ },
  { id: 'linux/alpine', vendor: 'Alpine', product: 'Linux', cpe: 'alpinelinux:alpine_linux', words: /alpine/ },
  { id: 'linux/arch', vendor: 'Arch', product: 'Linux', cpe: 'archlinux:arch_linux', words: /\barch\b/ },
  { id: 'linux/gentoo', vendor: 'Gentoo', product: 'Linux', cpe: 'gentoo:linux', words: /gentoo/ },
  { id: 'linux/openwrt', vendor: 'OpenWrt', product: 'OpenWrt', cpe: 'openwrt:openwrt', words: /openwrt/ },
  {
    id: 'linux/routeros',
    vendor: 'MikroTik',
    product: 'RouterOS',
    cpe: 'mikrotik:routeros',
    words: /routeros|mikrotik/,
  },
  {
    id: 'linux/dsm',
    vendor: 'Synology',
    product: 'DiskStation Manager',
    cpe: 'synology:diskstation_manager',
    words: /synology|diskstation|\bdsm\b/,
  },
  { id: 'linux/qts', vendor: 'QNAP', product: 'QTS', cpe: 'qnap:qts', words: /qnap|\bqts\b/ },
  { id: 'linux/android', vendor: 'Google', product: 'Android', cpe: 'google:android', words: /android/ },
  { id: 'linux', vendor: 'Linux', product: 'Linux', cpe: 'linux:linux_kernel', words: /linux/ },
  { id: 'windows', vendor: 'Microsoft', product: 'Windows', cpe: 'microsoft:windows', words: /windows|microsoft/ },
  { id: 'freebsd/pfsense', vendor: 'Netgate', product: 'pfSense', cpe: 'netgate:pfsense', words: /pfsense/ },
  { id: 'freebsd/opnsense', vendor: 'OPNsense', product: 'OPNsense', cpe: 'opnsense:opnsense', words: /opnsense/ },
  {
    id: 'freebsd/truenas',
    vendor: 'iXsystems',
    product: 'TrueNAS',
    cpe: 'ixsystems:truenas',
    words: /truenas|freenas/,
  },
  { id: 'freebsd', vendor: 'FreeBSD', product: 'FreeBSD', cpe: 'freebsd:freebsd', words: /freebsd/ },
  { id: 'openbsd', vendor: 'OpenBSD', product: 'OpenBSD', cpe: 'openbsd:openbsd', words: /openbsd/ },
  { id: 'netbsd', vendor: 'NetBSD', product: 'NetBSD', cpe: 'netbsd:netbsd', words: /netbsd/ },
  { id: 'darwin/macos', vendor: 'Apple', product: 'macOS', cpe: 'apple:macos', words: /mac ?os|os x/ },
  { id: 'cisco/nx-os', vendor: 'Cisco', product: 'NX-OS', cpe: 'cisco:nx-os', words: /nx-os/ },
  { id: 'cisco/ios-xe', vendor: 'Cisco', product: 'IOS XE', cpe: 'cisco:ios_xe', words: /ios.xe/ },
  {
    id: 'cisco/asa',
    vendor: 'Cisco',
    product: 'ASA',
    cpe: 'cisco:adaptive_security_appliance_software',
    words: /adaptive security|cisco.*\basa\b/,
  },
  { id: 'cisco/ios', vendor: 'Cisco', product: 'IOS', cpe: 'cisco:ios', words: /cisco.*\bios\b/ },
  { id: 'darwin/ios', vendor: 'Apple', product: 'iOS', cpe: 'apple:iphone_os', words: /apple ios|iphone|ipados/ },
  { id: 'darwin', vendor: 'Apple', product: 'Darwin', cpe: 'apple:darwin', words: /darwin/ },
  { id: 'esxi', vendor: 'VMware', product: 'ESXi', cpe: 'vmware:esxi', words: /esxi?\b/ },
  { id: 'junos', vendor: 'Juniper', product: 'Junos OS', cpe: 'juniper:junos', words: /junos|juniper/ },
  { id: 'fortios', vendor: 'Fortinet', product: 'FortiOS', cpe: 'fortinet:fortios', words: /fortios|fortinet/ },
  { id: 'solaris', vendor: 'Oracle', product: 'Solaris', cpe: 'oracle:solaris', words: /solaris|sunos/ },
  { id: 'aix', vendor: 'IBM', product: 'AIX', cpe: 'ibm:aix', words: /\baix\b/ },
  { id: 'hp-ux', vendor: 'HP', product: 'HP-UX', cpe: 'hp:hp-ux', words: /hp-?ux/ },
  { id: 'vxworks', vendor: 'Wind River', product: 'VxWorks', cpe: 'windriver:vxworks', words: /vxworks/ },
];

const byId = new Map(systems.map((system) => [system.id, system]));

/** The path of a system that software named in words; null when it is not listed. `Cisco` alone is no system. */
export function pathOfName(vendor: string, product: string): readonly string[] | null {
  const words = `${vendor} ${product}`.toLowerCase();
  return systems.find((system) => system.words.test(words))?.id.split('/') ?? null;
}

/** The name of a path: its longest listed beginning; the element after that is the version. Null when not even the first is listed. */
export function nameOfPath(path: readonly string[]): SystemName | null {
  for (let length = path.length; length > 0; length -= 1) {
    const system = byId.get(path.slice(0, length).join('/'));
    if (!system) continue;
    const version = path[length];
    return {
      vendor: system.vendor,
      product: system.product,
      ...(version === undefined ? {} : { version }),
      cpe: osCpe(system.cpe, version),
    };
  }
  return null;
}

/** CPE 2.3 formatted string of an operating system; a version that is not known is `-`. */
export function osCpe(name: string, version: string | undefined): string {
  const part = (version ?? '-').toLowerCase().replaceAll(/\s+/g, '_');
  const quoted = part === '-' ? part : part.replaceAll(/[^a-z0-9_.-]/g, (character) => `\\${character}`);
  return `cpe:2.3:o:${name}:${quoted}:*:*:*:*:*:*:*`;
}
