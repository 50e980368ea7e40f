import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { Result } from '@picket/base/result';
import { type ReleaseKind, releaseKinds } from '@picket/contracts/release/release-version';
import type { UpdateReport, WantedBundle } from '@picket/contracts/updates';
import { ContentSwitch } from './content-switch.ts';
import { download, type FetchPart } from './download.ts';
import { judgeOffer } from './judge-offer.ts';
import { failedBefore, idleProgress, type KindProgress, kindReportOf, moved } from './kind-progress.ts';
import type { UpdateFailure } from './update-failure.ts';
import type { ReleaseTrust, UpdateFiles } from './update-files.ts';
import { holdsWork, isUpdating, type UpdateEvent } from './update-machine.ts';
import { type BadRelease, remember, versionsInUse } from './update-record.ts';
import { faultFailure, verifyDownload } from './verify-download.ts';

/** The slices that this appliance works on, as far as updates are concerned. */
export interface SliceGate {
  /** Nothing is scanned and nothing waits to be. */
  readonly quiet: boolean;
  /** `draining`: no more work is asked for. `closed`: none is taken either. */
  set(intake: 'open' | 'draining' | 'closed'): void;
}

export interface UpdaterDeps {
  readonly files: UpdateFiles;
  /** Null: no key is trusted, so nothing is installed. */
  readonly trust: ReleaseTrust | null;
  readonly fetchPart: FetchPart;
  readonly slices: SliceGate;
  /** Loads content in a process of its own, as a scan would. The error is a clause. */
  readonly tryContent: (folder: string, signal: AbortSignal) => Promise<Result<null, string>>;
  /** Folder of the content in use; null: none. */
  readonly contentFolder: () => string | null;
  /** Versions that came with the installation. */
  readonly shipped: { readonly content: string; readonly software: string };
  /** What the launcher started; null: no launcher watches. */
  readonly launched: { readonly version: string } | null;
  /** Ends this process so that the launcher tries what was asked for. */
  readonly restart: () => void;
  /** Something to report. */
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The daemon stops: what is under way goes on at the next start. */
  readonly signal: AbortSignal;
}

/** Before a failure that does not last is tried again, milliseconds. */
const retryMs = 3_600_000;
/** How often a state of somebody else is looked at, milliseconds. */
const lookMs = 200;
/** Between two tries to write a record, milliseconds. */
const recordRetryMs = 5000;
/** Disk space that updates leave for results, bytes. */
const spareBytes = 67_108_864;

/** Brings content and software to what the platform wants, one after the other, and tells how far it is. */
export class Updater {
  readonly #deps: UpdaterDeps;
  readonly #content: ContentSwitch;
  readonly #kinds: Record<ReleaseKind, KindProgress>;
  readonly #bad: Record<ReleaseKind, readonly BadRelease[]> = { content: [], software: [] };
  readonly #retryAt = new Map<string, number>();
  #wanted: readonly WantedBundle[] = [];
  #platformLevel = 1;
  #job: { readonly sha256: string; readonly abort: AbortController } | null = null;
  #called = false;

