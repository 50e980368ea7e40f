import type { ApplianceStatus } from '../local/status.ts';

/** Tells each status that says something new, and keeps the newest in the status file. */
export class StatusPublisher {
  readonly #tell: (status: ApplianceStatus) => void;
  readonly #save: (json: string) => Promise<void>;
  #lastTold = '';
  #lastSaved = '';
  #saving: Promise<void> = Promise.resolve();

  constructor(tell: (status: ApplianceStatus) => void, save: (json: string) => Promise<void>) {
    this.#tell = tell;
    this.#save = save;
  }

  /** Resolves when all that was published is on the disk, or could not be written. */
  get settled(): Promise<void> {
    return this.#saving;
  }

  /** How much waits in the spool, and when the platform was heard last, is nothing to tell anybody of by itself. A disk that takes no file stops nothing. */
  publish(status: ApplianceStatus): void {
    const file = JSON.stringify({ ...status, updatedAt: '', spool: status.spool.full });
    if (file === this.#lastSaved) return;
    this.#lastSaved = file;
    const told = JSON.stringify({ ...status, updatedAt: '', lastContact: '', spool: status.spool.full });
    if (told !== this.#lastTold) this.#tell(status);
    this.#lastTold = told;
    this.#saving = this.#saving.then(() => this.#save(`${JSON.stringify(status)}\n`)).catch(() => {});
  }
}
