import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import {
  beginTrial,
  confirmTrial,
  countStart,
  dropInUse,
  fallBack,
  type UpdateRecord,
  versionToRun,
} from '../updates/update-record.ts';
import type { UpdateFiles } from '../updates/update-files.ts';
import { judgeExit, updateExitCode } from './judge-exit.ts';

/** A daemon that was started. */
export interface StartedDaemon {
  /** Exit code, null for an end by a signal; never rejects. */
  readonly ended: Promise<number | null>;
  /** Asks it to end, and ends it some seconds later at any rate. */
  end(): Promise<void>;
}

export interface LauncherDeps {
  readonly files: Pick<
    UpdateFiles,
    'record' | 'saveRecord' | 'requested' | 'dropRequest' | 'setCurrent' | 'calledHome' | 'dropCall' | 'installed'
  >;
  /** Starts a version of the software; null: the one of the installation. */
  readonly start: (version: string | null) => StartedDaemon;
  /** Time that new software has to reach the platform, milliseconds. */
  readonly callHomeMs: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the launcher should end. */
  readonly signal: AbortSignal;
}

/** How often the mark of a call is looked for, milliseconds. */
const lookMs = 200;
/** Between the end of a daemon that nobody asked for and the next start, milliseconds. */
const pauseMs = 1000;
/** A daemon that lived for so long is none that crashes at its start, milliseconds. */
const longLifeMs = 600_000;

/**
 * Starts the version of the software that is in use and keeps an appliance from being lost to a bad one: what is new must call home in time, else the
 * version before is started. The only writer of the record of software. Resolves with the exit code for the launcher.
 */
export class Launcher {
  readonly #deps: LauncherDeps;
  #crashes = 0;

  constructor(deps: LauncherDeps) {
    this.#deps = deps;
  }

  async run(): Promise<number> {
    const { files, signal } = this.#deps;
    for (;;) {
      const record = await this.#prepare();
      const version = versionToRun(record);
      await files.setCurrent('software', version);
      await files.dropCall();
      if (signal.aborted) return 0;
      const code = await this.#life(record, version);
      if (code !== null) return code;
    }
  }

  /** Takes up what the daemon asked for, and lets go of versions that are not there. */
  async #prepare(): Promise<UpdateRecord> {
    const { files } = this.#deps;
    let record = await files.record('software');
    const request = await files.requested();
    if (request !== null) {
      record = await this.#save(beginTrial(record, request));
      await files.dropRequest();
    }
    for (let version = versionToRun(record); version !== null; version = versionToRun(record)) {
      if ((await files.installed('software', version)) !== null) break;
      const why = ['updates.missing', 'its folder is not there'] as const;
      record = await this.#save(record.trial === null ? dropInUse(record, ...why) : fallBack(record, ...why));
    }
    return record.trial === null ? record : this.#save(countStart(record));
  }

  /** One life of a daemon. Null: another one follows. */
  async #life(before: UpdateRecord, version: string | null): Promise<number | null> {
    const { clock, log, signal, start } = this.#deps;
    const began = clock.monotonic();
    log.write('info', 'launcher.start', { version: version ?? 'shipped', trial: before.trial !== null });
    const daemon = start(version);
    const stop = () => void daemon.end();
    signal.addEventListener('abort', stop);
    const record = before.trial === null ? before : await this.#trial(before, daemon);
    const code = await daemon.ended;
    signal.removeEventListener('abort', stop);
    if (clock.monotonic() - began >= longLifeMs) this.#crashes = 0;
    log.write('info', 'launcher.ended', { version: version ?? 'shipped', code });
    // The trial was settled for the worse: what is in use now is started.
    if (record.trial === null && versionToRun(record) !== version) return signal.aborted ? (code ?? 1) : null;
    return this.#after(record, code);
  }

  /** Waits for the call, the end, or the time to be over. Gives the record as it is then. */
  async #trial(record: UpdateRecord, daemon: StartedDaemon): Promise<UpdateRecord> {
    const { files, clock, callHomeMs, signal } = this.#deps;
    const until = clock.monotonic() + callHomeMs;
    let ended = false;
    void daemon.ended.then(() => (ended = true));
    while (!ended && !signal.aborted) {
      if ((await files.calledHome()) === record.trial?.version) return this.#save(confirmTrial(record));
      if (clock.monotonic() >= until) {
        const detail = `it did not reach the platform within ${Math.round(callHomeMs / 1000)} s`;
        // Decided and written before it is ended: a power cut in between must not give it another chance.
        const back = await this.#save(fallBack(record, 'updates.no-call', detail));
        await daemon.end();
        return back;
      }
      await clock.sleep(lookMs, signal).catch(() => {});
    }
    // It may have called and ended between two looks.
    return (await files.calledHome()) === record.trial?.version ? this.#save(confirmTrial(record)) : record;
  }

  async #after(record: UpdateRecord, code: number | null): Promise<number | null> {
    const { clock, signal } = this.#deps;
    const what = record.trial !== null ? 'trial' : record.inUse === null ? 'shipped' : 'in-use';
    this.#crashes = code === updateExitCode ? 0 : this.#crashes + 1;
    const end = {
      code,
      stopping: signal.aborted,
      what,
      starts: record.trial?.starts ?? 0,
      crashes: this.#crashes,
    } as const;
    const next = judgeExit(end);
    if (next === 'end') return code ?? 1;
    if (next === 'fall-back') {
      const detail = `it ended ${end.what === 'trial' ? end.starts : end.crashes} times by itself, last with ${code === null ? 'a signal' : `exit code ${code}`}`;
      const why = ['updates.crashed', detail] as const;
      await this.#save(end.what === 'trial' ? fallBack(record, ...why) : dropInUse(record, ...why));
      this.#crashes = 0;
    }
    if (code === updateExitCode || next === 'fall-back') return null;
    await clock.sleep(pauseMs, signal).catch(() => {});
    return null;
  }

  async #save(record: UpdateRecord): Promise<UpdateRecord> {
    await this.#deps.files.saveRecord('software', record);
    const [last] = record.bad;
    this.#deps.log.write('info', 'launcher.record', {
      inUse: record.inUse?.version ?? 'shipped',
      trial: record.trial?.version ?? null,
      bad: last ? `${last.version} ${last.code}` : null,
    });
    return record;
  }
}
