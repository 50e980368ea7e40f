import { existsSync, mkdirSync, rmdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { about } from '@picket/contracts/api/appliance';
import { canUseNamespaces } from '@picket/testkit/namespaces/can-use-namespaces';
import { NetworkLab } from '@picket/testkit/namespaces/network-lab';
import { startProcess } from '@picket/testkit/running-process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from '../packages/cli/src/admin/admin-client.ts';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { Program } from './harness/process.ts';

const support = canUseNamespaces();
const root = fileURLToPath(new URL('..', import.meta.url));
const mountPoint = join(root, '.picket');

/** The commands of the README, as they stand there: every line of its `sh` blocks. */
const commands = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(
  (block) => (block[1] ?? '').trim().split('\n'),
);

describe.skipIf(!support.ok || !canRunPostgres())('every command of the README, in a namespace', () => {
  let network: NetworkLab;
  let postgres: PostgresServer;
  let picket: Program;
  const folders: string[] = [];
  const made = !existsSync(mountPoint);
  const used = new Set<string>();

  beforeAll(async () => {
    mkdirSync(mountPoint, { recursive: true });
    network = new NetworkLab('readme');
    await network.addNamespace('machine');
    postgres = await startPostgres();
    const data = await freshData();
    picket = program('npm start', data);
    await picket.start(/Picket is up/, 180_000);
  }, 300_000);

  afterAll(async () => {
    await picket?.stop('SIGINT');
    await network?.close();
    await postgres?.stop();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    await rm(join(root, 'scan.xml'), { force: true });
    if (made) rmdirSync(mountPoint);
  }, 60_000);

  it('npx picket scan, map and content, exit code as documented', async () => {
    for (const command of matching(/^npx picket (scan|map|content)/)) {
      const run = await network.run('machine', argv(command, folders[0] ?? ''), { cwd: root, timeoutMs: 120_000 });
      expect([0, 1], `${command}\n${run.stderr}`).toContain(run.code);
    }
  }, 300_000);

  it('npm start -- --targets shows the plan and sends nothing without a yes', async () => {
    for (const command of matching(/^npm start -- --targets/)) {
      const run = await network.run('machine', argv(command, folders[0] ?? ''), { cwd: root, timeoutMs: 60_000 });
      expect(run.stderr).toMatch(/Scan of 256 addresses[^]*Nobody can answer here/);
    }
  });

  it('status, people and the API of the running platform', async () => {
    for (const command of matching(/^(npx picket (status|user|feature)|curl)/)) {
      const run = await network.run('machine', argv(command, folders[0] ?? ''), { cwd: root, timeoutMs: 60_000 });
      expect(run.code, `${command}\n${run.stdout}${run.stderr}`).toBe(0);
      expect(run.stdout.length).toBeGreaterThan(10);
    }
  });

  it('an appliance of its own with the enrolment string, and its status', async () => {
    const { enrolment } = await new AdminClient(join(folders[0] ?? '', 'platform')).get('/api/v1/about', about);
    const data = await freshData();
    const [start = '', ...more] = matching(/^npx picket appliance start/);
    await using appliance = program(start.replace(/'https:[^']*'/, `'${enrolment}'`), data);
    await appliance.start(/ACTIVATION CODE [0-9]{12}/, 60_000);
    for (const command of matching(/^npx picket appliance status/)) {
      const run = await network.run('machine', argv(command, data), { cwd: root, timeoutMs: 60_000 });
      expect(run.stdout).toContain('awaiting-activation');
    }
    await appliance.stop('SIGTERM');
    expect(more).toEqual([]);
  }, 120_000);

  it('a platform on a real database', async () => {
    await picket.stop('SIGINT');
    await postgres.administer('create database readme');
    for (const command of matching(/^DATABASE_URL=/)) {
      const here = command.replace(/DATABASE_URL=\S+/, `DATABASE_URL='${postgres.socketUrl('readme')}'`);
      await using platform = program(here, await freshData());
      await platform.start(/"event":"ready"/, 60_000);
      await platform.stop('SIGTERM');
    }
  }, 120_000);

  it('and no command is left untested but npm test', () => {
    expect(commands.filter((command) => !used.has(command))).toEqual(['npm start', 'npm test']);
  });

  /** Commands that match, marked as tested. */
  function matching(pattern: RegExp): string[] {
    const found = commands.filter((command) => pattern.test(command));
    for (const command of found) used.add(command);
    expect(found.length).toBeGreaterThan(0);
    return found;
  }

  async function freshData(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'picket-readme-'));
    await chmod(folder, 0o700);
    folders.push(folder);
    return folder;
  }

  function program(command: string, data: string): Program {
    // As in a terminal: Ctrl-C reaches npm, the shell and the program alike.
    const inNamespace = ['ip', 'netns', 'exec', network.fullName('machine')];
    return new Program(
      (words) => startProcess([...inNamespace, ...words], {}, { ownGroup: true }),
      argv(command, data),
    );
  }
});

/** The command line in a shell, in the project's folder, with `data` mounted as its `.picket`: what is there of a developer stays untouched. */
function argv(command: string, data: string): string[] {
  return [
    'unshare',
    '--mount',
    'sh',
    '-c',
    'cd "$0" && mount --bind "$1" .picket && exec sh -c "$2"',
    root,
    data,
    `exec ${command}`.replace(/^exec (?=\w+=)/, ''),
  ];
}
