import { err, ok, type Result } from '@picket/base/result';
import type { LinkFilter } from '../../packets/packet-link.ts';
import { type KernelError, kernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { linkFilterProgram } from './link-filter-program.ts';
import { mapMemory } from './mapped-memory.ts';
import { openReceiveRing, type ReceiveRing } from './receive-ring.ts';

const afPacket = 17;
const sockRaw = 3;
const sockDgram = 2;
const closeOnExec = 0o2000000;
const ethPAll = 3;
const solSocket = 1;
const attachFilter = 26;
const solPacket = 263;
const ignoreOutgoing = 23;
const addMembership = 1;
const membership = { promiscuous: 1, allMulticast: 2 } as const;
const pollIn = 1;

/** A packet socket that listens on one interface, with its ring. */
export interface ReceiveSocket extends Pick<ReceiveRing, 'receive' | 'drops'> {
  /** As `PacketLink.wait`. */
  wait(milliseconds: number): void;
  close(): void;
}

/** Opens a packet socket that gets nothing yet. EPERM: CAP_NET_RAW is missing. */
export function openPacketSocket(framing: 'ethernet' | 'ip'): Result<number, KernelError> {
  const { socket, errno } = libc();
  // Protocol 0: nothing comes in before it is bound.
  const fd = socket(afPacket, (framing === 'ethernet' ? sockRaw : sockDgram) | closeOnExec, 0);
  return fd < 0 ? err(kernelError('socket(AF_PACKET)', errno())) : ok(fd);
}

/** Binds a packet socket to an interface; a `protocol` of 0 lets it send only. */
export function bindPacketSocket(fd: number, linkIndex: number, protocol: number): Result<null, KernelError> {
  // struct sockaddr_ll: family (2), protocol in network order (2), interface (4), the rest is for received frames.
  const address = new Uint8Array(20);
  const view = new DataView(address.buffer);
  view.setUint16(0, afPacket, true);
  view.setUint16(2, protocol);
  view.setInt32(4, linkIndex, true);
  const { bind, errno } = libc();
  return bind(fd, address, address.length) < 0 ? err(kernelError('bind', errno())) : ok(null);
}

/**
 * One socket for all ethertypes: it also sees frames of a VLAN before an interface of that VLAN takes them away, costs one ring and one
 * poll, and the filter tells protocols apart anyway. PACKET_IGNORE_OUTGOING (Linux 4.20) keeps our own packets out. The filter stands
 * before the bind, so that no frame slips in unfiltered.
 */
export function openReceiveSocket(
  linkIndex: number,
  framing: 'ethernet' | 'ip',
  filter: LinkFilter,
): Result<ReceiveSocket, KernelError> {
  const opened = openPacketSocket(framing);
  if (!opened.ok) return opened;
  const fd = opened.value;
  const { close, poll } = libc();
  const prepared = prepare(fd, framing, filter);
  const ring = prepared.ok ? openReceiveRing(fd) : prepared;
  const bound = ring.ok ? bindPacketSocket(fd, linkIndex, ethPAll) : ring;
  if (!ring.ok || !bound.ok) {
    if (ring.ok) ring.value.release();
    close(fd);
    return ring.ok ? (bound.ok ? err(kernelError('bind', 0)) : bound) : ring;
  }
  // struct pollfd: descriptor (4), wanted events (2), seen events (2).
  const descriptors = new Uint8Array(Int32Array.of(fd, pollIn).buffer);
  if (filter.everyGroup && framing === 'ethernet') hearMore(fd, linkIndex, membership.allMulticast);
  if (filter.everyVlan && framing === 'ethernet') hearMore(fd, linkIndex, membership.promiscuous);
  return ok({
    receive: ring.value.receive,
    drops: ring.value.drops,
    wait: (milliseconds) => {
      poll(descriptors, 1, milliseconds);
    },
    close: () => {
      ring.value.release();
      close(fd);
    },
  });
}

/**
 * Has the network card let more in for as long as the socket is open: frames to multicast groups that nobody on this machine is in, listener reports
 * among them, or all frames, those of every VLAN among them. Where it fails, less is heard.
 */
function hearMore(fd: number, linkIndex: number, kind: number): void {
  // struct packet_mreq: interface (4), kind (2), length of the address (2), address (8).
  const request = new Uint8Array(16);
  const view = new DataView(request.buffer);
  view.setInt32(0, linkIndex, true);
  view.setUint16(4, kind, true);
  libc().setsockopt(fd, solPacket, addMembership, request, request.length);
}

function prepare(fd: number, framing: 'ethernet' | 'ip', filter: LinkFilter): Result<null, KernelError> {
  const { setsockopt, errno } = libc();
  const one = new Uint8Array(Int32Array.of(1).buffer);
  if (setsockopt(fd, solPacket, ignoreOutgoing, one, 4) < 0) return err(kernelError('PACKET_IGNORE_OUTGOING', errno()));
  const program = linkFilterProgram(filter, framing);
  const memory = mapMemory(program.length);
  if (!memory.ok) return memory;
  memory.value.bytes.set(program);
  // struct sock_fprog: number of instructions (2), padding, their address (8).
  const description = new Uint8Array(16);
  const view = new DataView(description.buffer);
  view.setUint16(0, program.length / 8, true);
  view.setBigUint64(8, BigInt(memory.value.address), true);
  const attached = setsockopt(fd, solSocket, attachFilter, description, description.length);
  const result = attached < 0 ? err(kernelError('SO_ATTACH_FILTER', errno())) : ok(null);
  memory.value.release();
  return result;
}
