/** Why an update ended before the switch. */
export interface UpdateFailure {
  /** Stable; docs/updates.md lists them with their ways out. */
  readonly code: string;
  readonly detail: string;
  /** True: it would fail again, so only a newer release or "Update now" brings another try. False: it is tried again after a while. */
  readonly lasting: boolean;
}
