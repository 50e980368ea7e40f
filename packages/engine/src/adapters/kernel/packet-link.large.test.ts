import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { describe, expect, test } from 'vitest';
import { addressBytes, macBytes, multicastMac, solicitedNodeGroup } from '../../wire/address-bytes.ts';
import { decodeArp } from '../../wire/arp.ts';
import { read32 } from '../../wire/big-endian.ts';
import { pseudoSum4, pseudoSum6 } from '../../wire/checksum.ts';
import { decodeEthernet, ethertype, writeEthernet } from '../../wire/ethernet.ts';
import { sealIcmpv6 } from '../../wire/icmpv6.ts';
import { ipProtocol } from '../../wire/ip-protocol.ts';
import { decodeIpv4, writeIpv4 } from '../../wire/ipv4.ts';
import { writeIpv6 } from '../../wire/ipv6.ts';
import { decodeNeighbour, writeNeighbourSolicitation } from '../../wire/neighbour-discovery.ts';
import { decodeTcp, sealTcp, tcpFlag, writeTcp } from '../../wire/tcp.ts';

const support = canUseNamespaces();
const program = fileURLToPath(new URL('../../testing/link-program.ts', import.meta.url));
const nothing = new Uint8Array(0);

interface LinkRun {
  readonly capability: { readonly raw: boolean; readonly reason?: string; readonly message?: string };
  readonly taken: number;
  readonly frames: readonly { readonly bytes: Uint8Array; readonly vlan: number }[];
  readonly drops: number;
  readonly error: string;
}

function parseRun(stdout: string): LinkRun {
  const read = JSON.parse(stdout) as Omit<LinkRun, 'frames'> & { frames: { hex: string; vlan: number }[] };
  return { ...read, frames: read.frames.map(({ hex, vlan }) => ({ bytes: Buffer.from(hex, 'hex'), vlan })) };
}

/** Sends frames through the packet link of a device and hears what comes back. */
async function exchange(lab: NetworkLab, device: string, frames: readonly Uint8Array[], wrap: readonly string[] = []) {
  const hex = frames.map((frame) => Buffer.from(frame).toString('hex'));
  const run = await lab.run('near', [...wrap, process.execPath, program, device, '300', ...hex]);
  if (run.code !== 0) throw new Error(run.stderr);
  return parseRun(run.stdout);
}

async function macOf(lab: NetworkLab, namespace: string, device: string): Promise<Uint8Array> {
  const shown = await lab.run(namespace, ['ip', '-j', 'link', 'show', device]);
  return macBytes(JSON.parse(shown.stdout)[0].address) ?? nothing;
}

/** `near` and `far` on one bridge. */
async function pair(): Promise<NetworkLab> {
  const lab = new NetworkLab('packet-link');
  await lab.addBridge('net');
  await lab.addNamespace('near');
  await lab.addNamespace('far');
  await lab.connect('near', 'net', 'eth0', ['10.61.0.1/24', 'fd61::1/64']);
  await lab.connect('far', 'net', 'eth0', ['10.61.0.2/24', 'fd61::2/64']);
  return lab;
}

function synTo(
  target: string,
  ethernet: { near: Uint8Array; far: Uint8Array; vlan: number } | null,
  port = 61001,
): Uint8Array {
  const out = new Uint8Array(128);
  let at = 0;
  if (ethernet !== null) {
    const { far: destination, near: source, vlan } = ethernet;
    at = writeEthernet(out, 0, { destination, source, ethertype: ethertype.ipv4, vlan });
  }
  const source = read32(addressBytes(target) ?? nothing, 0) - (target.startsWith('127.') ? 0 : 1);
  const destination = read32(addressBytes(target) ?? nothing, 0);
  const fields = { protocol: ipProtocol.tcp, ttl: 64, identification: 7, dontFragment: true, payloadLength: 20 };
  const tcpAt = writeIpv4(out, at, { ...fields, source, destination });
  const tcp = { sourcePort: 61000, destinationPort: port, sequence: 41, acknowledgement: 0, window: 1024, urgent: 0 };
  const end = writeTcp(out, tcpAt, { ...tcp, flags: tcpFlag.syn, options: nothing });
  sealTcp(out, tcpAt, end, pseudoSum4(source, destination, ipProtocol.tcp, 20));
  return out.slice(0, end);
}

function tcpOf(bytes: Uint8Array, ipAt: number) {
  const ip = decodeIpv4(bytes, ipAt);
  return ip === null ? null : decodeTcp(bytes, ip.payloadAt, ip.payloadEnd);
}

const reset = { sourcePort: 61001, acknowledgement: 42, flags: tcpFlag.rst | tcpFlag.ack };

