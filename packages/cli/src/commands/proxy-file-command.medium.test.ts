import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proxyOptions } from '@picket/appliance/daemon/config';
import { readProxyPlan } from '@picket/appliance/daemon/adapters/read-proxy-plan';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Output } from '../terminal/output.ts';
import { proxyFileCommand } from './proxy-file-command.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'picket-proxy-file-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function encrypt(path: string) {
  const said = { out: '', err: '', code: -1, refused: '' };
  const output = { out: (text: string) => (said.out += text), err: (text: string) => (said.err += text) };
  const command = proxyFileCommand(output as unknown as Output, (code) => (said.code = code));
  await command.parseAsync(['encrypt', path], { from: 'user' }).catch((error: unknown) => {
    said.refused = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  });
  return said;
}

it('encrypts logins in place, keeps mode and the rest, and the daemon reads the file as before', async () => {
  const path = join(folder, 'proxy');
  await writeFile(path, 'https_proxy=http://ada:s%40cret@proxy.example:3128\nno_proxy=.example.org\n');
  await chmod(path, 0o640);
  const read = () => readProxyPlan(proxyOptions.parse({ file: path }), {});
  const before = (await read()).plan;
  expect(await encrypt(path)).toMatchObject({ code: 0, out: 'Encrypted the login of one line.\n' });
  const text = await readFile(path, 'utf8');
  expect(text).toMatch(/^https_proxy=http:\/\/sealed\.v1\.[\w-]+@proxy\.example:3128\nno_proxy=\.example\.org\n$/);
  expect((await stat(path)).mode & 0o777).toBe(0o640);
  expect((await stat(`${path}.key`)).mode & 0o777).toBe(0o600);
  expect(JSON.stringify((await read()).plan)).toBe(JSON.stringify(before));
  expect(await encrypt(path)).toMatchObject({ code: 0, out: 'Nothing was left to encrypt.\n' });
  expect(await readFile(path, 'utf8')).toBe(text);

  await chmod(`${path}.key`, 0o644);
  expect((await read()).warnings.join()).toContain('key of the proxy file may be read by others');
  expect((await encrypt(path)).err).toContain('key of the proxy file may be read by others');
  await rm(`${path}.key`);
  await expect(read()).rejects.toThrow('Line 1 of the proxy file is encrypted, and its key file');
});

it('refuses a file that is not there, and a key file that holds none', async () => {
  expect(await encrypt(join(folder, 'none'))).toMatchObject({ code: -1, refused: 'proxy-file.unreadable' });
  const path = join(folder, 'proxy');
  await writeFile(path, 'https_proxy=http://a:b@c:1\n');
  await writeFile(`${path}.key`, 'short');
  expect(await encrypt(path)).toMatchObject({ code: -1, refused: 'proxy-file.bad-key' });
  expect(await readFile(path, 'utf8')).toContain('a:b@c');
});
