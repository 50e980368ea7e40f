import type { Plan } from '@picket/plan/plan';

/** What a result file says of the run besides what was found. */
export interface RunFacts {
  readonly plan: Plan;
  /** The command line, as typed. */
  readonly args: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly complete: boolean;
  readonly version: string;
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** As ctime(3) writes it, in UTC: `Sat Nov 21 08:11:07 2026`. */
export function clockText(milliseconds: number): string {
  const at = new Date(milliseconds);
  const day = String(at.getUTCDate()).padStart(2, ' ');
  return `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${day} ${at.toISOString().slice(11, 19)} ${at.getUTCFullYear()}`;
}
