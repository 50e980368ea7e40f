import { spawnSync } from 'node:child_process';
import { engineEvent } from '@picket/contracts/event';
import { decodeEthernet, ethertype } from '@picket/engine/wire/ethernet';
import { ipProtocol } from '@picket/engine/wire/ip-protocol';
import { decodeIpv4 } from '@picket/engine/wire/ipv4';
import { ipv4Text } from '@picket/engine/wire/address-bytes';
import { decodeTcp, tcpFlag } from '@picket/engine/wire/tcp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guestKernel } from '../lab/guest-kernel.ts';
import { guestProject } from './machine/guest-image.ts';
import { VlanBench } from './machine/vlan-bench.ts';

const kernel = guestKernel();
const qemu = spawnSync('qemu-system-x86_64', ['--version'], { stdio: 'ignore' }).status === 0;
const picket = [process.execPath, '--disable-warning=ExperimentalWarning', `${guestProject}/packages/cli/src/main.ts`];
const missing =
  kernel === null ? 'no kernel for virtual machines: run "npm test"' : qemu ? null : 'install qemu-system-x86';

const lan = {
  method: 'static' as const,
  address: '10.5.0.7',
  prefixLength: 24,
  gateway: '10.5.0.1',
  dns: ['10.5.0.53'],
  wins: [],
  domain: null,
};
const lease5 = ['dhcp-range=10.5.0.100,10.5.0.150,255.255.255.0,1h', 'dhcp-option=option:router,10.5.0.1'];
const lease8 = ['dhcp-range=10.8.0.100,10.8.0.150,255.255.255.0,1h'];

const vlan7 = {
  id: 7,
  name: 'static',
  ipv4: { method: 'static' as const, address: '10.7.0.7', prefixLength: 24 },
  ipv6: { method: 'static' as const, address: 'fd00:7::7', prefixLength: 64 },
};
const vlan8 = { id: 8, name: 'automatic', ipv4: { method: 'dhcp' as const }, ipv6: { method: 'automatic' as const } };
const vlan9 = { id: 9, name: 'no server', ipv4: { method: 'dhcp' as const }, ipv6: null };
const route = { destination: '172.20.0.0/16', gateway: '10.7.0.1', vlan: 7 };
const first = { generation: 1, vlans: [vlan7, vlan8, vlan9], routes: [route], ipv6: null };

const peers = [
  { vlan: 0, addresses: ['10.11.0.1/24'] },
  { vlan: 5, addresses: ['10.5.0.1/24'] },
  { vlan: 7, addresses: ['10.7.0.1/24', 'fd00:7::1/64', '172.20.0.1/32'] },
  { vlan: 8, addresses: ['10.8.0.1/24', 'fd00:8::1/64'] },
  { vlan: 9, addresses: ['10.9.0.1/24'] },
  // The appliance has no interface in this one, and in LAN's own network nobody has this address.
  { vlan: 30, addresses: ['10.11.0.30/24'] },
];

/** Listeners of a machine that is scanned; all other ports answer RST. */
const openPorts = [22, 80, 443, 8080];

/** Users of the daemon and of its scan workers; the test acts in their place. */
const [managementUid, scanUid] = [990, 991];

/** VLANs with a route each, for what has to be done for many. `PICKET_VLANS=4094` measures the largest document. */
const many = Number(process.env.PICKET_VLANS ?? '200');
const manyVlans = Array.from({ length: many }, (_, at) => ({
  id: at + 1,
  name: '',
  ipv4: { method: 'static' as const, address: `10.${100 + (at >> 8)}.${at & 255}.7`, prefixLength: 24 },
  ipv6: null,
}));
const manyRoutes = manyVlans.map(({ id }) => ({
  destination: `172.${16 + (id >> 8)}.${id & 255}.0/24`,
  gateway: `10.${100 + ((id - 1) >> 8)}.${(id - 1) & 255}.1`,
  vlan: id,
}));

