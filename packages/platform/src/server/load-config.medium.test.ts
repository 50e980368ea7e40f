import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformConfigSchema } from './config.ts';
import { loadConfig } from './load-config.ts';

describe('the settings', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'picket-config-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const none = { flags: {}, environment: {}, file: null };

  it('listen on loopback with the embedded database unless told otherwise', async () => {
    expect(await loadConfig(none)).toMatchObject({
      listen: '127.0.0.1',
      port: 8443,
      databaseUrl: null,
      dataDirectory: '.picket',
    });
  });

  it('come from flags before the environment before the file', async () => {
    const file = join(folder, 'settings.yaml');
    await writeFile(file, 'port: 1\nlisten: 10.0.0.1\ntlsNames: [a.example]\n');
    const environment = { PICKET_PORT: '2', PICKET_LISTEN: '10.0.0.2', PICKET_TLS_NAMES: 'b.example, c.example' };
    const config = await loadConfig({ flags: { port: '3', listen: undefined }, environment, file });
    expect(config).toMatchObject({ port: 3, listen: '10.0.0.2', tlsNames: ['b.example', 'c.example'] });
  });

  it('take a secret from a file and never show it', async () => {
    const secret = join(folder, 'url');
    await writeFile(secret, 'postgres://u:canary-secret@db/picket\n');
    const config = await loadConfig({ ...none, environment: { PICKET_DATABASE_URL_FILE: secret } });
    expect(config.databaseUrl?.reveal()).toContain('canary-secret');
    expect(JSON.stringify(config)).not.toContain('canary-secret');
  });

  it('name every fault at once', async () => {
    const environment = { PICKET_COLOUR: 'red', PICKET_PORT: '70000', DATABASE_URL: 'mysql://x' };
    await expect(loadConfig({ ...none, environment })).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/port: .*databaseUrl: must begin with postgres.*there is no setting colour/s),
    });
  });

  it('are each explained in a sentence', () => {
    for (const [key, schema] of Object.entries(platformConfigSchema.shape)) {
      expect([key, schema.meta()?.description?.endsWith('.')]).toEqual([key, true]);
    }
  });
});
