import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { appliance as applianceSchema, provisionedAppliance } from '@picket/contracts/api/appliance';
import { page } from '@picket/contracts/api/page';
import { scanSummary } from '@picket/contracts/api/scan';
import { appliancePaths } from '@picket/contracts/protocol';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { Arrivals } from './harness/arrivals.ts';
import { daemonProgram } from './harness/daemon.ts';
import { Deployment } from './harness/deployment.ts';
import { Device, pollBody, type PreparedRequest } from './harness/device.ts';
import type { Program } from './harness/process.ts';
import { toFile } from './harness/send-request.ts';

const support = canUseNamespaces();
const platformAddress = '10.91.0.1';
const target = '10.92.0.10';
const answers = z.array(z.object({ status: z.number(), body: z.looseObject({ code: z.string().optional() }) }));
/** A program that listens on many ports of the target, so that a scan finds something from its start on. */
const listeners = `const {createServer}=require('node:net');let left=600;
for(let port=1;port<=65000;port+=109)createServer((s)=>s.on('error',()=>{}).end('hello\\r\\n')).listen(port,()=>{if(--left===3)console.log('listening')});`;

describe.skipIf(!support.ok || !canRunPostgres())('the identity of an appliance', () => {
  let network: NetworkLab;
  let postgres: PostgresServer;
  let deployment: Deployment;
  let targetPid: number;
  let networkId: number;

  beforeAll(async () => {
    network = new NetworkLab('identity');
    await network.addBridge('mgmt');
    await network.addBridge('lan');
    for (const [index, name] of ['platform', 'one', 'two'].entries()) {
      await network.addNamespace(name);
      await network.connect(name, 'mgmt', 'mgmt0', [`10.91.0.${index + 1}/24`]);
      if (index > 0) await network.connect(name, 'lan', 'lan0', [`10.92.0.${index + 1}/24`]);
    }
    await network.addNamespace('target');
    await network.connect('target', 'lan', 'lan0', [`${target}/24`]);
    const listening = network.start('target', [process.execPath, '-e', listeners]);
    await listening.waitFor(/listening/);
    targetPid = listening.pid;
    postgres = await startPostgres();
    await postgres.administer('create database identity');
    deployment = await Deployment.create({
      platform: { launch: launchIn('platform'), listen: platformAddress, port: 8443 },
      appliance: { launch: launchIn('one') },
      databaseUrl: postgres.socketUrl('identity'),
    });
    await deployment.startPlatform();
    networkId = await deployment.network('Lan', '10.92.0.0/24');
  }, 120_000);

  afterAll(async () => {
    await deployment?.[Symbol.asyncDispose]();
    await network?.close();
    await postgres?.stop();
  }, 60_000);

  it('a personalization code brings a daemon online once; used or expired it is refused and says what to do', async () => {
    const first = await provision('personal');
    await using machine = daemon('one', 'personal', [
      '--enrolment',
      first.enrolment,
      '--personalization-code',
      first.personalizationCode,
    ]);
    await machine.start(/"state":"ready"/);
    const online = await deployment.untilAppliance(first.appliance.id, (each) => each.online);
    expect(online).toMatchObject({ state: 'active', name: 'personal' });
    expect(online.personalizationCode).toBeNull();

    await using second = daemon('two', 'second-use', [
      '--enrolment',
      first.enrolment,
      '--personalization-code',
      first.personalizationCode,
    ]);
    const used = await second.start(/"failure":(\{"kind":"enrolment.code-used".*?\})/);
    expect(used[1]).toMatch(/used by another device.*Provision the appliance again/);

    const late = await provision('late');
    await query(`update personalization_code set expires_at = now() - interval '1 minute' where appliance_id = $1`, [
      late.appliance.id,
    ]);
    await using tooLate = daemon('two', 'late', [
      '--enrolment',
      late.enrolment,
      '--personalization-code',
      late.personalizationCode,
    ]);
    const expired = await tooLate.start(/"failure":(\{"kind":"enrolment.code-expired".*?\})/);
    expect(expired[1]).toMatch(/has expired.*Provision the appliance again/);
    expect(await read(late.appliance.id)).toMatchObject({ state: 'provisioned', online: false, lastContact: null });
  }, 120_000);

  it('an enrolment string with the fingerprint of another authority is refused before anything is sent', async () => {
    const wrong = deployment.enrolment.replace(/[0-9a-f]{64}$/, 'ab'.repeat(32));
    await using machine = daemon('two', 'wrong-ca', ['--enrolment', wrong]);
    const shown = await machine.start(/"failure":(\{"kind":"certificate","reason":"fingerprint".*?\})/);
    expect(shown[1]).toContain('is not the one of the enrolment string');
    expect(machine.log).not.toContain('activationCode":"');
    expect(await query('select 1 from pending_device', [])).toHaveLength(0);
  }, 60_000);

  it('an altered and a replayed request are refused, and the untouched one is not', async () => {
    await using signer = await enrolled('signer');
    const { machine, state, id } = signer;
    await machine.stop();
    const device = await Device.of(state);
    const good = device.json(appliancePaths.poll, pollBody());
    const more = device.json(appliancePaths.poll, pollBody());
    const changed = { ...more, body: Buffer.from(JSON.stringify(pollBody({ capacity: 5 }))) };
    const moved = { ...device.json(appliancePaths.poll, pollBody()), target: `${appliancePaths.poll}?x=1` };
    const renumbered = device.json(appliancePaths.poll, pollBody());
    const renamed = { ...renumbered, headers: { ...renumbered.headers, 'picket-sequence': '900' } };
    const got = await sendFrom('one', [good, good, changed, moved, renamed, more]);
    expect(got.map(({ status, body }) => [status, body.code])).toEqual([
      [200, undefined],
      [401, 'appliance.replayed'],
      [401, 'appliance.digest-mismatch'],
      [401, 'appliance.signature-invalid'],
      [401, 'appliance.signature-invalid'],
      [200, undefined],
    ]);
    expect(await read(id)).toMatchObject({ state: 'active' });
  }, 120_000);

  it('a cloned state directory is noticed, neither machine gets work, and a Manager clears it', async () => {
    await using device = await enrolled('original');
    const { machine: original, state, id } = device;
    await original.stop();
    const copy = join(deployment.folder, 'clone');
    await cp(state, copy, { recursive: true });
    await original.start(/"state":"ready"/);
    await using clone = daemonProgram(launchIn('two'), copy, []);
    await clone.start(/"state":"ready"/);
    await deployment.untilAppliance(id, (each) => each.state === 'suspect');
    await Promise.all([original, clone].map((each) => each.waitFor(/"state":"clone-suspected"/)));
    const scanId = await launch();
    await delay(4000);
    const waiting = await deployment.scan(scanId);
    expect(waiting.status).toBe('queued');
    expect(waiting.slices).toMatchObject({ leased: 0 });
    expect(waiting.statusReason).toContain('original');
    expect(await read(id)).toMatchObject({ state: 'suspect', online: false });

    await clone.stop();
    await deployment.client.post(`/api/v1/appliances/${id}/clear-suspicion`, {}, applianceSchema);
    await deployment.untilAppliance(id, (each) => each.online);
    await deployment.untilScan(scanId, (scan) => scan.status === 'running');
    await act(scanId, 'cancel');
    await deployment.untilEnded(scanId);
  }, 180_000);

  it('pause, resume and cancel reach the running engine in under two seconds', async () => {
    await using _steered = await enrolled('steered');
    using arrivals = new Arrivals(targetPid);
    const scanId = await launch();
    await arrivals.until(100, 60_000);
    const measured: Record<string, number> = {};
    measured.pause = await silenceAfter(arrivals, () => act(scanId, 'pause'));
    await deployment.untilScan(scanId, (scan) => scan.status === 'paused', 10_000);
    const before = performance.now();
    await act(scanId, 'resume');
    await arrivals.until(1, 10_000);
    measured.resume = arrivals.lastAt - before;
    await arrivals.until(100, 20_000);
    measured.cancel = await silenceAfter(arrivals, () => act(scanId, 'cancel'));
    expect((await deployment.untilEnded(scanId, 20_000)).status).toBe('canceled');
    print(measured);
    for (const took of Object.values(measured)) expect(took).toBeLessThan(2000);
  }, 180_000);

  it.each(['revoke', 'delete'])(
    '%s in the middle of a scan silences the engine within two seconds and keeps what was found',
    async (how) => {
      await using device = await enrolled(`${how}d`);
      const { machine, id } = device;
      using arrivals = new Arrivals(targetPid);
      const scanId = await launch();
      await arrivals.until(600, 60_000);
      await deployment.untilScan(scanId, (scan) => scan.openPorts > 0, 60_000);
      const took = await silenceAfter(arrivals, () =>
        how === 'revoke'
          ? deployment.client.post(`/api/v1/appliances/${id}/revoke`, {}, z.null())
          : deployment.client.delete(`/api/v1/appliances/${id}`, z.null()),
      );
      print({ [how]: took });
      expect(took).toBeLessThan(2000);
      await machine.waitFor(/"state":"revoked"/);
      const kept = await deployment.scan(scanId);
      expect(kept.openPorts).toBeGreaterThan(0);
      expect(kept.status).not.toBe('finished');
      expect(kept.statusReason).not.toBeNull();
      await act(scanId, 'cancel');
      const ended = await deployment.untilEnded(scanId, 20_000);
      expect(ended).toMatchObject({ status: 'canceled', complete: false, openPorts: kept.openPorts });
    },
    180_000,
  );

  function launchIn(namespace: string) {
    return (argv: readonly string[], env: Readonly<Record<string, string>>) => network.start(namespace, argv, { env });
  }

  function daemon(namespace: string, name: string, args: readonly string[]): Program {
    return daemonProgram(launchIn(namespace), join(deployment.folder, name), args);
  }

  function provision(name: string) {
    return deployment.client.post('/api/v1/appliances/provision', { name, networkIds: [] }, provisionedAppliance);
  }

  /** A daemon in the namespace `one`, enrolled by a personalization code and online; in the end it is stopped and deleted. */
  async function enrolled(name: string) {
    const body = { name, networkIds: [networkId] };
    const made = await deployment.client.post('/api/v1/appliances/provision', body, provisionedAppliance);
    const code = ['--enrolment', made.enrolment, '--personalization-code', made.personalizationCode];
    const machine = daemon('one', name, code);
    await machine.start(/"state":"ready"/);
    await deployment.untilAppliance(made.appliance.id, (each) => each.online);
    const { id } = made.appliance;
    return {
      machine,
      id,
      state: join(deployment.folder, name),
      async [Symbol.asyncDispose]() {
        await machine.stop();
        const { items } = await deployment.client.get('/api/v1/appliances?limit=500', page(applianceSchema));
        if (items.some((each) => each.id === id && each.state !== 'revoked')) {
          await deployment.client.delete(`/api/v1/appliances/${id}`, z.null());
        }
      },
    };
  }

  /** A scan of every port of the target: minutes of work at this profile. */
  function launch(): Promise<number> {
    return deployment.launch({ kind: 'scan', networkId, targets: target, ports: '1-65535', profile: 'normal' });
  }

  async function act(scanId: number, action: string): Promise<void> {
    await deployment.client.post(`/api/v1/scans/${scanId}/${action}`, {}, scanSummary);
  }

  function read(id: number) {
    return deployment.client.get(`/api/v1/appliances/${id}`, applianceSchema);
  }

  /** Milliseconds from the order to the last segment that came in, looked at for four seconds. */
  async function silenceAfter(arrivals: Arrivals, order: () => Promise<unknown>): Promise<number> {
    expect(performance.now() - arrivals.lastAt).toBeLessThan(1000);
    const began = performance.now();
    await order();
    await delay(4000);
    return Math.max(0, arrivals.lastAt - began);
  }

  async function sendFrom(namespace: string, requests: readonly PreparedRequest[]) {
    const ca = await readFile(join(deployment.folder, 'platform', 'ca.pem'), 'utf8');
    const file = join(deployment.folder, 'requests.json');
    await writeFile(file, toFile(`https://${platformAddress}:8443`, ca, requests));
    const script = fileURLToPath(new URL('programs/send-requests.ts', import.meta.url));
    const run = await network.run(namespace, [process.execPath, script, file]);
    return answers.parse(JSON.parse(run.stdout || JSON.stringify(run.stderr)));
  }

  async function query(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: postgres.socketUrl('identity') });
    await client.connect();
    try {
      return (await client.query(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }
});

function print(measured: Readonly<Record<string, number>>): void {
  const text = Object.entries(measured).map(([what, took]) => `${what} ${Math.round(took)} ms`);
  process.stdout.write(`until the target noticed: ${text.join(', ')}\n`);
}