describe.skipIf(!support.ok)(`a packet link${support.ok ? '' : ` (${support.reason})`}`, () => {
  test('sends ARP, TCP and neighbour solicitations over a bridge and hears the answers, and nothing of its own', async () => {
    await using lab = await pair();
    const [near, far] = [await macOf(lab, 'near', 'eth0'), await macOf(lab, 'far', 'eth0')];
    const target = addressBytes('fd61::2') ?? nothing;
    const group = solicitedNodeGroup(target);
    const source = addressBytes('fd61::1') ?? nothing;
    const out = new Uint8Array(128);
    const ipAt = writeEthernet(out, 0, {
      destination: multicastMac(group),
      source: near,
      ethertype: ethertype.ipv6,
      vlan: -1,
    });
    const header = { source, destination: group, nextHeader: ipProtocol.icmpv6, hopLimit: 255, payloadLength: 32 };
    const icmpAt = writeIpv6(out, ipAt, header);
    const end = writeNeighbourSolicitation(out, icmpAt, { target, mac: near });
    sealIcmpv6(out, icmpAt, end, pseudoSum6(source, group, ipProtocol.icmpv6, 32));
    const run = await exchange(lab, 'eth0', [synTo('10.61.0.2', { near, far, vlan: -1 }), out.slice(0, end)]);
    expect(run).toMatchObject({ capability: { raw: true }, taken: 2, drops: 0, error: '' });
    const heard = run.frames.map(({ bytes }) => ({
      sender: Buffer.from(bytes.subarray(6, 12)),
      answer:
        decodeEthernet(bytes)?.ethertype === ethertype.ipv4
          ? tcpOf(bytes, 14)
          : decodeNeighbour(bytes, 54, bytes.length),
    }));
    expect(heard).toContainEqual({ sender: Buffer.from(far), answer: expect.objectContaining(reset) });
    const advertisement = expect.objectContaining({ kind: 'neighbour-advertisement', targetAt: 62 });
    expect(heard).toContainEqual({ sender: Buffer.from(far), answer: advertisement });
    expect(heard.every(({ sender }) => !sender.equals(Buffer.from(near)))).toBe(true);
  });

  test('a tagged frame arrives at the other end as it was written, and its tag is told apart', async () => {
    await using lab = await pair();
    const [near, far] = [await macOf(lab, 'near', 'eth0'), await macOf(lab, 'far', 'eth0')];
    const plain = synTo('10.61.0.2', { near, far, vlan: -1 });
    const listener = lab.start('far', [process.execPath, program, 'eth0', '3000']);
    // A link hears nothing before it is open; its packet socket shows when it is.
    await expect
      .poll(async () => (await lab.run('far', ['ss', '-0', '-n'])).stdout, { timeout: 10_000 })
      .toMatch(/eth0/);
    await exchange(lab, 'eth0', [synTo('10.61.0.2', { near, far, vlan: 77 }), plain]);
    await listener.exited;
    const run = parseRun(listener.output());
    expect(
      run.frames.filter(({ bytes }) => Buffer.from(bytes).equals(Buffer.from(plain))).map(({ vlan }) => vlan),
    ).toEqual([77, -1]);
  });

  test('works for an ordinary user with CAP_NET_RAW alone; without it the refusal names the capability', async () => {
    await using lab = await pair();
    const [near, far] = [await macOf(lab, 'near', 'eth0'), await macOf(lab, 'far', 'eth0')];
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    const only = [
      ...user,
      '--inh-caps',
      '-all,+net_raw',
      '--ambient-caps',
      '-all,+net_raw',
      '--bounding-set',
      '-all,+net_raw',
    ];
    const frame = synTo('10.61.0.2', { near, far, vlan: -1 });
    const able = await exchange(lab, 'eth0', [frame], only);
    expect(able).toMatchObject({ capability: { raw: true }, taken: 1, error: '' });
    expect(able.frames.map(({ bytes }) => tcpOf(bytes, 14))).toContainEqual(expect.objectContaining(reset));
    const unable = await exchange(lab, 'eth0', [frame], [...user, '--bounding-set', '-all']);
    expect(unable).toMatchObject({
      capability: { raw: false, reason: 'privilege' },
      error: 'socket(AF_PACKET): EPERM',
    });
    expect(unable.capability.message).toContain('CAP_NET_RAW');
  });

  test('loopback and links without Ethernet headers take whole IP packets', async () => {
    await using lab = await pair();
    const tunnel = (device: string, own: string, peer: string) => [
      'socat',
      `TUN:${own},tun-name=${device},up`,
      `UDP4-DATAGRAM:${peer},bind=:7000`,
    ];
    lab.start('near', tunnel('tun0', '10.62.0.1/24', '10.61.0.2:7000'));
    lab.start('far', tunnel('tun0', '10.62.0.2/24', '10.61.0.1:7000'));
    for (const side of ['near', 'far']) {
      await expect
        .poll(async () => (await lab.run(side, ['ip', 'address', 'show', 'tun0'])).stdout, { timeout: 10_000 })
        .toMatch(/10\.62/);
    }
    for (const [device, target] of [
      ['lo', '127.0.0.1'],
      ['tun0', '10.62.0.2'],
    ] as const) {
      const run = await exchange(lab, device, [synTo(target, null)]);
      expect(run.taken).toBe(1);
      expect(run.frames.map(({ bytes }) => tcpOf(bytes, 0))).toContainEqual(expect.objectContaining(reset));
    }
  });

  test('a batch of ARP requests is answered whole', async () => {
    await using lab = await pair();
    await lab.run('far', ['ip', 'route', 'add', 'local', '10.61.0.128/25', 'dev', 'lo']);
    const near = await macOf(lab, 'near', 'eth0');
    const request = (host: number) =>
      Buffer.concat([
        Buffer.alloc(6, 0xff),
        near,
        Buffer.from('0806000108000604', 'hex'),
        Buffer.from('0001', 'hex'),
        near,
        Uint8Array.of(10, 61, 0, 1),
        Buffer.alloc(6),
        Uint8Array.of(10, 61, 0, host),
      ]);
    const hosts = Array.from({ length: 127 }, (_, index) => index + 128);
    const run = await exchange(lab, 'eth0', hosts.map(request));
    const replies = run.frames.map(({ bytes }) => decodeArp(bytes, 14)?.senderIp).filter((ip) => ip !== undefined);
    const answered = new Set(replies.map((ip) => ip & 0xff));
    expect([...answered].sort((a, b) => a - b)).toEqual(hosts);
  });
});
