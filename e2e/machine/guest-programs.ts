import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mustRun, runCommand } from '@picket/testkit/namespaces/run-command';

/** Copies programs of this machine into a root folder, with the libraries they load, under the paths they have here. Links become what they lead to. */
export async function copyPrograms(root: string, programs: readonly string[]): Promise<void> {
  const files = new Set<string>();
  for (const program of programs) {
    const path = program.includes('/')
      ? program
      : (await mustRun(['sh', '-c', 'command -v "$1"', 'sh', program])).trim();
    files.add(path);
    for (const library of await librariesOf(path)) files.add(library);
  }
  for (const file of files) await copyInto(root, file);
}

/** In the root, as on every Debian, /bin, /sbin and /lib are links into /usr. */
async function copyInto(root: string, file: string): Promise<void> {
  const at = join(root, /^\/(?:bin|sbin|lib|lib64)\//.test(file) ? join('/usr', file) : file);
  await mkdir(dirname(at), { recursive: true });
  await cp(file, at, { dereference: true, force: true });
}

async function librariesOf(path: string): Promise<string[]> {
  const told = await runCommand(['ldd', path]);
  return [...told.stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, library]) => library ?? []);
}