  constructor(deps: UpdaterDeps) {
    this.#deps = deps;
    this.#content = new ContentSwitch(deps);
    this.#kinds = {
      content: idleProgress(deps.shipped.content),
      software: idleProgress(deps.launched?.version ?? deps.shipped.software),
    };
  }

  get report(): UpdateReport {
    return {
      refuses: this.#deps.trust === null ? 'updates.no-keys' : null,
      content: kindReportOf(this.#kinds.content),
      software: kindReportOf(this.#kinds.software),
    };
  }

  /** S2. */
  get updating(): boolean {
    return releaseKinds.some((kind) => isUpdating(this.#kinds[kind].state));
  }

  versionOf(kind: ReleaseKind): string {
    return this.#kinds[kind].inUse;
  }

  /** Learns what is in use and goes on with what an end of the process interrupted. Before anything is scanned. */
  async start(): Promise<void> {
    const { files, signal } = this.#deps;
    const found = await this.#content.restore();
    if (found.trial !== null) {
      this.#show('content', { ...this.#kinds.content, state: 'confirming', subject: found.trial });
      await this.#judgeContent(signal);
    }
    const record = await files.record('content');
    this.#bad.content = record.bad;
    if (record.inUse !== null) this.#kinds.content = { ...this.#kinds.content, inUse: record.inUse.version };
    await this.#startSoftware();
  }

  async #startSoftware(): Promise<void> {
    const { files, launched, slices } = this.#deps;
    const record = await files.record('software');
    this.#bad.software = [...record.bad, ...(await files.record('software-refused')).bad];
    const { inUse } = this.#kinds.software;
    const [last] = record.bad;
    if (launched !== null && record.trial?.version === launched.version) {
      slices.set('draining');
      this.#show('software', { ...this.#kinds.software, state: 'confirming', subject: record.trial });
      return;
    }
    if (last) this.#show('software', failedBefore(inUse, last));
    if (launched !== null) await files.prune('software', versionsInUse(record));
  }

  /** A poll was answered: `offers` is what the platform wants here now. */
  take(offers: readonly WantedBundle[], platformLevel: number): void {
    this.#platformLevel = platformLevel;
    this.#wanted = offers;
    this.#callHome();
    const job = this.#job;
    if (job !== null && !offers.some(({ sha256 }) => sha256 === job.sha256))
      job.abort.abort(new Error('not wanted any more'));
    for (const offer of offers) this.#see(offer);
    this.#next();
  }

  /** An offer that was seen is no news any more, whatever becomes of it. */
  #see(offer: WantedBundle): void {
    const progress = this.#kinds[offer.kind];
    const known = progress.subject?.sha256 === offer.sha256 && progress.subject.now === offer.now;
    if (!known && !isUpdating(progress.state))
      this.#show(offer.kind, { ...idleProgress(progress.inUse), subject: offer });
  }

  #next(): void {
    if (this.#deps.trust === null || this.#deps.signal.aborted || this.updating || this.#job !== null) return;
    for (const kind of releaseKinds) {
      const offer = this.#wanted.find((each) => each.kind === kind);
      if (offer && this.#takes(offer)) {
        void this.#work(offer, this.#deps.trust);
        return;
      }
    }
  }

  #takes(offer: WantedBundle): boolean {
    const { kind, sha256 } = offer;
    const { inUse } = this.#kinds[kind];
    const launched = this.#deps.launched !== null;
    const verdict = judgeOffer({ offer, inUse, bad: this.#bad[kind], launched });
    if (verdict.kind === 'known-bad') this.#show(kind, { ...failedBefore(inUse, verdict.bad), subject: offer });
    else if (verdict.kind === 'refuse') this.#fail(offer, { ...verdict, lasting: false });
    else if (verdict.kind === 'take')
      return (this.#retryAt.get(`${sha256} ${offer.now}`) ?? 0) <= this.#deps.clock.monotonic();
    return false;
  }

  async #work(offer: WantedBundle, trust: ReleaseTrust): Promise<void> {
    const { log, signal, slices } = this.#deps;
    const abort = new AbortController();
    this.#job = { sha256: offer.sha256, abort };
    const both = AbortSignal.any([signal, abort.signal]);
    try {
      const failure = await this.#steps(offer, trust, both);
      if (failure !== null) await this.#settleFailure(offer, failure);
    } catch (error) {
      if (signal.aborted) return;
      const detail = describeError(error);
      if (abort.signal.aborted) this.#move(offer.kind, 'dropped');
      else await this.#settleFailure(offer, { code: 'updates.internal', detail, lasting: false });
      log.write('warning', 'update.ended', { kind: offer.kind, version: offer.version, detail });
    } finally {
      this.#job = null;
      if (!releaseKinds.some((kind) => holdsWork(this.#kinds[kind].state))) slices.set('open');
    }
    this.#next();
  }

  /** Everything from the first byte to the new version in use. Rejects when `signal` aborts. */
  async #steps(offer: WantedBundle, trust: ReleaseTrust, signal: AbortSignal): Promise<UpdateFailure | null> {
    const { kind, version, sha256 } = offer;
    const { files } = this.#deps;
    this.#show(kind, { ...moved(this.#kinds[kind], 'wanted'), subject: offer });
    if ((await files.installed(kind, version)) === sha256) {
      for (const event of ['downloaded', 'verified'] as const) this.#move(kind, event);
    } else {
      const failure = (await this.#bring(offer, signal)) ?? (await this.#open(offer, trust, signal));
      if (failure !== null) return failure;
    }
    this.#move(kind, 'unpacked');
    await files.dropPart(sha256);
    await this.#quiet(signal);
    this.#move(kind, 'quiet');
    if (kind === 'software') return this.#handOver(offer);
    await this.#content.begin(offer);
    this.#move(kind, 'switched');
    await this.#judgeContent(this.#deps.signal);
    return null;
  }

  async #bring(offer: WantedBundle, signal: AbortSignal): Promise<UpdateFailure | null> {
    const { files } = this.#deps;
    await files.dropOtherParts(offer.sha256);
    // The rest of the bundle, and its files beside it.
    const needed = offer.bytes * 2 - (await files.partSize(offer.sha256)) + spareBytes;
    const free = await files.freeBytes();
    if (free < needed)
      return { code: 'updates.disk', detail: `${needed} bytes are needed, ${free} are free`, lasting: false };
    return download(this.#deps, offer, (percent) => this.#progress(offer.kind, percent), signal);
  }

  async #open(offer: WantedBundle, trust: ReleaseTrust, signal: AbortSignal): Promise<UpdateFailure | null> {
    const { files } = this.#deps;
    this.#move(offer.kind, 'downloaded');
    const failure = await verifyDownload(files, { offer, trust, platformLevel: this.#platformLevel });
    if (failure !== null) {
      await files.dropPart(offer.sha256);
      return failure;
    }
    signal.throwIfAborted();
    this.#move(offer.kind, 'verified');
    const unpacked = await files.unpack(offer, trust);
    signal.throwIfAborted();
    return unpacked.ok ? null : faultFailure(unpacked.error);
  }

  /** Waits until no slice is here, then takes none. */
  async #quiet(signal: AbortSignal): Promise<void> {
    const { slices, clock } = this.#deps;
    slices.set('draining');
    while (!slices.quiet) await clock.sleep(lookMs, signal);
    signal.throwIfAborted();
    slices.set('closed');
  }

  /** The launcher does the rest. */
  async #handOver({ version, sha256, now }: WantedBundle): Promise<null> {
    await this.#deps.files.request({ version, sha256, now });
    this.#deps.restart();
    return null;
  }

  async #judgeContent(signal: AbortSignal): Promise<void> {
    const judged = await this.#patiently(() => this.#content.judge(signal), signal);
    if (judged === null) return;
    const { record, failure } = judged;
    this.#bad.content = record.bad;
    const inUse = record.inUse?.version ?? this.#deps.shipped.content;
    this.#show('content', {
      ...moved(this.#kinds.content, failure === null ? 'confirmed' : 'gave-up', failure),
      inUse,
    });
  }

  /** What is on trial must be settled before anything is scanned, so a disk that takes no record is waited for. */
  async #patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
    while (!signal.aborted) {
      try {
        return await work();
      } catch (error) {
        this.#deps.log.write('error', 'update.record-failed', { detail: describeError(error) });
        await this.#deps.clock.sleep(recordRetryMs, signal).catch(() => {});
      }
    }
    return null;
  }

  /** After the first answered poll of this process: the mark that the launcher waits for. */
  #callHome(): void {
    const { launched, files, log } = this.#deps;
    if (launched === null || this.#called) return;
    this.#called = true;
    const told = this.#canScan().then(async (able) => {
      // Without the call the launcher goes back: what can't scan is of no use, however well it polls.
      if (!able) return;
      await files.callHome(launched.version);
      await this.#untilConfirmed();
    });
    told.catch((error: unknown) => {
      this.#called = false;
      log.write('error', 'update.mark-failed', { detail: describeError(error) });
    });
  }

  /** New software must be able to start a worker and load the content that is in use. */
  async #canScan(): Promise<boolean> {
    const { contentFolder, tryContent, signal, log } = this.#deps;
    const folder = contentFolder();
    if (this.#kinds.software.state !== 'confirming' || folder === null) return true;
    const loaded = await tryContent(folder, signal);
    if (!loaded.ok) log.write('error', 'update.cannot-scan', { detail: loaded.error });
    return loaded.ok;
  }

  async #untilConfirmed(): Promise<void> {
    const { files, clock, signal, slices } = this.#deps;
    if (this.#kinds.software.state !== 'confirming') return;
    let record = await files.record('software');
    while (record.trial !== null) {
      await clock.sleep(lookMs, signal);
      record = await files.record('software');
    }
    this.#bad.software = [...record.bad, ...(await files.record('software-refused')).bad];
    this.#move('software', 'confirmed');
    slices.set('open');
    await files.prune('software', versionsInUse(record));
    this.#next();
  }

  /** Told, and remembered if it would only fail again. */
  async #settleFailure(offer: WantedBundle, failure: UpdateFailure): Promise<void> {
    const { files, clock } = this.#deps;
    const { kind, version, sha256, now } = offer;
    if (failure.lasting) {
      const bad = { version, sha256, now, outcome: 'failed', code: failure.code, detail: failure.detail } as const;
      const name = kind === 'content' ? 'content' : 'software-refused';
      await files.saveRecord(name, remember(await files.record(name), bad));
      this.#bad[kind] = [bad, ...this.#bad[kind].filter((each) => each.sha256 !== sha256)];
    } else this.#retryAt.set(`${sha256} ${now}`, clock.monotonic() + retryMs);
    this.#fail(offer, failure);
  }

  #fail(offer: WantedBundle, { code, detail }: UpdateFailure): void {
    const before = this.#kinds[offer.kind];
    if (before.state === 'failed' && before.failure?.code === code && before.subject?.sha256 === offer.sha256) return;
    this.#deps.log.write('warning', 'update.failed', { kind: offer.kind, version: offer.version, code, detail });
    this.#show(offer.kind, { ...moved(before, 'failed', { code, detail }), subject: offer });
  }

  #progress(kind: ReleaseKind, percent: number): void {
    const before = this.#kinds[kind];
    const worthTelling = Math.floor(percent / 10) !== Math.floor(before.percent / 10);
    this.#kinds[kind] = { ...before, percent };
    if (worthTelling) this.#deps.onChange();
  }

  #move(kind: ReleaseKind, event: UpdateEvent): void {
    this.#show(kind, moved(this.#kinds[kind], event));
  }

  #show(kind: ReleaseKind, progress: KindProgress): void {
    const before = this.#kinds[kind];
    this.#kinds[kind] = progress;
    if (JSON.stringify(before) === JSON.stringify(progress)) return;
    if (before.state !== progress.state) {
      const fields = { kind, from: before.state, to: progress.state, version: progress.subject?.version ?? null };
      this.#deps.log.write('info', 'update.state', fields);
    }
    this.#deps.onChange();
  }
}
