import { openNetworkTable } from '../adapters/kernel/netlink-table.ts';
import { openPacketLink } from '../adapters/kernel/packet-socket-link.ts';
import { broadcastMac } from '../wire/address-bytes.ts';
import { write16, write32 } from '../wire/big-endian.ts';
import { ethertype, writeEthernet } from '../wire/ethernet.ts';
import { ipProtocol } from '../wire/ip-protocol.ts';
import { writeIpv4 } from '../wire/ipv4.ts';
import { tcpFlag, writeTcp } from '../wire/tcp.ts';

/**
 * A program for namespaces: `storm-program.ts DEVICE MILLISECONDS FROM TO` sends RST and SYN-ACK segments with made-up numbers to the
 * ports that scans come from, as fast as the kernel takes them, and prints how many.
 */
const [device = '', milliseconds = '0', from = '0', to = '0'] = process.argv.slice(2);
const table = openNetworkTable();
if (!table.ok) throw new Error(table.error.detail);
const info = table.value.links().find(({ name }) => name === device);
if (info === undefined) throw new Error(`no device ${device}`);
const opened = openPacketLink(info, { sourcePorts: [1, 1], echoId: 0, neighbours: false });
if (!opened.ok) throw new Error(opened.error.detail);
const { arena, slots, slotBytes, setLength, send, close } = opened.value;
const [source, destination] = [Number(from), Number(to)];
const frameBytes = 54;

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return seed;
};

for (let slot = 0; slot < slots; slot += 1) {
  const at = slot * slotBytes;
  const record = { destination: broadcastMac, source: new Uint8Array(6), ethertype: ethertype.ipv4, vlan: -1 };
  const ip = writeEthernet(arena, at, record);
  const header = { source, destination, protocol: ipProtocol.tcp, ttl: 64, identification: 0, dontFragment: false };
  const tcp = writeIpv4(arena, ip, { ...header, payloadLength: 20 });
  const flags = slot % 2 === 0 ? tcpFlag.rst | tcpFlag.ack : tcpFlag.syn | tcpFlag.ack;
  const numbers = { sourcePort: 0, destinationPort: 0, sequence: 0, acknowledgement: 0, window: 0, urgent: 0 };
  writeTcp(arena, tcp, { ...numbers, flags, options: new Uint8Array(0) });
  setLength(slot, frameBytes);
}

process.stdout.write('storm\n');
let sent = 0;
for (const end = performance.now() + Number(milliseconds); performance.now() < end; ) {
  for (let slot = 0; slot < slots; slot += 1) {
    const tcp = slot * slotBytes + 34;
    write16(arena, tcp, 1 + (random() % 100));
    write16(arena, tcp + 2, 61_000 + (random() % 4500));
    write32(arena, tcp + 4, random());
    write32(arena, tcp + 8, random());
  }
  sent += Math.max(0, send(0, slots));
}
close();
process.stdout.write(`${sent}\n`);