/** The appliance in a virtual machine, because VLAN interfaces need a kernel that has them. Each test goes on from the one before. */
describe.skipIf(missing !== null)(`an appliance on an 802.1Q trunk${missing === null ? '' : ` (${missing})`}`, () => {
  let bench: VlanBench;

  beforeAll(async () => {
    if (kernel === null) return;
    bench = await VlanBench.open(kernel, { managementUid, scanUid });
    await bench.addPeers(peers);
    await bench.dhcp(5, lease5);
    await bench.dhcp(8, lease8);
    await bench.radvd(8, 'fd00:8::/64');
    await bench.start();
  });

  afterAll(async () => {
    await bench?.[Symbol.asyncDispose]();
  });

  test('sends all of LAN in the default VLAN of the console, with a static address and with a lease, and nothing without a tag', async () => {
    await bench.apply({ lan, lanVlan: 5 });
    await bench.until((facts) => facts.lan.addresses[0] === '10.5.0.7/24');
    bench.wire.reset();
    expect(await bench.reaches('10.5.0.1')).toBe(true);
    await bench.apply({ lanVlan: 5 });
    const leased = await bench.until((facts) => facts.lan.lease !== null && facts.lan.addresses.length === 1);
    expect(leased.lan).toMatchObject({ gateway: '10.5.0.1', trouble: [] });
    expect(leased.lan.addresses[0]).toMatch(/^10\.5\.0\.1\d\d\/24$/);
    expect(await bench.reaches('10.5.0.1')).toBe(true);
    expect(bench.wire.untagged).toEqual([]);
    expect(bench.wire.vlans('appliance')).toEqual([5]);
    expect(bench.wire.frames('appliance', 5)).toBeGreaterThan(8);
  });

  test('has an address in each VLAN of the platform, static and automatic, IPv4 and IPv6, and tells the one without a server', async () => {
    bench.wire.reset();
    expect(await bench.offer(first)).toMatchObject({ type: 'applied' });
    const facts = await bench.until(({ scanNetwork }) => scanNetwork.trouble.length > 0);
    expect(facts).toMatchObject({
      failures: [],
      lan: { gateway: '10.5.0.1', trouble: [] },
      scanNetwork: { generation: 1, vlans: 3, trouble: [{ vlan: 9, message: 'no DHCP server answered' }] },
    });
    const vlan8Addresses = await bench.untilOutput(
      ['ip', '-br', 'address', 'show', 'vlan8'],
      /10\.8\.0\.1\d\d.*fd00:8:/,
    );
    expect(vlan8Addresses).toMatch(/ fd00:8::[0-9a-f:]+\/64/);
    for (const address of ['10.5.0.1', '10.7.0.1', 'fd00:7::1', '10.8.0.1', 'fd00:8::1', '172.20.0.1'])
      expect([address, await bench.reaches(address)]).toEqual([address, true]);
    expect(bench.wire.untagged).toEqual([]);
    expect(bench.wire.vlans('appliance')).toEqual([5, 7, 8, 9]);
    expect(bench.wire.vlans('network')).toEqual(expect.arrayContaining([5, 7, 8]));
  });

  test('passes nothing from one VLAN to another, and answers for no address of another', async () => {
    const crossed: string[] = [];
    bench.wire.watch((from, frame) => {
      if (from === 'appliance' && carries(frame, '10.7.0.1') && decodeEthernet(frame)?.vlan !== 7)
        crossed.push(frame.toString('hex'));
    });
    const own =
      /10\.8\.0\.1\d\d/.exec(await bench.machine.must(['ip', '-br', '-4', 'address', 'show', 'vlan8']))?.[0] ?? '';
    await bench.inPeer(7, ['ip', 'route', 'add', '10.8.0.0/24', 'via', '10.7.0.7']);
    for (const address of [own, '10.8.0.1'])
      expect([address, (await bench.inPeer(7, ['busybox', 'ping', '-c', '2', '-W', '1', address])).code]).toEqual([
        address,
        1,
      ]);
    const asked = await bench.inPeer(7, ['busybox', 'arping', '-c', '2', '-w', '2', '-I', 'v7', own]);
    expect(asked.stdout).toMatch(/Received 0 (reply|response|replies|responses)/);
    expect(crossed).toEqual([]);
  });

  test('scans through a VLAN with raw packets, and finds what listens there by frames of that VLAN alone', async () => {
    bench.wire.reset();
    await listen(7);
    expect(await scan('10.7.0.1')).toEqual(openPorts);
    // Three of four probed ports and more had an answer on the wire, in both directions with the tag.
    for (const end of ['appliance', 'network'] as const) expect(bench.wire.frames(end, 7)).toBeGreaterThan(300);
    expect(bench.wire.untagged).toEqual([]);
  });

  test('lets the scanning user into a VLAN and keeps the user of management out of it', async () => {
    const opened: string[] = [];
    const watching = bench.wire.watch((from, frame) => {
      if (from === 'appliance' && decodeEthernet(frame)?.vlan === 7 && opens(frame)) opened.push(frame.toString('hex'));
    });
    const as = (uid: number, address: string) => {
      const user = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'];
      return bench.machine.run(['setpriv', ...user, 'socat', '-u', `TCP4:${address}:80,connect-timeout=5`, '-']);
    };
    expect((await as(scanUid, '10.7.0.1')).code).toBe(0);
    expect(opened.splice(0).length).toBeGreaterThan(0);
    expect((await as(managementUid, '10.7.0.1')).code).not.toBe(0);
    expect(opened).toEqual([]);
    watching.stop();
    await listen(5);
    expect((await as(managementUid, '10.5.0.1')).code).toBe(0);
  });

  test('takes a VLAN away with its routes, and takes back a change that nobody confirms', async () => {
    // LAN's own network is untagged from here on.
    await bench.apply({ lan: { ...lan, address: '10.11.0.7', gateway: '10.11.0.1', dns: ['10.11.0.53'] } });
    await bench.until((facts) => facts.lan.addresses[0] === '10.11.0.7/24');
    expect(await bench.machine.must(['ip', '-br', 'link'])).not.toMatch(/vlan5@/);
    await bench.offer({ ...first, generation: 2, vlans: [vlan8], routes: [] });
    const links = await bench.machine.must(['ip', '-br', 'link']);
    expect([/vlan7@/.test(links), /vlan8@/.test(links), /vlan9@/.test(links)]).toEqual([false, true, false]);
    expect(await bench.machine.must(['ip', 'route'])).not.toMatch(/172\.20/);
    expect(await bench.reaches('10.8.0.1')).toBe(true);
    expect((await bench.inPeer(7, ['busybox', 'ping', '-c', '1', '-W', '1', '10.7.0.7'])).code).toBe(1);

    await bench.offer({ ...first, generation: 3, vlans: [vlan7] }, 2);
    expect((await bench.until(({ scanNetwork }) => scanNetwork.refusedGeneration === 3)).scanNetwork).toMatchObject({
      generation: 2,
      unconfirmed: false,
      vlans: 1,
    });
    await bench.untilOutput(['ip', '-br', '-4', 'address', 'show', 'vlan8'], /10\.8\.0\.1\d\d/);
    expect(await bench.machine.must(['ip', '-br', 'link'])).not.toMatch(/vlan7@/);
    expect(await bench.reaches('10.8.0.1')).toBe(true);
  });

  test('scans with a tag of its own where no interface has the VLAN, and sends nothing of the scan without it', async () => {
    await listen(30);
    const target = Buffer.from([10, 11, 0, 30]);
    const tags = new Map<number, number>();
    const watching = bench.wire.watch((from, frame) => {
      const vlan = decodeEthernet(frame)?.vlan ?? -1;
      if (from === 'appliance' && frame.includes(target)) tags.set(vlan, (tags.get(vlan) ?? 0) + 1);
    });
    expect(await scan('10.11.0.30', ['--vlan', '30'])).toEqual(openPorts);
    // A SYN for each port, ARP and discovery.
    expect([...tags.keys()]).toEqual([30]);
    expect(tags.get(30)).toBeGreaterThan(400);
    watching.stop();
    // The card lets everything in only while a scan needs it.
    expect(await bench.machine.must(['ip', '-d', 'link', 'show', 'eth0'])).toMatch(/promiscuity 0 /);
  });

  test(`loses its power while ${many} VLANs are made, makes them all by itself when it is back, and the old ones when nobody confirmed them`, async () => {
    const document = { generation: 4, vlans: manyVlans, routes: manyRoutes, ipv6: null };
    void bench.offer(document, 20).catch(() => null);
    await bench.untilOutput(['ip', '-br', 'link', 'show', 'type', 'vlan'], /vlan9@/);
    await bench.powerCut(peers);
    // Stored before it is applied, so it is the new one; its time to be confirmed begins when it is in force.
    const made = await bench.until(({ failures, scanNetwork }) => scanNetwork.vlans > 0 && failures.length === 0);
    expect(made.scanNetwork).toMatchObject({ generation: 4, unconfirmed: true, vlans: many, routes: many });
    const old = await bench.until(({ scanNetwork }) => scanNetwork.refusedGeneration === 4);
    expect(old.scanNetwork).toMatchObject({ generation: 2, unconfirmed: false, vlans: 1 });
    expect(old.lan.addresses).toEqual(['10.11.0.7/24']);
    expect([await vlansThere(), await routesThere()]).toEqual([1, 1]);
  });

  test('loses its power at the moment when it is given new VLANs, and comes back with the old or the new ones whole', async () => {
    const document = { generation: 5, vlans: manyVlans, routes: manyRoutes, ipv6: null };
    void bench.offer(document, 3600).catch(() => null);
    await bench.powerCut(peers);
    const facts = await bench.until(({ failures, scanNetwork }) => scanNetwork.vlans > 0 && failures.length === 0);
    const there = [facts.scanNetwork.generation, await vlansThere(), await routesThere()];
    expect([
      [2, 1, 1],
      [5, many, many + 1],
    ]).toContainEqual(there);
    await bench.offer({ ...first, generation: 6, vlans: [vlan8], routes: [] });
    expect(await vlansThere()).toBe(1);
  });

  test(`is killed while ${many} VLANs are made, and has them all when it is back; then nothing is left to do until they go`, async () => {
    const document = { generation: 7, vlans: manyVlans, routes: manyRoutes, ipv6: null };
    const offered = bench.offer(document, 3600).catch(() => null);
    await bench.untilOutput(['ip', '-br', 'link', 'show', 'type', 'vlan'], /vlan1@/);
    await bench.kill();
    expect(await offered).toBeNull();
    // Addresses and routes come after the interfaces, and nobody is there to go on.
    const [half, routes] = [await vlansThere(), await routesThere()];
    expect(half).toBeGreaterThan(0);
    expect(routes).toBeLessThan(many);

    await bench.start();
    const began = performance.now();
    const facts = await bench.until(
      ({ failures, scanNetwork }) => scanNetwork.generation === 7 && failures.length === 0,
    );
    const madeMs = performance.now() - began;
    expect([await vlansThere(), await routesThere(), facts.scanNetwork.vlans]).toEqual([many, many + 1, many]);
    await bench.ask({ type: 'confirm', generation: 7 });

    const applied = async () => (await bench.helperLog()).output.split('network.apply').length;
    const before = await applied();
    const idle = performance.now();
    await bench.facts();
    const idleMs = performance.now() - idle;
    expect(await applied()).toBe(before);

    const gone = performance.now();
    await bench.offer({ ...first, generation: 8 });
    const goneMs = performance.now() - gone;
    expect(await vlansThere()).toBe(3);
    const seconds = [madeMs, idleMs, goneMs].map((ms) => (ms / 1000).toFixed(1));
    process.stdout.write(
      `${half} of ${many} VLANs were there after kill -9; the rest in ${seconds[0]} s, compared in ${seconds[1]} s, gone in ${seconds[2]} s\n`,
    );
  });

  async function listen(vlan: number): Promise<void> {
    for (const port of openPorts)
      await bench.startInPeer(vlan, ['socat', `TCP-LISTEN:${port},fork,reuseaddr`, 'EXEC:true']);
    await bench.untilOutput(['ip', 'netns', 'exec', `peer${vlan}`, 'busybox', 'netstat', '-ltn'], /:8080 /);
  }

  /** `picket scan` of 400 ports and the listeners' with raw packets in the guest; gives the open ones. */
  async function scan(target: string, more: readonly string[] = []): Promise<number[]> {
    const words = ['scan', target, '--ports', '1-400,443,8080', '--mode', 'raw', '--profile', 'lab', '--json'];
    const less = ['--no-services', '--no-checks', '--no-names', ...more];
    const done = await bench.machine.run([...picket, ...words, ...less], { timeoutMs: 240_000 });
    const events = done.stdout
      .split('\n')
      .filter((line) => line.includes('"type":"port"'))
      .map((line) => engineEvent.parse(JSON.parse(line)));
    expect(done).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/rror/) });
    return events
      .flatMap((event) => (event.type === 'port' && event.state === 'open' ? [event.port] : []))
      .sort((a, b) => a - b);
  }

  async function vlansThere(): Promise<number> {
    return linesOf(await bench.machine.must(['ip', '-br', 'link', 'show', 'type', 'vlan']));
  }

  async function routesThere(): Promise<number> {
    return linesOf(await bench.machine.must(['ip', '-4', 'route', 'show', 'proto', '201']));
  }
});

function linesOf(text: string): number {
  return text.split('\n').filter((line) => line !== '').length;
}

/** Whether a frame is an IPv4 packet from or to an address. */
function carries(frame: Uint8Array, address: string): boolean {
  const ethernet = decodeEthernet(frame);
  if (ethernet === null || ethernet.ethertype !== ethertype.ipv4) return false;
  const ip = decodeIpv4(frame, ethernet.payloadAt);
  return ip !== null && [ip.source, ip.destination].some((each) => ipv4Text(each) === address);
}

/** Whether a frame is the first packet of a TCP connection over IPv4. Others may come late: the end of a connection, ARP. */
function opens(frame: Uint8Array): boolean {
  const ethernet = decodeEthernet(frame);
  if (ethernet === null || ethernet.ethertype !== ethertype.ipv4) return false;
  const ip = decodeIpv4(frame, ethernet.payloadAt);
  const tcp = ip === null || ip.protocol !== ipProtocol.tcp ? null : decodeTcp(frame, ip.payloadAt);
  return tcp !== null && (tcp.flags & (tcpFlag.syn | tcpFlag.ack)) === tcpFlag.syn;
}
