import type { LinkFilter } from '../../packets/packet-link.ts';

/**
 * `LinkFilter` as a classic BPF program (Documentation/networking/filter.rst), so that the kernel throws away what is not for us before
 * it costs anything. Coarse on purpose: cookies decide what is an answer. Extension headers of IPv6 are not walked; packets with any come in.
 */
export function linkFilterProgram(filter: LinkFilter, framing: 'ethernet' | 'ip'): Uint8Array {
  return assemble([
    ...dispatch(filter, framing),
    ...ipv4(filter, base(framing)),
    ...ipv6(filter, base(framing)),
    ...ends,
  ]);
}

/** Opcodes of linux/bpf_common.h, put together. */
const op = {
  loadWord: 0x20,
  loadHalf: 0x28,
  loadByte: 0x30,
  loadHalfIndexed: 0x48,
  loadByteIndexed: 0x50,
  /** X = 4 * (low half of the byte at k): the length of an IPv4 header. */
  headerLength: 0xb1,
  shiftRight: 0x74,
  equal: 0x15,
  greater: 0x25,
  notLess: 0x35,
  anyBit: 0x45,
  end: 0x06,
} as const;

/** A jump that goes nowhere falls through. */
interface Step {
  readonly code: number;
  readonly k: number;
  readonly label?: string;
  readonly yes?: string;
  readonly no?: string;
}

/** Bytes of a frame that are handed over; more of an answer is never looked at. */
const capturedBytes = 2048;

const ends: readonly Step[] = [
  { label: 'accept', code: op.end, k: capturedBytes },
  { label: 'drop', code: op.end, k: 0 },
];

/** SKF_AD_OFF + SKF_AD_PKTTYPE (linux/filter.h): where a frame was going to; 3 (PACKET_OTHERHOST) is to another machine. */
const packetType = { at: 0xfffff004, otherHost: 3 } as const;

function base(framing: 'ethernet' | 'ip'): number {
  return framing === 'ethernet' ? 14 : 0;
}

function when(value: number, yes: string): Step {
  return { code: op.equal, k: value, yes };
}

function onlyWhen(value: number): Step {
  return { code: op.equal, k: value, yes: 'accept', no: 'drop' };
}

/** The VLAN tag is off the frame by the time it gets here. */
function dispatch({ neighbours, everyVlan }: LinkFilter, framing: 'ethernet' | 'ip'): Step[] {
  if (framing === 'ip') {
    return [
      { code: op.loadByte, k: 0 },
      { code: op.shiftRight, k: 4 },
      when(4, 'ipv4'),
      { code: op.equal, k: 6, yes: 'ipv6', no: 'drop' },
    ];
  }
  const onlyToUs: readonly Step[] = [
    { code: op.loadWord, k: packetType.at },
    { code: op.equal, k: packetType.otherHost, yes: 'drop' },
  ];
  return [
    ...(everyVlan ? onlyToUs : []),
    { code: op.loadHalf, k: 12 },
    when(0x0800, 'ipv4'),
    when(0x86dd, 'ipv6'),
    { code: op.equal, k: 0x0806, no: 'drop' },
    // ARP replies (operation 2).
    { code: op.loadHalf, k: 20 },
    neighbours ? onlyWhen(2) : { code: op.end, k: 0 },
  ];
}

function ipv4(filter: LinkFilter, at: number): Step[] {
  return [
    // Later fragments have no transport header.
    { label: 'ipv4', code: op.loadHalf, k: at + 6 },
    { code: op.anyBit, k: 0x1fff, yes: 'drop' },
    { code: op.headerLength, k: at },
    { code: op.loadByte, k: at + 9 },
    when(1, 'icmp'),
    when(6, 'ports4'),
    { code: op.equal, k: 17, no: 'drop' },
    { label: 'ports4', code: op.loadHalfIndexed, k: at + 2 },
    ...ourPorts(filter),
    { label: 'icmp', code: op.loadByteIndexed, k: at },
    // Unreachable, time exceeded, parameter problem; echo reply and timestamp reply only with our identifier.
    ...[3, 11, 12].map((type) => when(type, 'accept')),
    when(0, 'echo4'),
    { code: op.equal, k: 14, no: 'drop' },
    { label: 'echo4', code: op.loadHalfIndexed, k: at + 4 },
    onlyWhen(filter.echoId),
  ];
}

function ipv6(filter: LinkFilter, at: number): Step[] {
  const payload = at + 40;
  // Router advertisement, neighbour advertisement, listener report, done, report of version 2.
  const neighbours = filter.neighbours ? [134, 136, 131, 132, 143] : [];
  return [
    { label: 'ipv6', code: op.loadByte, k: at + 6 },
    when(58, 'icmp6'),
    when(6, 'ports6'),
    when(17, 'ports6'),
    ...[0, 43, 44].map((extension) => when(extension, 'accept')),
    onlyWhen(60),
    { label: 'ports6', code: op.loadHalf, k: payload + 2 },
    ...ourPorts(filter),
    { label: 'icmp6', code: op.loadByte, k: payload },
    ...[1, 2, 3, 4, ...neighbours].map((type) => when(type, 'accept')),
    { code: op.equal, k: 129, no: 'drop' },
    { code: op.loadHalf, k: payload + 4 },
    onlyWhen(filter.echoId),
  ];
}

function ourPorts({ sourcePorts: [first, last] }: LinkFilter): Step[] {
  return [
    { code: op.notLess, k: first, no: 'drop' },
    { code: op.greater, k: last, yes: 'drop', no: 'accept' },
  ];
}

/** `struct sock_filter`: code (2), distance when true (1), when false (1), k (4), in the byte order of the machine. */
function assemble(steps: readonly Step[]): Uint8Array {
  const labels = new Map(steps.map(({ label }, index) => [label, index]));
  const program = new Uint8Array(steps.length * 8);
  const view = new DataView(program.buffer);
  for (const [index, { code, k, yes, no }] of steps.entries()) {
    const distance = (label: string | undefined) => (label === undefined ? 0 : (labels.get(label) ?? 0) - index - 1);
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, distance(yes));
    view.setUint8(index * 8 + 3, distance(no));
    view.setUint32(index * 8 + 4, k, true);
  }
  return program;
}
