import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCode } from '../exit-code.ts';
import { releaseCommand } from './release-command.ts';

let folder = '';
const at = (name: string) => join(folder, name);

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { code: -1, out: '', err: '' };
  const output = {
    out: (more: string) => void (said.out += more),
    err: (more: string) => void (said.err += more),
    interactive: false,
    columns: 80,
  };
  const command = releaseCommand(output, (code) => {
    said.code = code;
  });
  await command.parseAsync(args, { from: 'user' });
  return said;
}

const make = (kind: string, ...more: string[]) =>
  run('make', at(kind), '--kind', kind, '--key', at('key.pem'), '--out', at(`${kind}.bundle`), ...more);
const verify = (...more: string[]) => run('verify', at('content.bundle'), '--key', at('key.pem.pub'), ...more);

describe('picket release', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'picket-release-'));
    mkdirSync(at('content/checks'), { recursive: true });
    const manifest = { name: 'Ours', version: '20261129.1', engineLevel: 1 };
    writeFileSync(at('content/manifest.json'), JSON.stringify(manifest));
    writeFileSync(at('content/checks/a.yaml'), 'id: a');
    mkdirSync(at('software'));
    writeFileSync(at('software/appliance.mjs'), 'run()', { mode: 0o755 });
    expect((await run('key', at('key.pem'))).code).toBe(exitCode.clean);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes a key that only its owner reads, and never overwrites one', async () => {
    expect(statSync(at('key.pem')).mode & 0o777).toBe(0o600);
    const before = readFileSync(at('key.pem'), 'utf8');
    await expect(run('key', at('key.pem'))).rejects.toMatchObject({ code: 'release.key-not-written' });
    expect(readFileSync(at('key.pem'), 'utf8')).toBe(before);
    const { out } = await run('key', at('other.pem'), '--json');
    expect(readFileSync(at('other.pem.pub'), 'utf8')).toContain(JSON.parse(out).publicKey);
  });

  it('makes bundles that hold', async () => {
    expect(await make('content')).toMatchObject({
      code: exitCode.clean,
      out: expect.stringContaining('content 20261129.1 (Ours): 2 files'),
    });
    const { code, out } = await verify('--json');
    expect([code, JSON.parse(out)]).toEqual([
      exitCode.clean,
      expect.objectContaining({ ok: true, kind: 'content', version: '20261129.1', level: 1, files: 2 }),
    ]);
    expect((await make('software', '--number', '0.2.0', '--json')).out).toContain('"version":"0.2.0"');
    expect(readFileSync(at('software.bundle')).toString('latin1')).toContain('"executable":true');
  });

  it('says why a bundle does not hold, and ends with 1', async () => {
    await make('content');
    const good = readFileSync(at('content.bundle'));
    writeFileSync(at('content.bundle'), good.subarray(0, good.length - 2));
    expect(await verify()).toMatchObject({ code: exitCode.findings, err: expect.stringContaining('ends too early') });
    writeFileSync(at('content.bundle'), Buffer.concat([good, good]));
    expect(JSON.parse((await verify('--json')).out)).toMatchObject({ ok: false, code: 'bundle.too-long' });
    writeFileSync(at('content.bundle'), good);
    await run('key', at('foreign.pem'));
    const foreign = await run('verify', at('content.bundle'), '--key', at('foreign.pem.pub'));
    expect(foreign).toMatchObject({ code: exitCode.findings, err: expect.stringContaining('not trusted') });
  });

  it('writes the software of appliances as plain JavaScript that runs, into a new folder only', async () => {
    expect(await run('software', at('built'))).toMatchObject({ code: exitCode.clean });
    const left = readdirSync(at('built'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    expect(left).toEqual([]);
    const started = spawnSync(process.execPath, [at('built/appliance.mjs'), '--state', at('state')], {
      encoding: 'utf8',
    });
    expect([started.status, started.stderr]).toEqual([2, expect.stringContaining('does not know its platform yet')]);
    await expect(run('software', at('built'))).rejects.toMatchObject({ code: 'release.folder-exists' });
  });

  it("refuses what it can't pack", async () => {
    await expect(make('software')).rejects.toMatchObject({ code: 'release.version-missing' });
    await expect(make('software', '--number', '1')).rejects.toMatchObject({ code: 'release.refused' });
    await expect(make('content', '--number', '0.2.0')).rejects.toMatchObject({ code: 'release.version-given' });
    symlinkSync('/etc/hostname', at('content/link'));
    await expect(make('content')).rejects.toMatchObject({ code: 'release.not-a-file' });
    rmSync(at('content/link'));
    rmSync(at('content/manifest.json'));
    await expect(make('content')).rejects.toMatchObject({ code: 'release.content-manifest' });
    rmSync(at('software/appliance.mjs'));
    writeFileSync(at('software/other'), '');
    await expect(make('software', '--number', '0.2.0')).rejects.toMatchObject({ code: 'release.no-entry' });
    await expect(run('verify', at('nothing'), '--key', at('key.pem.pub'))).rejects.toMatchObject({
      code: 'release.bundle-unreadable',
    });
    await expect(run('verify', at('content'), '--key', at('key.pem'))).rejects.toMatchObject({
      code: 'release.keys-unreadable',
    });
  });
});
