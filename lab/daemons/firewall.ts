/**
 * Rules (for `nft -f`) of a host that answers nothing but one TCP port: neither ping nor a reset from the others. What IPv6 itself needs
 * to find a neighbour stays. They live in the host's own network namespace.
 */
export function dropAllBut(port: number): string {
  return `table inet lab {
  chain input {
    type filter hook input priority filter; policy drop;
    iif "lo" accept
    ct state established,related accept
    tcp dport ${port} accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
}
`;
}
