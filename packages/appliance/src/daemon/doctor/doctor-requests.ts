import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { PollAnswer, PollRequest } from '@picket/contracts/poll';

export interface DoctorRequestsDeps {
  readonly log: Log;
  /** Looks at the way to the platform; rejects when it can't. */
  readonly examine: () => Promise<DoctorReport>;
  /** There is a report to send. */
  readonly onDone: () => void;
}

/** Examinations that the platform asks for: one for each id, reported until the platform no longer asks under that id. */
export class DoctorRequests {
  readonly #deps: DoctorRequestsDeps;
  #running: string | null = null;
  #done: NonNullable<PollRequest['doctor']> | null = null;

  constructor(deps: DoctorRequestsDeps) {
    this.#deps = deps;
  }

  /** The report that is owed. */
  get report(): PollRequest['doctor'] {
    return this.#done ?? undefined;
  }

  take(wanted: PollAnswer['settings']['examine']): void {
    if (wanted?.id !== this.#done?.id) this.#done = null;
    if (wanted === undefined || this.#running !== null || this.#done !== null) return;
    this.#running = wanted.id;
    void this.#run(wanted.id);
  }

  async #run(id: string): Promise<void> {
    try {
      this.#done = { id, report: await this.#deps.examine() };
    } catch (error) {
      this.#deps.log.write('error', 'doctor.failed', { detail: describeError(error) });
    }
    this.#running = null;
    if (this.#done !== null) this.#deps.onDone();
  }
}
