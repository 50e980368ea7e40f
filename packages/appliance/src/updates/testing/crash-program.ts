import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keyIdOf, verifierOf } from '@picket/base/adapters/ed25519';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { silentLog } from '@picket/base/log';
import { err, ok } from '@picket/base/result';
import { wantedBundle } from '@picket/contracts/updates';
import { z } from 'zod';
import { Launcher } from '../../launcher/launcher.ts';
import { diskUpdateFiles } from '../adapters/disk-update-files.ts';
import type { UpdateFiles } from '../update-files.ts';
import { Updater } from '../updater.ts';

/*
 * One update on a real disk, by the real updater and launcher, that ends this process with SIGKILL: before the n-th operation on the disk (`killAt`), or
 * some milliseconds into the operation of a name (`killIn`). Without either it runs to its end and prints how many operations there were.
 */
const plan = z
  .object({
    state: z.string(),
    bundle: z.string(),
    publicKey: z.string(),
    offer: wantedBundle,
    killAt: z.number().default(0),
    killIn: z.object({ name: z.string(), milliseconds: z.number() }).nullable().default(null),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

let operations = 0;
const names: string[] = [];
const die = () => process.kill(process.pid, 'SIGKILL');

function step(name: string): void {
  operations += 1;
  names.push(name);
  if (operations === plan.killAt) die();
  if (plan.killIn?.name === name) setTimeout(die, plan.killIn.milliseconds);
}

/** The same files, with the end of the process among their operations. */
function mortal(files: UpdateFiles): UpdateFiles {
  return new Proxy(files, {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || name === 'folder') return value;
      return (...args: unknown[]) => {
        step(String(name));
        return Reflect.apply(value, target, args);
      };
    },
  });
}

const bytes = await readFile(plan.bundle);
const files = mortal(await diskUpdateFiles(join(plan.state, 'updates')));
const over = new AbortController();

function updater(launched: string): Updater {
  return new Updater({
    files,
    trust: (keyId) => (keyId === keyIdOf(plan.publicKey) ? verifierOf(plan.publicKey) : null),
    fetchPart: async ({ offset, length }) => ({ kind: 'bytes', bytes: bytes.subarray(offset, offset + length) }),
    slices: { quiet: true, set() {} },
    tryContent: async (folder) =>
      readFile(join(folder, 'manifest.json')).then(
        () => ok(null),
        () => err('it has no manifest'),
      ),
    shipped: { content: '20260101.1', software: '0.1.0' },
    contentFolder: () => null,
    launched: { version: launched },
    restart: () => restart.resolve(),
    onChange() {},
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    signal: over.signal,
  });
}

let restart = Promise.withResolvers<void>();

/** What runs inside each life of the daemon: a poll a moment, until a restart is asked for or the offer is in use. */
async function life(version: string | null): Promise<number> {
  const running = version ?? '0.1.0';
  restart = Promise.withResolvers();
  const daemon = updater(running);
  await daemon.start();
  let asked = false;
  void restart.promise.then(() => (asked = true));
  while (!asked) {
    const inUse = daemon.versionOf(plan.offer.kind) === plan.offer.version;
    daemon.take(inUse ? [] : [plan.offer], 1);
    if (inUse && !daemon.updating) return 0;
    await systemClock.sleep(10);
  }
  return 75;
}

const launcher = new Launcher({
  files,
  start: (version) => ({ ended: life(version), end: async () => {} }),
  callHomeMs: 20_000,
  clock: systemClock,
  log: silentLog,
  signal: over.signal,
});
const code = await launcher.run();
process.stdout.write(JSON.stringify({ code, operations, names }));
process.exit(0);
