import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Program } from './harness/process.ts';

const support = canUseNamespaces();
const bootstrap = fileURLToPath(new URL('../scripts/bootstrap.mjs', import.meta.url));
const client = fileURLToPath(new URL('programs/canary-client.ts', import.meta.url));
/** A private key in PEM, and the first line of its body. */
const pemKey = /-----BEGIN (?:EC )?PRIVATE KEY-----\n([A-Za-z0-9+/=]{20,})/;
const seen = z.object({ secrets: z.record(z.string(), z.string()), answers: z.array(z.string()), metrics: z.string() });

describe.skipIf(!support.ok)('secrets of a running product', () => {
  let network: NetworkLab;
  let data: string;
  let found: z.infer<typeof seen>;
  let logs: string;
  let keys: string[];

  beforeAll(async () => {
    network = new NetworkLab('canary');
    await network.addNamespace('machine');
    data = await mkdtemp(join(tmpdir(), 'picket-canary-'));
    await using picket = new Program(
      (argv) => network.start('machine', argv, { env: { PICKET_LOG_LEVEL: 'debug' } }),
      [process.execPath, bootstrap, 'start', '--data', data],
    );
    await picket.start(/Picket is up/, 180_000);
    const login = /Sign in as (\S+) with the one-time password (\S+)/.exec(picket.log);
    const ca = join(data, 'platform', 'ca.pem');
    const run = await network.run('machine', [
      process.execPath,
      client,
      'https://localhost:8443',
      ca,
      login?.[1] ?? '',
      login?.[2] ?? '',
    ]);
    found = seen.parse(JSON.parse(run.stdout || JSON.stringify(run.stderr)));
    found.secrets.activation = /activation code ([0-9]+)/.exec(picket.log)?.[1] ?? '';
    await picket.stop('SIGINT');
    logs = await allText(join(data, 'logs'));
    keys = await privateKeys(data);
  }, 300_000);

  afterAll(async () => {
    await network.close();
    await rm(data, { recursive: true, force: true });
  });

  it('were all used: none is empty, logs, refusals and metrics are there', () => {
    expect(Object.values(found.secrets).every((secret) => secret.length >= 6)).toBe(true);
    expect(logs.length).toBeGreaterThan(500);
    expect(found.answers.length).toBeGreaterThanOrEqual(4);
    expect(found.metrics.length).toBeGreaterThan(200);
    expect(keys.length).toBeGreaterThanOrEqual(3);
  });

  it('are in no log, no refusal and no metric', () => {
    const places = { logs, refusals: found.answers.join('\n'), metrics: found.metrics };
    for (const [name, secret] of Object.entries(found.secrets)) {
      for (const [place, text] of Object.entries(places))
        expect(text.includes(secret), `${name} in ${place}`).toBe(false);
    }
  });

  it('of the devices and the platform are readable by their owner only, and in no log', async () => {
    for (const key of keys) {
      const body = pemKey.exec(await readFile(key, 'utf8'))?.[1] ?? '';
      expect(body.length).toBeGreaterThan(20);
      expect(logs.includes(body), key).toBe(false);
    }
  });
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function allText(folder: string): Promise<string> {
  return (await Promise.all((await filesBelow(folder)).map((file) => readFile(file, 'utf8')))).join('\n');
}

/** PEM private keys below the data folder. Fails when others could read one. */
async function privateKeys(folder: string): Promise<string[]> {
  const keys: string[] = [];
  for (const file of await filesBelow(folder)) {
    const { mode, size } = await stat(file);
    if (size > 10_000 || !pemKey.test(await readFile(file, 'utf8'))) continue;
    expect(mode & 0o077, file).toBe(0);
    keys.push(file);
  }
  return keys;
}
