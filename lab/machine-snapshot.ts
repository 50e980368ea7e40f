import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from '@picket/testkit/namespaces/run-command';

/**
 * What of this machine a lab might leave behind, as one sorted list of lines: namespaces, interfaces, mounts, processes that belong to
 * a lab, its work folders, and each file under /etc with its size and time of change. Two lists are equal when nothing was left.
 */
export async function machineSnapshot(): Promise<readonly string[]> {
  const lists = await Promise.all([
    namespaces(),
    interfaces(),
    mounts(),
    labProcesses(),
    workFolders(),
    filesBelow('/etc'),
  ]);
  return lists.flat().toSorted();
}

async function namespaces(): Promise<readonly string[]> {
  const names = await readdir('/run/netns').catch(() => []);
  return names.filter((name) => name.startsWith('lab.')).map((name) => `namespace ${name}`);
}

async function interfaces(): Promise<readonly string[]> {
  const output = await mustRun(['ip', '-o', 'link', 'show']);
  return output.split('\n').map((line) => `interface ${line.split(':')[1]?.trim() ?? ''}`);
}

async function mounts(): Promise<readonly string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  // Namespaces of other tests are mounts too; those of a lab are named, the folder itself stays from the first use of "ip netns".
  const points = lines.map((line) => line.split(' ')[4] ?? '');
  return points
    .filter((point) => !point.startsWith('/run/netns') || point.includes('/lab.'))
    .map((point) => `mount ${point}`);
}

async function labProcesses(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes('picket-lab-')).map((command) => `process ${command}`);
}

async function workFolders(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('picket-lab-')).map((name) => `folder ${name}`);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (path) => {
      const about = await stat(path);
      return `file ${path} ${about.size} ${about.mtimeMs}`;
    }),
  );
}
