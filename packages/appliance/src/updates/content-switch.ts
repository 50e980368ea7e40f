import type { Result } from '@picket/base/result';
import type { UpdateFailure } from './update-failure.ts';
import type { UpdateFiles } from './update-files.ts';
import {
  beginTrial,
  confirmTrial,
  countStart,
  dropInUse,
  fallBack,
  type TakenRelease,
  type UpdateRecord,
  versionsInUse,
  versionToRun,
} from './update-record.ts';

export interface ContentSwitchDeps {
  readonly files: UpdateFiles;
  readonly tryContent: (folder: string, signal: AbortSignal) => Promise<Result<null, string>>;
}

/** Starts of a trial after which it counts as failed: something ended the daemon each time. */
const mostStarts = 3;

/** Puts content in use: first on trial, where it is loaded as a scan would, then for good or back. */
export class ContentSwitch {
  readonly #deps: ContentSwitchDeps;

  constructor(deps: ContentSwitchDeps) {
    this.#deps = deps;
  }

  /** Makes record, folders and link agree after a start of the process. */
  async restore(): Promise<UpdateRecord> {
    const { files } = this.#deps;
    let record = await files.record('content');
    while (record.inUse !== null && (await files.installed('content', record.inUse.version)) === null) {
      record = dropInUse(record, 'updates.missing', 'its folder is not there any more');
      await files.saveRecord('content', record);
    }
    await files.setCurrent('content', versionToRun(record));
    await files.prune('content', versionsInUse(record));
    return record;
  }

  /** The next worker would use it; none is started before `judge`. */
  async begin({ version, sha256, now }: TakenRelease): Promise<void> {
    const { files } = this.#deps;
    await files.saveRecord('content', beginTrial(await files.record('content'), { version, sha256, now }));
    await files.setCurrent('content', version);
  }

  /** Tries what is on trial. Null: `signal` aborted first, and the next start judges it. */
  async judge(
    signal: AbortSignal,
  ): Promise<{ readonly record: UpdateRecord; readonly failure: Omit<UpdateFailure, 'lasting'> | null } | null> {
    const { files } = this.#deps;
    const before = countStart(await files.record('content'));
    if (before.trial === null) return { record: before, failure: null };
    await files.saveRecord('content', before);
    const problem = await this.#problem(before, signal);
    if (signal.aborted) return null;
    const failure = problem === null ? null : { code: 'updates.no-content', detail: problem };
    const record = failure === null ? confirmTrial(before) : fallBack(before, failure.code, failure.detail);
    await files.saveRecord('content', record);
    await files.setCurrent('content', versionToRun(record));
    await files.prune('content', versionsInUse(record));
    return { record, failure };
  }

  async #problem({ trial }: UpdateRecord, signal: AbortSignal): Promise<string | null> {
    if (trial === null) return null;
    if (trial.starts > mostStarts) return `the appliance ended ${mostStarts} times while it was loaded`;
    const loaded = await this.#deps.tryContent(this.#deps.files.folder('content', trial.version), signal);
    return loaded.ok ? null : loaded.error;
  }
}
