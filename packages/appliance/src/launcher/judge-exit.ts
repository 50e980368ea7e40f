/** How a daemon ended, as the launcher sees it. */
export interface DaemonEnd {
  /** Exit code; null: by a signal. */
  readonly code: number | null;
  /** Somebody asked the launcher to end. */
  readonly stopping: boolean;
  /** What ran: `shipped` is the software of the installation, `trial` one that has not called home yet. */
  readonly what: 'shipped' | 'in-use' | 'trial';
  /** How often the version on trial was started, this time included. */
  readonly starts: number;
  /** Ends of the version in use in a row that nobody asked for, this one included. */
  readonly crashes: number;
}

/** `end`: the launcher ends with the same exit code. `again`: the next start. `fall-back`: the version before is in use again. */
export type AfterEnd = 'end' | 'again' | 'fall-back';

/** The daemon's exit code that asks for another version; kept here because the launcher depends on nothing that is updated. */
export const updateExitCode = 75;
/** It could not be started as asked: the same happens at the next try. */
const refusedExitCode = 2;
/** Management has another part of the network now, where only the one that started the launcher can bring it. */
export const networkExitCode = 76;

export const mostTrialStarts = 3;
export const mostCrashes = 3;

/** What follows when a daemon has ended. */
export function judgeExit({ code, stopping, what, starts, crashes }: DaemonEnd): AfterEnd {
  if (stopping || code === networkExitCode) return 'end';
  if (what === 'trial') return starts >= mostTrialStarts ? 'fall-back' : 'again';
  if (code === updateExitCode) return 'again';
  if (code === 0 || code === refusedExitCode) return 'end';
  if (what === 'shipped') return 'end';
  return crashes >= mostCrashes ? 'fall-back' : 'again';
}
