/**
 * Leave to try an account. Trying passwords locks accounts out, so that every log-in that a check makes with a name or password is
 * asked for here first: at most a few for each account, host and day, whoever makes them.
 */
export interface LoginTries {
  /** `service` is the module's name, `account` the name that logs in, `''` where there are only passwords. Counts the try when it may. */
  mayTry(service: string, port: number, account: string): boolean;
}

/** Keeps how often accounts were tried over the end of a job. Counts of past days may be forgotten. Throws when it can't. */
export interface LoginTryStore {
  /** Tries of this key on this day (`2026-11-29`) so far. */
  count(day: string, key: string): number;
  add(day: string, key: string): void;
}

/** Tries for each account, host and day. */
export const triesPerAccount = 3;

/** Counts for one job only: for runs that have nothing to keep it in. */
export function memoryLoginTries(): LoginTryStore {
  const counts = new Map<string, number>();
  const place = (day: string, key: string) => `${day} ${key}`;
  return {
    count: (day, key) => counts.get(place(day, key)) ?? 0,
    add: (day, key) => counts.set(place(day, key), (counts.get(place(day, key)) ?? 0) + 1),
  };
}

/** The tries that one host still has. `now`: milliseconds since the epoch; days are those of UTC. */
export function loginTriesOf(
  store: LoginTryStore,
  address: string,
  now: () => number,
  limit: number = triesPerAccount,
): LoginTries {
  return {
    mayTry(service, port, account) {
      const day = new Date(now()).toISOString().slice(0, 10);
      // One name is often one account of a whole host, whatever service asks for it; passwords without a name belong to their port.
      const key = JSON.stringify(account === '' ? [address, service, port] : [address, account.toLowerCase()]);
      try {
        if (store.count(day, key) >= limit) return false;
        store.add(day, key);
        return true;
      } catch {
        // What can't be counted is not tried.
        return false;
      }
    },
  };
}
