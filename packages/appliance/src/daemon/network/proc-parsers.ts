/** A default route: through which device, over which gateway (dotted decimal). */
export interface DefaultRoute {
  readonly device: string;
  readonly gateway: string;
}

/** Default routes of `/proc/net/route`, best metric first. The kernel writes addresses as little-endian hexadecimal. */
export function parseRoutes(text: string): DefaultRoute[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[1] === '00000000' && fields[7] === '00000000' && /^[0-9A-F]{8}$/.test(fields[2] ?? ''))
    .toSorted((one, other) => Number(one[6]) - Number(other[6]))
    .map((fields) => ({ device: fields[0] ?? '', gateway: littleEndian(fields[2] ?? '') }));
}

/** Default routes of `/proc/net/ipv6_route`. */
export function parseIpv6Routes(text: string): DefaultRoute[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => /^0{32}$/.test(fields[0] ?? '') && fields[1] === '00' && /^[0-9a-f]{32}$/.test(fields[4] ?? ''))
    .filter((fields) => fields[9] !== 'lo' && !/^0{32}$/.test(fields[4] ?? ''))
    .map((fields) => ({ device: fields[9] ?? '', gateway: (fields[4]?.match(/.{4}/g) ?? []).join(':') }));
}

/** Neighbours of `/proc/net/arp` that were asked and did not answer: flags 0x0 (incomplete). */
export function parseDeadNeighbours(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields[2] === '0x0' && fields[0] !== undefined)
    .map((fields) => fields[0] ?? '');
}

/** Name servers of a `resolv.conf`. */
export function parseResolvers(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const server = /^\s*nameserver\s+(\S{1,45})/.exec(line)?.[1];
    return server === undefined ? [] : [server];
  });
}

function littleEndian(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join('.');
}
