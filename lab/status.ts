import { listNamespaces, namespacePids } from '@picket/testkit/namespaces/namespace';
import { labNames, readState } from './work-folder.ts';

/** What of a lab is there right now. `broken`: namespaces without a state, or a start that never ended; `down` mends it. */
export interface LabStatus {
  readonly name: string;
  readonly phase: 'down' | 'up' | 'broken';
  readonly folder: string;
  readonly namespaces: readonly string[];
  readonly processes: number;
}

/** Looks at the machine, not only at the state file. */
export async function labStatus(name: string): Promise<LabStatus> {
  const names = labNames(name);
  const state = await readState(names);
  const namespaces = await listNamespaces(names.prefix);
  const pids = await Promise.all(namespaces.map(namespacePids));
  const gone = state === undefined && namespaces.length === 0;
  const phase = gone ? 'down' : state?.phase === 'up' && namespaces.length > 0 ? 'up' : 'broken';
  return { name, phase, folder: names.folder, namespaces, processes: pids.flat().length };
}
