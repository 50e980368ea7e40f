import { errnoOf } from './kernel-error.ts';
import { libc } from './libc.ts';
import { openPacketSocket } from './receive-socket.ts';

/** Whether this process may send and receive packets by itself. */
export type PacketCapability =
  | { readonly raw: true }
  | {
      readonly raw: false;
      readonly reason: 'privilege' | 'platform' | 'kernel';
      /** For people: what is missing, what that costs, and the way out. */
      readonly message: string;
    };

const cost =
  'Ports are tried with ordinary connections instead: slower, hosts are found only by open or refused TCP ports, filtered and silent ports look alike, and there is no ARP, ICMP, hop or operating system evidence from packets.';

/** Architectures whose memory layouts the kernel adapter knows (64 bits, little-endian). */
const knownArchitectures = ['x64', 'arm64'];

/** Found out by opening a packet socket, which is what will be needed; user ids say nothing. */
export function packetCapability(
  machine: { readonly platform: string; readonly arch: string } = process,
): PacketCapability {
  const { platform, arch } = machine;
  if (platform !== 'linux' || !knownArchitectures.includes(arch)) {
    return {
      raw: false,
      reason: 'platform',
      message: `Packets can be sent on 64-bit Linux only; this is ${platform} (${arch}). ${cost}`,
    };
  }
  const opened = tryOpening();
  if (typeof opened === 'string') {
    return { raw: false, reason: 'kernel', message: `Packets cannot be sent here: ${opened}. ${cost}` };
  }
  if (opened === 0) return { raw: true };
  return {
    raw: false,
    reason: 'privilege',
    message: `Packets need the capability CAP_NET_RAW, which this process does not have: run it as root, give the service AmbientCapabilities=CAP_NET_RAW or the container --cap-add=NET_RAW. ${cost}`,
  };
}

/** 0, EPERM, or why it failed otherwise. */
function tryOpening(): 0 | typeof errnoOf.EPERM | string {
  try {
    const opened = openPacketSocket('ethernet');
    if (opened.ok) {
      libc().close(opened.value);
      return 0;
    }
    return opened.error.errno === errnoOf.EPERM ? errnoOf.EPERM : opened.error.detail;
  } catch (error) {
    // The FFI could not be loaded: the platform's package is missing, or there is no such C library.
    return error instanceof Error ? error.message : 'the system calls could not be loaded';
  }
}
