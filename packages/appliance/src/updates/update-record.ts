/** A release that was taken here. */
export interface TakenRelease {
  readonly version: string;
  /** Of its bundle. */
  readonly sha256: string;
  /** The `now` of the offer under which it was taken. */
  readonly now: number;
}

/** A release that was found bad here; it is tried again when an offer's `now` has grown. */
export interface BadRelease extends TakenRelease {
  readonly outcome: 'failed' | 'fell-back';
  readonly code: string;
  readonly detail: string;
}

/** A version that is in use and not confirmed yet. */
export interface Trial extends TakenRelease {
  /** How often it was started. */
  readonly starts: number;
}

/**
 * What an appliance knows of one kind, kept in one file that is replaced whole: it alone decides which version is in use, and
 * the `current` link follows it. Read by the launcher too, so it is plain data without a schema library.
 */
export interface UpdateRecord {
  /** The version that is confirmed; null: the one that came with the installation. */
  readonly inUse: TakenRelease | null;
  /** Confirmed versions before it, newest first; they are kept on disk. */
  readonly previous: readonly TakenRelease[];
  readonly trial: Trial | null;
  readonly bad: readonly BadRelease[];
}

export const emptyRecord: UpdateRecord = { inUse: null, previous: [], trial: null, bad: [] };

/** Last good versions that are kept beside the one in use. */
const keptVersions = 2;
const keptBad = 20;

/** The version to run: the one on trial, else the confirmed one; null: the one of the installation. */
export function versionToRun(record: UpdateRecord): string | null {
  return record.trial?.version ?? record.inUse?.version ?? null;
}

export function beginTrial(record: UpdateRecord, release: TakenRelease): UpdateRecord {
  return { ...record, trial: { ...release, starts: 0 } };
}

export function countStart(record: UpdateRecord): UpdateRecord {
  return record.trial === null ? record : { ...record, trial: { ...record.trial, starts: record.trial.starts + 1 } };
}

/** The version on trial is the one in use from now on. */
export function confirmTrial(record: UpdateRecord): UpdateRecord {
  const { trial, inUse } = record;
  if (trial === null) return record;
  const { version, sha256, now } = trial;
  const before = inUse === null ? [] : [inUse];
  return {
    inUse: { version, sha256, now },
    previous: [...before, ...record.previous].filter((each) => each.version !== version).slice(0, keptVersions),
    trial: null,
    bad: record.bad.filter((each) => each.sha256 !== sha256),
  };
}

/** The version on trial is bad: the confirmed one is in use again. */
export function fallBack(record: UpdateRecord, code: string, detail: string): UpdateRecord {
  const { trial } = record;
  if (trial === null) return record;
  const { version, sha256, now } = trial;
  return remember({ ...record, trial: null }, { version, sha256, now, outcome: 'fell-back', code, detail });
}

/** The confirmed version went bad: the last good one before it is in use again. */
export function dropInUse(record: UpdateRecord, code: string, detail: string): UpdateRecord {
  if (record.inUse === null) return record;
  const [inUse = null, ...previous] = record.previous;
  return remember({ ...record, inUse, previous }, { ...record.inUse, outcome: 'fell-back', code, detail });
}

export function remember(record: UpdateRecord, bad: BadRelease): UpdateRecord {
  const others = record.bad.filter(({ sha256 }) => sha256 !== bad.sha256);
  return { ...record, bad: [{ ...bad, detail: bad.detail.slice(0, 500) }, ...others].slice(0, keptBad) };
}

/** Versions that must stay on disk. */
export function versionsInUse(record: UpdateRecord): readonly string[] {
  return [record.inUse, record.trial, ...record.previous].flatMap((each) => (each === null ? [] : [each.version]));
}

/** Reads a record. Total: what can't be read counts as empty, so that the version of the installation runs. */
export function parseRecord(text: string | null): UpdateRecord {
  const value = objectOf(jsonOf(text));
  if (value === null) return emptyRecord;
  return {
    inUse: takenOf(objectOf(value.inUse)),
    previous: listOf(value.previous).flatMap((each) => takenOf(objectOf(each)) ?? []),
    trial: trialOf(objectOf(value.trial)),
    bad: listOf(value.bad).flatMap((each) => badOf(objectOf(each)) ?? []),
  };
}

/** Reads what is to be tried next. Null when it says nothing. */
export function parseRequest(text: string | null): TakenRelease | null {
  return takenOf(objectOf(jsonOf(text)));
}

type Fields = Readonly<Record<string, unknown>> | null;

function takenOf(value: Fields): TakenRelease | null {
  const version = versionOf(value?.version);
  return version === null ? null : { version, sha256: textOf(value?.sha256), now: countOf(value?.now) };
}

function trialOf(value: Fields): Trial | null {
  const taken = takenOf(value);
  return taken === null ? null : { ...taken, starts: countOf(value?.starts) };
}

function badOf(value: Fields): BadRelease | null {
  const taken = takenOf(value);
  if (taken === null) return null;
  const outcome = value?.outcome === 'fell-back' ? 'fell-back' : 'failed';
  return { ...taken, outcome, code: textOf(value?.code), detail: textOf(value?.detail) };
}

/** A version is also the name of a folder: nothing else gets through. */
function versionOf(value: unknown): string | null {
  return typeof value === 'string' && /^[0-9]{1,9}(\.[0-9]{1,9}){1,3}$/.test(value) ? value : null;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, 512) : '');
const countOf = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, 64) : []);

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : null;
}

function jsonOf(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
