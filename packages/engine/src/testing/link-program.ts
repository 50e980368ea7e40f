import { openNetworkTable } from '../adapters/kernel/netlink-table.ts';
import { packetCapability } from '../adapters/kernel/packet-capability.ts';
import { openPacketLink } from '../adapters/kernel/packet-socket-link.ts';

/**
 * A program for namespaces: `link-program.ts DEVICE MILLISECONDS FRAME…` opens the link of a device, sends the frames (hexadecimal) and
 * prints one line of JSON with everything that came in, as `{ capability, taken, frames: [{ hex, vlan }], drops, error }`.
 */
const [device = '', milliseconds = '200', ...frames] = process.argv.slice(2);
const table = openNetworkTable();
if (!table.ok) throw new Error(table.error.detail);
const link = table.value.links().find(({ name }) => name === device);
if (link === undefined) throw new Error(`no device ${device}`);
const opened = openPacketLink(link, { sourcePorts: [61000, 61999], echoId: 0x5049, neighbours: true });
const result = { capability: packetCapability(), taken: 0, frames: [] as object[], drops: 0, error: '' };
if (opened.ok) {
  const packets = opened.value;
  for (const [slot, hex] of frames.entries()) {
    const bytes = Buffer.from(hex, 'hex');
    packets.arena.set(bytes, slot * packets.slotBytes);
    packets.setLength(slot, bytes.length);
  }
  if (frames.length > 0) result.taken = packets.send(0, frames.length);
  const until = performance.now() + Number(milliseconds);
  while (performance.now() < until) {
    packets.wait(20);
    packets.receive(1000, (bytes, vlan) => result.frames.push({ hex: Buffer.from(bytes).toString('hex'), vlan }));
  }
  result.drops = packets.drops();
  packets.close();
} else result.error = opened.error.detail;
process.stdout.write(`${JSON.stringify(result)}\n`);
