import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { namespacePids } from '@picket/testkit/namespaces/namespace';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Program } from './harness/process.ts';

const support = canUseNamespaces();
const bootstrap = fileURLToPath(new URL('../scripts/bootstrap.mjs', import.meta.url));

describe.skipIf(!support.ok)('npm start', () => {
  let network: NetworkLab;
  let data: string;

  beforeEach(async () => {
    network = new NetworkLab('start');
    await network.addNamespace('machine');
    data = await mkdtemp(join(tmpdir(), 'picket-start-'));
  });
  afterEach(async () => {
    await network.close();
    await rm(data, { recursive: true, force: true });
  });

  const start = (...args: string[]) =>
    new Program(
      (argv) => network.start('machine', argv),
      [process.execPath, bootstrap, 'start', '--data', data, ...args],
    );

  it('scans this machine at its first start, keeps all for a second one within 5 s, and leaves nothing running', async () => {
    await using picket = start();
    await picket.start(/Picket is up/, 180_000);
    expect(picket.log).toMatch(/First map: this machine: finished, 2 hosts/);
    expect(picket.log).toMatch(/First scan: this machine: finished, 2 hosts/);
    expect(picket.log).toMatch(/https:\/\/localhost:8443\nSign in as \S+ with the one-time password \S{12,}/);
    await picket.stop('SIGINT');
    expect(await namespacePids(network.fullName('machine'))).toEqual([]);

    const again = performance.now();
    await picket.start(/Picket is up/, 60_000);
    const seconds = (performance.now() - again) / 1000;
    await picket.stop('SIGINT');
    process.stdout.write(`second npm start: up and appliance online in ${seconds.toFixed(1)} s\n`);
    expect(picket.log.split('Picket is up')[2]).toContain('Sign in with your account');
    expect(picket.log).not.toMatch(/Picket is up[^]*First scan[^]*Picket is up/);
    expect(await namespacePids(network.fullName('machine'))).toEqual([]);
    expect((await readdir(data)).toSorted()).toEqual(['appliance', 'logs', 'platform']);
  }, 300_000);

  it('shows addresses, packets and rate of --targets and sends nothing without a yes', async () => {
    await using picket = start('--targets', '127.0.0.0/30');
    await picket.start(/Nobody can answer here/, 60_000);
    expect(picket.log).toMatch(/Scan of 4 addresses: 127\.0\.0\.0-127\.0\.0\.3/);
    expect(picket.log).toMatch(/at most [0-9,]+, at most 2,000\/s/);
    expect(await readdir(data)).toEqual([]);
  });

  it('scans --targets after --yes', async () => {
    await using picket = start('--targets', '127.0.0.0/30', '--yes');
    await picket.start(/Targets of npm start: finished, 4 hosts[^]*Picket is up/, 180_000);
    await picket.stop('SIGINT');
  }, 240_000);

  it('refuses what it does not understand before anything starts', async () => {
    await using picket = start('--port', 'x');
    await picket.start(/--port must be a number/, 30_000);
    expect(await readdir(data)).toEqual([]);
  });
});
