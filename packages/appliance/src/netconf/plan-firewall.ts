/** Source ports of the engine's raw packets (`@picket/engine` packets/loop-config). */
const engineSourcePorts = '61000-65535';

export interface FirewallInput {
  /** Interfaces that take their IPv4 address by DHCP, and those that may use DHCPv6. */
  readonly dhcp: boolean;
  readonly dhcp6: boolean;
  /** Raw scans leave from here. */
  readonly scans: boolean;
  /**
   * Standard configuration only: the daemon's user, the interface that its traffic is bound to, and the family that it may use. Null: not
   * bound, because a namespace does it or no user is named.
   */
  readonly management: { readonly uid: number; readonly device: string; readonly family: 4 | 6 } | null;
}

/**
 * The firewall of one namespace: nobody gets in, nothing is routed through. The body of `table inet picket`.
 *
 * Answers to raw scans reach the engine before the firewall does; without the rule for them the kernel would not see them and could not end the
 * half-open connections that they leave at targets. It opens no port: without a listener the kernel's only answer is RST.
 */
export function planFirewall(input: FirewallInput): string {
  return [
    'chain input {',
    '  type filter hook input priority filter; policy drop;',
    '  iif "lo" accept',
    '  ct state established,related accept',
    ...(input.scans
      ? [`  tcp dport ${engineSourcePorts} tcp flags & (fin | syn | rst | ack) == syn | ack accept`]
      : []),
    '  ct state invalid drop',
    '  icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } ip6 hoplimit 255 accept',
    ...(input.dhcp ? ['  udp sport 67 udp dport 68 accept'] : []),
    ...(input.dhcp6 ? ['  ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept'] : []),
    '  counter drop',
    '}',
    'chain forward {',
    '  type filter hook forward priority filter; policy drop;',
    '}',
    ...output(input.management),
    '',
  ].join('\n');
}

function output(management: FirewallInput['management']): string[] {
  if (management === null) return [];
  const { uid, device, family } = management;
  return [
    'chain output {',
    '  type filter hook output priority filter; policy accept;',
    '  oif "lo" accept',
    `  meta skuid ${uid} meta nfproto ${family === 4 ? 'ipv6' : 'ipv4'} counter drop`,
    `  meta skuid ${uid} oifname != "${device}" counter drop`,
    '}',
  ];
}
