import { ok, type Result } from '@picket/base/result';
import type { LinkInfo } from '../../packets/network-table.ts';
import type { LinkFilter, PacketLink } from '../../packets/packet-link.ts';
import { openIpSocketLink } from './ip-socket-link.ts';
import type { KernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { bindPacketSocket, openPacketSocket, openReceiveSocket } from './receive-socket.ts';
import { openSendArena, sendSlotBytes, sendSlots } from './send-arena.ts';

/**
 * A link of this machine for the packet engine: whole frames through a packet socket where the interface has Ethernet headers, IP
 * packets through raw sockets where it has none, and on the loopback interface (whose frames the kernel does not take from outside its
 * own stack). Needs CAP_NET_RAW and nothing else; call it in the packet worker, whose thread its calls block.
 */
export function openPacketLink(link: LinkInfo, filter: LinkFilter): Result<PacketLink, KernelError> {
  return link.framing === 'ethernet' ? openEthernetLink(link.index, filter) : openIpSocketLink(link, filter);
}

function openEthernetLink(linkIndex: number, filter: LinkFilter): Result<PacketLink, KernelError> {
  const receiver = openReceiveSocket(linkIndex, 'ethernet', filter);
  if (!receiver.ok) return receiver;
  const sender = openSender(linkIndex);
  if (!sender.ok) {
    receiver.value.close();
    return sender;
  }
  const arena = openSendArena();
  if (!arena.ok) {
    receiver.value.close();
    libc().close(sender.value);
    return arena;
  }
  const { frames, setLength, send, release } = arena.value;
  const { receive, wait, drops, close } = receiver.value;
  const fd = sender.value;
  return ok({
    framing: 'ethernet',
    slots: sendSlots,
    slotBytes: sendSlotBytes,
    arena: frames,
    setLength,
    send: (first, count) => send(fd, first, count),
    receive,
    wait,
    drops,
    close: () => {
      close();
      libc().close(fd);
      release();
    },
  });
}

/** A socket of its own to send through: bound with protocol 0 it receives nothing. */
function openSender(linkIndex: number): Result<number, KernelError> {
  const opened = openPacketSocket('ethernet');
  if (!opened.ok) return opened;
  const bound = bindPacketSocket(opened.value, linkIndex, 0);
  if (bound.ok) return opened;
  libc().close(opened.value);
  return bound;
}
