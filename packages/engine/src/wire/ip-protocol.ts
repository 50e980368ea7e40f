/** Protocol numbers of IPv4 and next-header values of IPv6 (IANA, Assigned Internet Protocol Numbers). */
export const ipProtocol = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;
