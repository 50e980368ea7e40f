import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type KeyPair, keyPairFromPem } from '@picket/base/adapters/ed25519';
import { type ApplianceUpdates, applianceUpdates, type Release, release } from '@picket/contracts/api/release';
import { type TestFiles, testBundle } from '@picket/contracts/release/testing/test-bundle';
import { startProcess } from '@picket/testkit/running-process';
import { z } from 'zod';
import { CountingRelay } from './counting-relay.ts';
import { Deployment } from './deployment.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const daemon = join(root, 'packages/appliance/src/daemon/main.ts');

/** Software of a release in tests: starts this checkout's own daemon, so that it is small and real. */
export const goodSoftware: TestFiles = { 'appliance.mjs': `await import(${JSON.stringify(daemon)});\n` };
/** Runs and never reaches the platform. */
export const silentSoftware: TestFiles = { 'appliance.mjs': 'setInterval(() => {}, 1000);\n' };
/** Ends at once. */
export const crashingSoftware: TestFiles = { 'appliance.mjs': 'process.exit(1);\n' };

/** Content that can be loaded. */
export const goodContent = (version: string): TestFiles => ({
  'manifest.json': JSON.stringify({ name: 'test', version, engineLevel: 1 }),
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return address !== null && typeof address === 'object' ? address.port : 0;
}

/** A platform and an appliance with its launcher, that trusts one release key and has new software call home within ten seconds. */
export class UpdateGround implements AsyncDisposable {
  readonly deployment: Deployment;
  readonly relay: CountingRelay;
  readonly key: KeyPair;
  readonly applianceId: number;
  readonly networkId: number;

  private constructor(parts: {
    deployment: Deployment;
    relay: CountingRelay;
    key: KeyPair;
    applianceId: number;
    networkId: number;
  }) {
    this.deployment = parts.deployment;
    this.relay = parts.relay;
    this.key = parts.key;
    this.applianceId = parts.applianceId;
    this.networkId = parts.networkId;
  }

  /** `folder` holds the key; it is made with the command line. */
  static async open(folder: string): Promise<UpdateGround> {
    const key = join(folder, 'release.pem');
    await picket(['release', 'key', key]);
    const [port, publicPort] = [await freePort(), await freePort()];
    const deployment = await Deployment.create({
      platform: { launch: (argv, env) => startProcess(argv, env), listen: '127.0.0.1', port },
      // A group of its own: what ends it ends the launcher and the daemon at once, as a power cut does.
      appliance: { launch: (argv, env) => startProcess(argv, env, { ownGroup: true }) },
      publicPort,
      applianceEntry: 'launcher/main.ts',
      applianceArgs: ['--release-keys', `${key}.pub`, '--call-home-seconds', '10'],
    });
    await deployment.startPlatform();
    const relay = await CountingRelay.start(publicPort, port);
    const networkId = await deployment.network('Loopback', '127.0.0.0/8');
    const { id } = await deployment.enrol('updates', [networkId]);
    const pair = keyPairFromPem(await readFile(key, 'utf8'));
    return new UpdateGround({ deployment, relay, key: pair, applianceId: id, networkId });
  }

  /** Publishes files as a release, through the command line. */
  async publish(
    kind: 'content' | 'software',
    version: string,
    files: TestFiles,
    options: { readonly key?: KeyPair; readonly rollback?: boolean } = {},
  ): Promise<Release> {
    const bytes = testBundle(files, options.key ?? this.key, { kind, version });
    const path = join(this.deployment.folder, `${kind}-${version}.bundle`);
    await writeFile(path, bytes);
    const more = options.rollback ? ['--rollback'] : [];
    const out = await picket(['release', 'publish', path, '--data', this.deployment.folder, '--json', ...more]);
    return release.parse(JSON.parse(out));
  }

  async withdraw({ id }: Release): Promise<void> {
    await this.deployment.client.delete(`/api/v1/releases/${id}`, z.unknown());
  }

  updates(): Promise<ApplianceUpdates> {
    return this.deployment.client.get(`/api/v1/appliances/${this.applianceId}/updates`, applianceUpdates);
  }

  updateNow(): Promise<ApplianceUpdates> {
    return this.deployment.client.post(`/api/v1/appliances/${this.applianceId}/update-now`, {}, applianceUpdates);
  }

  /** Waits until the platform shows it so; fails naming what it shows last. */
  async until(
    what: string,
    holds: (updates: ApplianceUpdates) => boolean,
    deadlineMs = 60_000,
  ): Promise<ApplianceUpdates> {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const updates = await this.updates();
      if (holds(updates)) return updates;
      if (performance.now() > deadline)
        throw new Error(`not so: ${what}\n${JSON.stringify(updates, null, 1)}\n${this.deployment.tails()}`);
      await delay(100);
    }
  }

  /** Asks for an update and waits until the kind is up to date. */
  async updated(kind: 'content' | 'software', version: string): Promise<ApplianceUpdates> {
    await this.updateNow();
    return this.until(
      `${kind} ${version}`,
      (each) => each[kind]?.inUse === version && each[kind].state === 'up-to-date',
    );
  }

  /** Folders of versions on the appliance's disk. */
  async versions(kind: 'content' | 'software'): Promise<readonly string[]> {
    const names = await readdir(join(this.deployment.applianceState, 'updates/versions', kind));
    return names.filter((name) => !name.endsWith('.sha256')).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.deployment[Symbol.asyncDispose]();
    await this.relay[Symbol.asyncDispose]();
  }
}

/** Runs the command line and gives what it wrote; throws what it complained of. */
export async function picket(args: readonly string[]): Promise<string> {
  const bin = join(root, 'packages/cli/bin/picket.mjs');
  const done = await run(process.execPath, [bin, ...args], { timeout: 120_000 });
  return done.stdout;
}

/** A folder with these files. */
export async function folderOf(path: string, files: TestFiles): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), content);
  }
}
