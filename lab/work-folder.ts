import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const namePattern = /^[a-z0-9][a-z0-9-]{0,23}$/;

/** Names and paths of one lab; all follow from its name, so that a later process finds what an earlier one made. */
export interface LabNames {
  readonly name: string;
  /** Folder of everything the lab writes. */
  readonly folder: string;
  /** What the names of all its namespaces begin with. */
  readonly prefix: string;
  /** Full name of the namespace of a host, of `scanner`, `platform`, `scan-switch` or `management-switch`. */
  readonly namespace: (short: string) => string;
}

/** Names of the lab called `name` (lower-case letters, digits, hyphens; 24 at most). Two names never share a namespace or a file. */
export function labNames(name: string): LabNames {
  if (!namePattern.test(name)) {
    throw new Error(`"${name}" is no name for a lab: use lower-case letters, digits and hyphens, 24 at most`);
  }
  // The dot keeps labs "a" and "a-b" apart: no lab's name holds one, so no prefix is the beginning of another.
  const prefix = `lab.${name}.`;
  return { name, folder: join(tmpdir(), `picket-lab-${name}`), prefix, namespace: (short) => prefix + short };
}

const stateSchema = z.object({
  name: z.string(),
  phase: z.enum(['starting', 'up']),
  /** Process of each host that holds its namespaces, as this machine counts processes. */
  holders: z.record(z.string(), z.int()),
});

/** What `up` has made so far. Written before the first thing is made; the namespaces themselves follow from the name. */
export type LabState = z.infer<typeof stateSchema>;

/** Writes the state so that a crash leaves the old file or the new one, never half a file. */
export async function writeState(names: LabNames, state: LabState): Promise<void> {
  await mkdir(names.folder, { recursive: true, mode: 0o755 });
  const path = join(names.folder, 'state.json');
  await writeFile(`${path}.new`, JSON.stringify(state, null, 2));
  await rename(`${path}.new`, path);
}

/** Reads the state; undefined when this lab was never brought up or is down, or when the file is damaged (then only `down` helps). */
export async function readState(names: LabNames): Promise<LabState | undefined> {
  const text = await readFile(join(names.folder, 'state.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = stateSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
}

/** Deletes everything the lab wrote. */
export async function removeWorkFolder(names: LabNames): Promise<void> {
  await rm(names.folder, { recursive: true, force: true });
}
