import { err, ok, type Result } from '@picket/base/result';
import type { LinkInfo } from '../../packets/network-table.ts';
import type { LinkFilter, PacketLink } from '../../packets/packet-link.ts';
import { type KernelError, kernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { openReceiveSocket } from './receive-socket.ts';
import { nameBytes, openSendArena, type SendArena, sendSlotBytes, sendSlots } from './send-arena.ts';

const family = { 4: 2, 6: 10 } as const;
const sockRaw = 3;
const closeOnExec = 0o2000000;
/** We write the IP header ourselves; such a socket receives nothing. */
const ipProtoRaw = 255;
const ipv6Level = 41;
const ipv6HeaderIncluded = 36;
const solSocket = 1;
const bindToDevice = 25;

/**
 * Links without Ethernet headers (tun, ppp, wireguard) and loopback: packets leave through raw IP sockets with our own IP header
 * (raw(7), ipv6(7)), routed by the kernel but bound to the interface; answers come through a packet socket that leaves the link header
 * away. Slower than whole frames (they pass netfilter and routing), so only where there is no other way.
 */
export function openIpSocketLink(link: LinkInfo, filter: LinkFilter): Result<PacketLink, KernelError> {
  const receiver = openReceiveSocket(link.index, 'ip', filter);
  if (!receiver.ok) return receiver;
  const sockets = openSenders(link.name);
  const arena = sockets.ok ? openSendArena() : sockets;
  if (!sockets.ok || !arena.ok) {
    receiver.value.close();
    if (sockets.ok) sockets.value.close();
    return arena.ok ? err(kernelError('socket', 0)) : arena;
  }
  const { receive, wait, drops, close } = receiver.value;
  const { frames, setLength, release } = arena.value;
  return ok({
    framing: 'ip',
    slots: sendSlots,
    slotBytes: sendSlotBytes,
    arena: frames,
    setLength,
    send: (first, count) => sendByVersion(arena.value, sockets.value, first, count),
    receive,
    wait,
    drops,
    close: () => {
      close();
      sockets.value.close();
      release();
    },
  });
}

interface Senders {
  readonly four: number;
  /** -1 where IPv6 is switched off. */
  readonly six: number;
  close(): void;
}

function openSenders(device: string): Result<Senders, KernelError> {
  const four = openSender(4, device);
  if (!four.ok) return four;
  const six = openSender(6, device);
  const { close } = libc();
  return ok({
    four: four.value,
    six: six.ok ? six.value : -1,
    close: () => {
      close(four.value);
      if (six.ok) close(six.value);
    },
  });
}

function openSender(version: 4 | 6, device: string): Result<number, KernelError> {
  const { socket, setsockopt, close, errno } = libc();
  const fd = socket(family[version], sockRaw | closeOnExec, ipProtoRaw);
  if (fd < 0) return err(kernelError('socket(SOCK_RAW)', errno()));
  const name = new TextEncoder().encode(device);
  const one = new Uint8Array(Int32Array.of(1).buffer);
  const bound = setsockopt(fd, solSocket, bindToDevice, name, name.length);
  const failed = bound < 0 || (version === 6 && setsockopt(fd, ipv6Level, ipv6HeaderIncluded, one, 4) < 0);
  if (!failed) return ok(fd);
  const failure = kernelError('setsockopt', errno());
  close(fd);
  return err(failure);
}

/** Batches of one IP version each, in order. */
function sendByVersion(arena: SendArena, sockets: Senders, first: number, count: number): number {
  let sent = 0;
  while (sent < count) {
    const start = first + sent;
    const version = versionAt(arena, start);
    let end = start;
    while (end < first + count && versionAt(arena, end) === version) {
      writeDestination(arena, end, version);
      end += 1;
    }
    const took = arena.send(version === 6 ? sockets.six : sockets.four, start, end - start);
    if (took < 0) return sent > 0 ? sent : took;
    sent += took;
    if (took < end - start) return sent;
  }
  return sent;
}

function versionAt(arena: SendArena, slot: number): 4 | 6 {
  return (arena.frames[slot * sendSlotBytes] ?? 0) >>> 4 === 6 ? 6 : 4;
}

/** The kernel routes by the socket address, not by the header: `struct sockaddr_in` or `sockaddr_in6` of the header's destination. */
function writeDestination({ frames, names, setNameLength }: SendArena, slot: number, version: 4 | 6): void {
  const name = slot * nameBytes;
  const packet = slot * sendSlotBytes;
  names.fill(0, name, name + nameBytes);
  names[name] = family[version];
  if (version === 4) names.set(frames.subarray(packet + 16, packet + 20), name + 4);
  else names.set(frames.subarray(packet + 24, packet + 40), name + 8);
  setNameLength(slot, version === 4 ? 16 : nameBytes);
}
