import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { appliance as applianceSchema, provisionedAppliance } from '@picket/contracts/api/appliance';
import { holdState, stopAllResult } from '@picket/contracts/api/hold';
import { page } from '@picket/contracts/api/page';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frameTimes } from './capture/pcap-file.ts';
import { daemonProgram } from './harness/daemon.ts';
import { Deployment } from './harness/deployment.ts';
import type { Program } from './harness/process.ts';

const support = canUseNamespaces();
const platformAddress = '10.93.0.1';
const scanners = ['one', 'two'] as const;
/** How long the wires are watched after the order. */
const watchMs = 10_000;
/** What the order promises for appliances on a long-poll. */
const promisedMs = 5000;

describe.skipIf(!support.ok)('stop all with two appliances in the middle of their scans', () => {
  let network: NetworkLab;
  let deployment: Deployment;
  let folder: string;
  let machines: readonly Program[] = [];
  let networkId: number;

  beforeAll(async () => {
    network = new NetworkLab('stopall');
    folder = await mkdtemp(join(tmpdir(), 'picket-stop-all-'));
    await network.addBridge('mgmt');
    await network.addNamespace('platform');
    await network.connect('platform', 'mgmt', 'mgmt0', [`${platformAddress}/24`]);
    for (const [index, name] of scanners.entries()) {
      await network.addNamespace(name);
      await network.connect(name, 'mgmt', 'mgmt0', [`10.93.0.${index + 2}/24`]);
      // A network of its own for each, so that its wire carries nothing of the other.
      await network.addBridge(`lan-${name}`);
      await network.connect(name, `lan-${name}`, 'lan0', [`10.94.${index}.2/24`]);
      await network.addNamespace(`target-${name}`);
      await network.connect(`target-${name}`, `lan-${name}`, 'lan0', [`10.94.${index}.10/24`]);
    }
    deployment = await Deployment.create({
      platform: { launch: launchIn('platform'), listen: platformAddress, port: 8443 },
      appliance: { launch: launchIn('one') },
    });
    await deployment.startPlatform();
    networkId = await deployment.network('Lan', '10.94.0.0/16');
    machines = await Promise.all(scanners.map(enrolled));
  }, 240_000);

  afterAll(async () => {
    for (const machine of machines) await machine.stop();
    await deployment?.[Symbol.asyncDispose]();
    await network?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it.each(['pause', 'cancel'] as const)(
    '%s: the last packet of both leaves within five seconds, and nothing follows while the hold stands',
    async (action) => {
      const watches = await Promise.all(scanners.map(watch));
      const jobs = await Promise.all(scanners.map((_, index) => launch(index)));
      for (const each of watches) await each.until(200);
      const orderedAt = Date.now();
      const told = await deployment.client.post('/api/v1/stop-all', { action, reason: 'a drill' }, stopAllResult);
      const answeredMs = Date.now() - orderedAt;
      expect(told.stopped).toEqual(jobs.toSorted((a, b) => a - b));
      expect(told.appliances.map(({ connection }) => connection)).toEqual(['long-poll', 'long-poll']);
      const waiting = await launch(0);
      await delay(watchMs);
      const silent = await Promise.all(watches.map((each) => each.lastPacketAfter(orderedAt)));
      const words = scanners.map((name, index) => `${name} ${silent[index]} ms`);
      process.stdout.write(
        `stop all (${action}): answered in ${answeredMs} ms, last packet of ${words.join(', of ')}\n`,
      );
      for (const took of silent) expect(took).toBeLessThan(promisedMs);
      expect((await deployment.scan(waiting)).status).toBe('queued');
      for (const id of jobs)
        await deployment.untilScan(id, ({ status }) => status === (action === 'pause' ? 'paused' : 'canceled'), 20_000);

      const afterwards = await watch('one');
      await deployment.client.delete('/api/v1/hold', holdState);
      await afterwards.until(50);
      for (const id of [...jobs, waiting]) {
        const { status } = await deployment.scan(id);
        if (status !== 'canceled') await deployment.client.post(`/api/v1/scans/${id}/cancel`, {}, z.unknown());
      }
      for (const id of [...jobs, waiting]) await deployment.untilEnded(id, 30_000);
      await afterwards.lastPacketAfter(0);
    },
    180_000,
  );

  function launchIn(namespace: string) {
    return (argv: readonly string[], env: Readonly<Record<string, string>>) => network.start(namespace, argv, { env });
  }

  async function enrolled(name: (typeof scanners)[number]): Promise<Program> {
    const body = { name, networkIds: [networkId] };
    const made = await deployment.client.post('/api/v1/appliances/provision', body, provisionedAppliance);
    const code = ['--enrolment', made.enrolment, '--personalization-code', made.personalizationCode];
    const machine = daemonProgram(launchIn(name), join(deployment.folder, name), code);
    await machine.start(/"state":"ready"/, 120_000);
    await deployment.untilAppliance(made.appliance.id, (each) => each.online);
    return machine;
  }

  /** A scan of every port of a target, by the appliance that reaches it. */
  async function launch(index: number): Promise<number> {
    const { items } = await deployment.client.get('/api/v1/appliances', page(applianceSchema));
    const applianceIds = items.filter((each) => each.name === scanners[index]).map(({ id }) => id);
    const targets = `10.94.${index}.10`;
    return deployment.launch({ kind: 'scan', networkId, targets, ports: '1-65535', profile: 'normal', applianceIds });
  }

  /**
   * Captures the IPv4 packets that an appliance sends into its network, at the bridge's end of the wire: past whatever the sender's own
   * kernel would hide. What that kernel asks the link for its own sake (ARP) is no scanning.
   */
  async function watch(name: (typeof scanners)[number]) {
    const file = join(folder, `${name}-${Date.now()}.pcap`);
    const port = network.portOf(name, 'lan0');
    const tcpdump = network.start(port.bridge, [
      'tcpdump',
      '-i',
      port.port,
      '-Q',
      'in',
      '-n',
      '-U',
      '-s',
      '64',
      '-Z',
      'root',
      '-w',
      file,
      'ip',
    ]);
    await tcpdump.waitFor(/listening on/);
    const times = async () => [...frameTimes(await readFile(file))];
    return {
      until: async (count: number) => {
        const deadline = performance.now() + 90_000;
        while ((await times()).length < count) {
          if (performance.now() > deadline) throw new Error(`${name} sent too little\n${deployment.tails()}`);
          await delay(50);
        }
      },
      /** Milliseconds from `since` to the last frame; ends the capture. */
      lastPacketAfter: async (since: number) => {
        await tcpdump.stop('SIGINT');
        expect(/(\d+) packets? dropped by kernel/.exec(tcpdump.output())?.[1]).toBe('0');
        const last = (await times()).at(-1) ?? 0;
        return Math.max(0, Math.round(last - since));
      },
    };
  }
});
