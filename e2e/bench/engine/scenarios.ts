import type { TargetShape } from './ground.ts';

/** What is scanned, on which target, and what a perfect scan finds. */
export interface Scenario {
  readonly name: string;
  readonly help: string;
  readonly kind: 'tcp' | 'udp' | 'arp';
  readonly targets: string;
  readonly ports: string;
  /** How many ports (or hosts) answer. */
  readonly expected: number;
  readonly target: TargetShape;
  /** So slow for some tools that one run is enough. */
  readonly once?: boolean;
  /** Tools that take part beside ours. */
  readonly peers: readonly ('masscan' | 'zmap' | 'nmap')[];
}

const plain = { answering: [], silent: [], tcp: [], udp: [], lossPercent: 0 } as const;
/** Thirteen of 256: 5 %, spread over the network. */
const someNetworks = Array.from({ length: 13 }, (_, index) => `10.77.${index * 19}.0/24`);
const openPorts = Array.from({ length: 19 }, (_, index) => 20 + index * 51);
const manyOpen = [22, 80, 443, 3306, 8080, 9100, 17777, 33333, 50000, 65535];
const udpPorts = [
  53, 67, 69, 111, 123, 137, 161, 500, 514, 520, 623, 1434, 1645, 1812, 1900, 2049, 4500, 5060, 5353, 11211,
];

export const scenarios: readonly Scenario[] = [
  {
    name: 'all',
    help: '/16 x 1 port, all answer',
    kind: 'tcp',
    targets: '10.77.0.0/16',
    ports: '80',
    expected: 65536,
    target: { ...plain, answering: ['10.77.0.0/16'], tcp: [80] },
    peers: ['masscan', 'zmap', 'nmap'],
  },
  {
    name: 'few',
    help: '/16 x 1 port, 5 % answer',
    kind: 'tcp',
    targets: '10.77.0.0/16',
    ports: '80',
    expected: 13 * 256,
    target: { ...plain, answering: someNetworks, silent: ['10.77.0.0/16'], tcp: [80] },
    peers: ['masscan', 'zmap', 'nmap'],
  },
  {
    name: 'wide',
    help: '/24 x 1000 ports, 19 open, the rest refuse',
    kind: 'tcp',
    targets: '10.77.0.0/24',
    ports: '1-1000',
    expected: 256 * 19,
    target: { ...plain, answering: ['10.77.0.0/24'], tcp: openPorts },
    peers: ['masscan', 'nmap'],
  },
  {
    name: 'full',
    help: '/24 x 65,535 ports, 10 open, the rest refuse',
    kind: 'tcp',
    targets: '10.77.0.0/24',
    ports: '1-65535',
    expected: 256 * 10,
    target: { ...plain, answering: ['10.77.0.0/24'], tcp: manyOpen },
    once: true,
    peers: ['masscan', 'nmap'],
  },
  {
    name: 'host',
    help: 'one host x 65,535 ports, 10 open',
    kind: 'tcp',
    targets: '10.77.0.7',
    ports: '1-65535',
    expected: 10,
    target: { ...plain, answering: ['10.77.0.0/24'], tcp: manyOpen },
    peers: ['masscan', 'nmap'],
  },
  {
    name: 'ipv6',
    help: 'IPv6 /112 x 1 port, all answer',
    kind: 'tcp',
    targets: 'fd77::/112',
    ports: '80',
    expected: 65536,
    target: { ...plain, answering: ['fd77::/64'], tcp: [80] },
    peers: ['masscan', 'nmap'],
  },
  {
    name: 'arp',
    help: 'ARP sweep of a /16, all answer',
    kind: 'arp',
    targets: '10.78.0.0/16',
    ports: '',
    // All but the scanner's own.
    expected: 65535,
    target: { ...plain, answering: ['10.78.0.0/16'] },
    peers: ['nmap'],
  },
  {
    name: 'udp',
    help: 'UDP 20 ports x /24, 4 answer, the rest refuse',
    kind: 'udp',
    targets: '10.77.0.0/24',
    ports: udpPorts.join(','),
    expected: 256 * 4,
    target: { ...plain, answering: ['10.77.0.0/24'], udp: [53, 123, 161, 5353] },
    peers: ['masscan', 'nmap'],
  },
  {
    name: 'loss',
    help: '/16 x 1 port, all answer, 2 % of the probes are lost',
    kind: 'tcp',
    targets: '10.77.0.0/16',
    ports: '80',
    expected: 65536,
    target: { ...plain, answering: ['10.77.0.0/16'], tcp: [80], lossPercent: 2 },
    peers: ['masscan', 'zmap', 'nmap'],
  },
];
