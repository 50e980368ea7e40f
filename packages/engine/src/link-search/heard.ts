import { ipv6Text, macText } from '../wire/address-bytes.ts';
import { decodeEthernet, ethertype } from '../wire/ethernet.ts';
import { decodeIcmpv6 } from '../wire/icmpv6.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { decodeIpv6, type Ipv6Header } from '../wire/ipv6.ts';
import { decodeListener } from '../wire/multicast-listener.ts';
import { decodeNeighbour, type RouterAdvertisement } from '../wire/neighbour-discovery.ts';
import type { EchoMark } from './questions.ts';

/** An address that spoke on the link. */
export interface HeardHost {
  /** Canonical IPv6 literal. */
  readonly address: string;
  readonly mac: string;
}

export interface HeardRouter {
  /** Link-local address of the router. */
  readonly address: string;
  readonly advertisement: RouterAdvertisement;
}

/** A link has some thousand hosts at most; whoever invents more is not listened to. */
const mostHosts = 16_384;
const mostRouters = 64;

/** Gathers what a link answers to the questions of a link search. Total: any frame may come. */
export class Heard {
  readonly #mark: Pick<EchoMark, 'identifier'>;
  readonly #hosts = new Map<string, HeardHost>();
  readonly #routers = new Map<string, HeardRouter>();
  /** Last three bytes of the addresses whose solicited-node groups a MAC is in (RFC 4291 section 2.7.1). */
  readonly #tails = new Map<string, Set<string>>();

  constructor(mark: Pick<EchoMark, 'identifier'>) {
    this.#mark = mark;
  }

  get hosts(): readonly HeardHost[] {
    return [...this.#hosts.values()];
  }

  get routers(): readonly HeardRouter[] {
    return [...this.#routers.values()];
  }

  /** Last six digits of the addresses that a MAC reported to listen for; null when it reported none. */
  tails(mac: string): ReadonlySet<string> | null {
    return this.#tails.get(mac) ?? null;
  }

  /** Takes a frame in. */
  take(bytes: Uint8Array): void {
    const ethernet = decodeEthernet(bytes);
    if (ethernet?.ethertype !== ethertype.ipv6) return;
    const ip = decodeIpv6(bytes, ethernet.payloadAt);
    if (!ip || ip.protocol !== ipProtocol.icmpv6 || ip.fragmentOffset !== 0 || bytes[ip.sourceAt] === 0xff) return;
    const host = { address: ipv6Text(bytes, ip.sourceAt), mac: macText(bytes, ethernet.sourceAt) };
    if (host.address === '::') return;
    if (this.#isReport(bytes, ip, host.mac) || this.#isEcho(bytes, ip)) this.#keep(host);
    else if (this.#isRouter(bytes, ip, host.address)) this.#keep(host);
  }

  #isReport(bytes: Uint8Array, ip: Ipv6Header, mac: string): boolean {
    const message = decodeListener(bytes, ip.payloadAt, ip.payloadEnd);
    if (message?.kind !== 'report' || ip.hopLimit !== 1) return false;
    const tails = this.#tails.get(mac) ?? new Set<string>();
    for (const group of message.groups) {
      const tail = /^ff02::1:ff([0-9a-f]{0,2}):([0-9a-f]{1,4})$/.exec(group);
      if (tail && tails.size < 64) tails.add(`${(tail[1] ?? '').padStart(2, '0')}${(tail[2] ?? '').padStart(4, '0')}`);
    }
    if (this.#tails.size < mostHosts) this.#tails.set(mac, tails);
    return true;
  }

  /** An answer to an echo request of ours, or a complaint about the invalid option in one. */
  #isEcho(bytes: Uint8Array, ip: Ipv6Header): boolean {
    const message = decodeIcmpv6(bytes, ip.payloadAt, ip.payloadEnd);
    if (message?.kind === 'echo-reply') return message.identifier === this.#mark.identifier;
    return message?.kind === 'parameter-problem' && (message.quoted?.sequence ?? 0) >>> 16 === this.#mark.identifier;
  }

  /** Routers on this very link: nobody else's packets arrive with the full hop limit (RFC 4861 section 6.1.2). */
  #isRouter(bytes: Uint8Array, ip: Ipv6Header, address: string): boolean {
    const message = decodeNeighbour(bytes, ip.payloadAt, ip.payloadEnd);
    if (message?.kind !== 'router-advertisement' || ip.hopLimit !== 255 || !isLinkLocal(address)) return false;
    if (this.#routers.size < mostRouters) this.#routers.set(address, { address, advertisement: message });
    return true;
  }

  #keep(host: HeardHost): void {
    if (this.#hosts.size < mostHosts || this.#hosts.has(host.address)) this.#hosts.set(host.address, host);
  }
}

/** fe80::/10. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/.test(address);
}
