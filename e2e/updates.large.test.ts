import { mkdtemp, open, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { newReleaseKey } from '@picket/contracts/release/testing/test-bundle';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  crashingSoftware,
  folderOf,
  goodContent,
  goodSoftware,
  picket,
  silentSoftware,
  UpdateGround,
} from './harness/update-ground.ts';

/** One appliance goes through it all, so the tests stand in their order and versions only grow. */
describe('updates of an appliance', () => {
  let folder = '';
  let ground: UpdateGround;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picket-updates-'));
    ground = await UpdateGround.open(folder);
  });
  afterAll(async () => {
    await ground?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const log = () => ground.deployment.appliance.log;
  const count = (pattern: RegExp) => [...log().matchAll(pattern)].length;
  const inUse = async () => {
    const { content, software } = await ground.updates();
    return [content?.inUse, software?.inUse];
  };

  it('installs good content that the command line made and published', async () => {
    await folderOf(join(folder, 'content'), goodContent('20270101.1'));
    const bundle = join(folder, 'content.bundle');
    const key = join(folder, 'release.pem');
    await picket(['release', 'make', join(folder, 'content'), '--kind', 'content', '--key', key, '--out', bundle]);
    await picket(['release', 'verify', bundle, '--key', `${key}.pub`]);
    await picket(['release', 'publish', bundle, '--data', ground.deployment.folder]);
    expect((await ground.updates()).content).toMatchObject({ wanted: '20270101.1' });
    await ground.updated('content', '20270101.1');
    expect(await ground.versions('content')).toEqual(['20270101.1']);
    expect(await picket(['release', 'list', '--data', ground.deployment.folder])).toContain('20270101.1');
  });

  it('installs good software, which calls home', async () => {
    await ground.publish('software', '0.2.0', goodSoftware);
    await ground.updated('software', '0.2.0');
    const { software } = await ground.updates();
    expect(software).toMatchObject({ inUse: '0.2.0', state: 'up-to-date' });
    const status = await readFile(join(ground.deployment.applianceState, 'status.json'), 'utf8');
    expect(JSON.parse(status)).toMatchObject({
      softwareVersion: '0.2.0',
      contentVersion: '20270101.1',
      updating: false,
    });
    // S2 was lit on the way.
    expect(count(/"updating":true/g)).toBeGreaterThan(0);
  });

  it('goes back when new software never calls home, tells why, and tries it again only when somebody asks', async () => {
    await ground.publish('software', '0.3.0', silentSoftware);
    await ground.updateNow();
    const { software } = await ground.until('it fell back', ({ software: each }) => each?.state === 'fell-back');
    expect(software).toMatchObject({ inUse: '0.2.0', version: '0.3.0', code: 'updates.no-call' });
    expect(software?.hint).toContain('newer version');
    const starts = () => count(/"event":"launcher.start"[^\n]*"version":"0.3.0"/g);
    const before = starts();
    const asked = software?.now ?? 0;
    expect(before).toBe(1);
    await restart();
    await ground.until('it is back', ({ software: each }) => each?.state === 'fell-back');
    await delay(2000);
    expect(starts()).toBe(before);
    await ground.updateNow();
    await expect.poll(starts, { timeout: 30_000 }).toBe(before + 1);
    await ground.until(
      'it fell back again',
      ({ software: each }) => each?.state === 'fell-back' && each.now === asked + 1,
    );
    expect(await inUse()).toEqual(['20270101.1', '0.2.0']);
  });

  it('goes back when new software ends again and again', async () => {
    await ground.publish('software', '0.4.0', crashingSoftware);
    await ground.updateNow();
    const { software } = await ground.until(
      'it fell back',
      (each) => each.software?.version === '0.4.0' && each.software.state === 'fell-back',
    );
    expect(software).toMatchObject({ inUse: '0.2.0', code: 'updates.crashed' });
  });

  it("goes back when new content can't be loaded", async () => {
    await ground.publish('content', '20270102.1', { 'checks/a.yaml': 'no manifest' });
    await ground.updateNow();
    const { content } = await ground.until('it fell back', (each) => each.content?.state === 'fell-back');
    expect(content).toMatchObject({ inUse: '20270101.1', version: '20270102.1', code: 'updates.no-content' });
    expect(await ground.versions('content')).toEqual(['20270101.1']);
  });

  it("refuses what a foreign key signed, and what was changed on the platform's disk", async () => {
    await ground.publish('software', '0.5.0', goodSoftware, { key: newReleaseKey() });
    await ground.updateNow();
    const foreign = await ground.until(
      'it failed',
      (each) => each.software?.version === '0.5.0' && each.software.state === 'failed',
    );
    expect(foreign.software).toMatchObject({ inUse: '0.2.0', code: 'bundle.key-unknown' });
    const made = await ground.publish('software', '0.5.1', goodSoftware);
    await tamper(join(ground.deployment.folder, 'platform/releases', `${made.sha256}.bundle`), -3);
    await ground.updateNow();
    const changed = await ground.until(
      'it failed',
      (each) => each.software?.version === '0.5.1' && each.software.state === 'failed',
    );
    expect(changed.software).toMatchObject({ inUse: '0.2.0', code: 'bundle.file-damaged' });
    expect(await ground.versions('software')).toEqual(['0.2.0']);
    await ground.withdraw(made);
  });

  it('refuses an older version unless a Manager goes back to it', async () => {
    const older = await ground.publish('software', '0.1.5', goodSoftware);
    await ground.updateNow();
    const { software } = await ground.until('it is refused', (each) => each.software?.code === 'updates.older');
    expect(software).toMatchObject({ inUse: '0.2.0', state: 'failed' });
    await ground.withdraw(older);
    await ground.publish('software', '0.1.6', goodSoftware, { rollback: true });
    await ground.updated('software', '0.1.6');
    await ground.publish('software', '0.6.0', goodSoftware);
    await ground.updated('software', '0.6.0');
  });

  it('goes on where a download was cut off at half, and sends at most one part again', async () => {
    const large = new Uint8Array(6_000_000).map((_, at) => (at * 7) % 251);
    const made = await ground.publish('content', '20270103.1', { ...goodContent('20270103.1'), large });
    const before = ground.relay.bytes;
    ground.relay.cutAt = before + made.bytes / 2;
    await ground.updateNow();
    await expect.poll(() => ground.relay.isCut, { timeout: 30_000 }).toBe(true);
    const part = join(ground.deployment.applianceState, 'updates/incoming', `${made.sha256}.part`);
    const reached = (await readFile(part)).length;
    expect(reached).toBeGreaterThan(made.bytes * 0.4);
    expect(reached).toBeLessThan(made.bytes * 0.6);
    ground.relay.mend();
    await ground.until('it is there', (each) => each.content?.inUse === '20270103.1');
    const sent = ground.relay.bytes - before;
    // One part of 256 KiB, and what signatures, TLS and polls add.
    expect(sent).toBeLessThan(made.bytes + 262_144 + 400_000);
    expect(await ground.versions('content')).toEqual(['20270101.1', '20270103.1']);
  });

  it.each([
    ['content', 'downloading'],
    ['content', 'verifying'],
    ['content', 'unpacking'],
    ['content', 'switching'],
    ['content', 'confirming'],
    ['software', 'downloading'],
    ['software', 'verifying'],
    ['software', 'unpacking'],
    ['software', 'switching'],
    ['software', 'confirming'],
  ] as const)('comes through a power cut: %s, %s', async (kind, step) => {
    number += 1;
    const version = kind === 'content' ? `20270110.${number}` : `0.7.${number}`;
    const large = new Uint8Array(1_000_000).map((_, at) => (at * number) % 253);
    await ground.publish(kind, version, { ...(kind === 'content' ? goodContent(version) : goodSoftware), large });
    const [content, software] = await inUse();
    const reached = ground.deployment.appliance.waitFor(
      new RegExp(`"kind":"${kind}","from":"[a-z-]+","to":"${step}","version":"${version}"`),
      60_000,
    );
    await ground.updateNow();
    await reached;
    await ground.deployment.appliance.stop('SIGKILL');
    const whole = kind === 'content' ? [version, content] : [version, software];
    expect(whole).toContain(await currentOf(kind));
    await ground.deployment.restartAppliance();
    await ground.until(
      `${kind} ${version}`,
      (each) => each[kind]?.inUse === version && each[kind].state === 'up-to-date',
    );
    expect(await ground.versions(kind)).toContain(version);
    expect((await ground.versions(kind)).length).toBeLessThanOrEqual(3);
  });
  let number = 0;

  it('never switches in the middle of a slice', async () => {
    const servers = await listeners(3);
    const ports = servers.map((server) => portOf(server)).join(',');
    const { deployment, networkId } = ground;
    const request = {
      kind: 'scan' as const,
      networkId,
      targets: '127.0.0.1',
      ports: `${ports},20000-20300`,
      profile: 'gentle' as const,
    };
    const scan = await deployment.launch(request);
    await deployment.untilScan(scan, (each) => each.status === 'running' && each.progress < 1, 60_000);
    const [content, software] = await inUse();
    await ground.publish('content', '20270120.1', goodContent('20270120.1'));
    await ground.publish('software', '0.8.0', goodSoftware);
    await ground.updateNow();
    await ground.until('it waits', (each) => each.content?.state === 'waiting');
    // More work that it could take: none is taken while it waits.
    const next = await deployment.launch({ ...request, ports });
    expect(await inUse()).toEqual([content, software]);
    expect((await deployment.scan(scan)).status).toBe('running');
    const pid = await workerCommand(deployment.applianceState);
    expect(pid).toContain(`versions/content/${content}`);
    await deployment.untilEnded(scan, 120_000);
    await ground.until(
      'both are there',
      (each) => each.content?.inUse === '20270120.1' && each.software?.inUse === '0.8.0',
      90_000,
    );
    for (const id of [scan, next])
      expect(await deployment.untilEnded(id, 120_000)).toMatchObject({ status: 'finished', complete: true });
    expect(log()).not.toContain('lease.refused');
    for (const server of servers) server.close();
  });

  it('runs the real software of this checkout, packed as a release, and scans with it', async () => {
    const built = join(folder, 'software');
    const bundle = join(folder, 'software.bundle');
    await picket(['release', 'software', built]);
    const signed = ['--key', join(folder, 'release.pem'), '--out', bundle];
    await picket(['release', 'make', built, '--kind', 'software', '--number', '0.9.0', ...signed]);
    await picket(['release', 'publish', bundle, '--data', ground.deployment.folder]);
    await ground.updated('software', '0.9.0');
    const servers = await listeners(2);
    const ports = servers.map((server) => portOf(server)).join(',');
    const request = { kind: 'scan' as const, networkId: ground.networkId, targets: '127.0.0.1' };
    const scan = await ground.deployment.launch({ ...request, ports: `${ports},21000-21060`, profile: 'gentle' });
    await ground.deployment.untilScan(scan, (each) => each.status === 'running', 60_000);
    await expect
      .poll(() => workerCommand(ground.deployment.applianceState).catch(String), { timeout: 20_000 })
      .toContain('versions/software/0.9.0/node_modules/@picket/appliance/src/worker/main.js');
    expect(await ground.deployment.untilEnded(scan, 120_000)).toMatchObject({ status: 'finished', complete: true });
    for (const server of servers) server.close();
  });

  /** The version that the link names; null: that of the installation. Its folder must be there. */
  async function currentOf(kind: 'content' | 'software'): Promise<string | null> {
    const link = join(ground.deployment.applianceState, 'updates/current', kind);
    const names = await readdir(link).catch(() => null);
    if (names === null) return null;
    expect(names).toContain(kind === 'content' ? 'manifest.json' : 'appliance.mjs');
    return (await readlink(link)).split('/').at(-1) ?? null;
  }

  async function restart(): Promise<void> {
    await ground.deployment.appliance.end();
    await ground.deployment.restartAppliance();
  }
});

/** Flips a bit of a file, counted from its end. */
async function tamper(path: string, fromEnd: number): Promise<void> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const byte = Buffer.alloc(1);
    await file.read(byte, 0, 1, size + fromEnd);
    byte[0] = (byte[0] ?? 0) ^ 1;
    await file.write(byte, 0, 1, size + fromEnd);
  } finally {
    await file.close();
  }
}

async function listeners(howMany: number): Promise<readonly Server[]> {
  return Promise.all(
    Array.from({ length: howMany }, async () => {
      const server = createServer((socket) => void socket.on('error', () => {}).end('hello\r\n'));
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** The command line of the scan worker of this appliance. */
async function workerCommand(state: string): Promise<string> {
  for (const pid of await readdir('/proc')) {
    if (!/^[0-9]+$/.test(pid)) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/worker\/main\.[jt]s/.test(command) && command.includes(state)) return command.replaceAll('\0', ' ');
  }
  throw new Error('no scan worker runs');
}
