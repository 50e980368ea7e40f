import { fileURLToPath } from 'node:url';
import { type Launch, Program } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** An appliance's daemon on the given state directory, as its own process; `args` are further options of it. */
export function daemonProgram(launch: Launch, state: string, args: readonly string[]): Program {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
  const main = `${root}packages/appliance/src/daemon/main.ts`;
  return new Program(launch, [...node, main, '--state', state, '--content', `${root}content`, '--json', ...args]);
}
