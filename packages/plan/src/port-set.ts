import { err, ok, type Result } from '@picket/base/result';
import { likelyTcpPorts, likelyUdpPorts } from './likely-ports.ts';

/** Sorted, unique ports of each protocol. */
export interface PortSet {
  readonly tcp: readonly number[];
  readonly udp: readonly number[];
}

export interface PortSetError {
  /** What stood there, cut to 40 characters. */
  readonly item: string;
  readonly message: string;
}

/** Named sets: `topN` (the N likeliest TCP ports, at most 1000), `all` (TCP 1-65535), `none`. */
export const defaultPorts = 'top1000';

/**
 * Grammar: items separated by commas or blanks; an item is a port, a range `A-B`, or a named set; `T:` or `U:` before
 * an item switches the protocol for it and all that follow, as scanners have it.
 */
export function parsePorts(text: string): Result<PortSet, PortSetError> {
  const tcp = new Set<number>();
  const udp = new Set<number>();
  let protocol: 'tcp' | 'udp' = 'tcp';
  const items = text.split(/[\s,]+/).filter((item) => item !== '');
  if (items.length === 0) {
    return err({ item: '', message: 'No ports are given. Write e.g. "22,80,443", "1-1024", "top100" or "all".' });
  }
  for (const written of items) {
    let item = written;
    const prefix = /^([TU]):(.*)$/i.exec(item);
    if (prefix) {
      protocol = prefix[1]?.toUpperCase() === 'U' ? 'udp' : 'tcp';
      item = prefix[2] ?? '';
    }
    const ports = parseItem(item, protocol);
    if (!ports.ok) return ports;
    for (const port of ports.value) (protocol === 'udp' ? udp : tcp).add(port);
  }
  return ok({ tcp: [...tcp].sort((a, b) => a - b), udp: [...udp].sort((a, b) => a - b) });
}

function parseItem(item: string, protocol: 'tcp' | 'udp'): Result<readonly number[], PortSetError> {
  const shown = item.slice(0, 40);
  const top = /^top-?([0-9]{1,5})$/i.exec(item);
  if (top) {
    const list = protocol === 'udp' ? likelyUdpPorts : likelyTcpPorts;
    const count = Number(top[1]);
    if (count < 1 || count > list.length) {
      return err({
        item: shown,
        message: `"${shown}": the list of likely ${protocol.toUpperCase()} ports has ${list.length}.`,
      });
    }
    return ok(list.slice(0, count));
  }
  if (/^(all|-)$/i.test(item)) return ok(span(1, 65_535));
  if (/^none$/i.test(item)) return ok([]);
  const range = /^([0-9]{1,6})(?:-([0-9]{1,6}))?$/.exec(item);
  if (!range) {
    return err({
      item: shown,
      message: `"${shown}" is not a port. Ports are numbers from 1 to 65535, ranges such as 1-1024, or the sets topN, all and none.`,
    });
  }
  const first = Number(range[1]);
  const last = range[2] === undefined ? first : Number(range[2]);
  if (first < 1 || last > 65_535 || first > 65_535) {
    return err({ item: shown, message: `"${shown}" is outside 1 to 65535.` });
  }
  if (first > last) return err({ item: shown, message: `"${shown}" runs backwards; write ${last}-${first}.` });
  return ok(span(first, last));
}

function span(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The shortest text that `parsePorts` reads back as the same set: `1-3,80,U:53`. */
export function formatPorts(ports: PortSet): string {
  const parts: string[] = [];
  if (ports.tcp.length > 0) parts.push(compressPorts(ports.tcp));
  if (ports.udp.length > 0) parts.push(`U:${compressPorts(ports.udp)}`);
  return parts.length === 0 ? 'none' : parts.join(',');
}

/** Sorted ports as `1-3,80`; the empty list is the empty text. */
export function compressPorts(ports: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < ports.length; ) {
    let end = index;
    while (ports[end + 1] === (ports[end] as number) + 1) end += 1;
    parts.push(end === index ? `${ports[index]}` : `${ports[index]}-${ports[end]}`);
    index = end + 1;
  }
  return parts.join(',');
}
