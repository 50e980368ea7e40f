/** Exit codes of the command line; documented in its help. */
export const exitCode = {
  /** Ended, nothing found above `info`. */
  clean: 0,
  /** Ended, with findings of severity low or above. */
  findings: 1,
  /** The command was not understood; nothing was sent. */
  usage: 2,
  /** A unit failed or was cancelled: what was not tested is named. Wins over findings. */
  incomplete: 3,
  /** Something of ours or of the machine failed. */
  failure: 70,
} as const;
