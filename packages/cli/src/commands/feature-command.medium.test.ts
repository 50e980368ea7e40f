import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@picket/testkit/running-process';
import { expect, it } from 'vitest';
import { programs } from '../programs.ts';
import type { Output } from '../terminal/output.ts';
import { featureCommand } from './feature-command.ts';

/** Runs `picket feature WORDS` in this process. */
async function feature(data: string, ...words: string[]) {
  const said = { out: '', err: '', code: -1, refused: '' };
  const output = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text) };
  const command = featureCommand(output as unknown as Output, (code) => (said.code = code));
  for (const each of [command, ...command.commands])
    each.exitOverride().configureOutput({ writeErr: (text) => (said.err += text) });
  await command.parseAsync([...words, '--data', data], { from: 'user' }).catch((error: unknown) => {
    said.refused = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  });
  return said;
}

it('features are listed, switched off and on, and what is none is refused; without a platform the way out is said', async () => {
  const data = await mkdtemp(join(tmpdir(), 'picket-feature-'));
  try {
    expect((await feature(data, 'list')).refused).toBe('cli.platform-not-running');
    const argv = [process.execPath, '--disable-warning=ExperimentalWarning', programs.platform];
    const platform = startProcess([...argv, '--data', join(data, 'platform'), '--port', '0']);
    try {
      await platform.waitFor(/"event":"ready"/, 90_000);
      expect((await feature(data, 'list')).out).toMatch(/vlans +on .*\n.*ipv6 +on /);
      const off = await feature(data, 'disable', 'vlans', '--json');
      expect([off.code, JSON.parse(off.out)]).toMatchObject([0, { vlans: false, ipv6: true }]);
      expect((await feature(data, 'enable', 'nonsense')).err).toMatch(/Allowed choices are vlans, ipv6/);
      expect((await feature(data, 'list')).out).toMatch(/vlans +off /);
      expect(JSON.parse((await feature(data, 'enable', 'vlans', '--json')).out)).toMatchObject({
        vlans: true,
        ipv6: true,
      });
    } finally {
      await platform.stop('SIGTERM');
    }
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}, 120_000);
