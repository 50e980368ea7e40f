import { expectedPorts, hostExec, type Lab } from './lab-control.ts';
import { parseListening, portKey } from './listening.ts';

/** A statement of the truth that did not hold. */
export interface Failure {
  readonly host: string;
  readonly what: string;
  readonly detail: string;
}

/** What `verify` found: how many statements hold, and those that do not. */
export interface VerifyReport {
  readonly proved: number;
  readonly failures: readonly Failure[];
}
/** placeholder */
export async function verifyLab(lab: Lab): Promise<VerifyReport> {
  const failures: Failure[] = [];
  let proved = 0;
  for (const host of lab.truth.hosts) {
    const open = parseListening((await hostExec(lab, host.name, ['ss', '-ltnuH'])).stdout)
      .map(portKey)
      .toSorted();
    const expected = expectedPorts(host).toSorted();
    if (open.join() === expected.join()) proved += 1;
    else failures.push({ host: host.name, what: 'ports', detail: `${open.join()} instead of ${expected.join()}` });
  }
  return { proved, failures };
}
