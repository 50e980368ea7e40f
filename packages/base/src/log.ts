/**
 * Structured events with stable names. Fields never carry credentials, codes, keys, cookies or raw target data;
 * a canary test searches every log for them.
 */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error';
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  /** `event` is a stable dotted name such as `lease.expired`. */
  write(level: LogLevel, event: string, fields?: LogFields): void;
  /** A log whose every event carries `fields`. */
  with(fields: LogFields): Log;
}

/** Discards everything: for tests and for libraries used without a log. */
export const silentLog: Log = {
  write() {},
  with() {
    return silentLog;
  },
};
