import type { Spool } from './spool/spool.ts';

/** What keeps an appliance from working as it should, for people. */
export interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** The trouble that there is now, one of each source, cut to what a poll carries. */
export class TroubleList {
  readonly #bySource = new Map<string, Trouble>();

  get all(): Trouble[] {
    return [...this.#bySource.values()];
  }

  /** Null: it is over. True when that is something new. */
  set(source: string, trouble: Trouble | null): boolean {
    const cut = trouble && { code: trouble.code.slice(0, 64), message: trouble.message.slice(0, 512) };
    const before = this.#bySource.get(source);
    if (before?.code === cut?.code && before?.message === cut?.message) return false;
    if (cut === null) this.#bySource.delete(source);
    else this.#bySource.set(source, cut);
    return true;
  }
}

/** What the state of the spool says of it; null: it works. */
export function spoolTrouble({ fault, full, trimmed }: Spool['state']): Trouble | null {
  if (fault === null && trimmed > 0) {
    const what = `The spool was full while the platform was out of reach: the raw evidence of ${trimmed} events was trimmed`;
    return { code: 'spool.trimmed', message: `${what}. Their findings are kept and will be uploaded.` };
  }
  if (fault === null) return null;
  const text = fault === 'limit' ? 'The spool has reached its size limit' : `The spool can't be written (${fault})`;
  return { code: full ? 'spool.full' : 'spool.failed', message: `${text}; scanning waits until there is space.` };
}
