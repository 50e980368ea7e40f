import { verifierOf } from '@picket/base/adapters/ed25519';
import { type Identity, formatEnrolment } from '@picket/contracts/enrolment';
import type { PollAnswer, PollRequest } from '@picket/contracts/poll';
import { protocolLevel } from '@picket/contracts/protocol';
import type { OutboundFailure } from '@picket/outbound/failure';
import type { SignedAnswer, SignedClient } from '@picket/outbound/signed-client';
import type { ApplianceStatus } from '../local/status.ts';
import { openUpdates } from '../updates/open-updates.ts';
import type { Updater } from '../updates/updater.ts';
import { fileStorage } from './adapters/file-storage.ts';
import { leaseStore } from './adapters/lease-store.ts';
import type { StateDirectory } from './adapters/state-directory.ts';
import type { DaemonConfig } from './config.ts';
import type { DaemonDeps } from './daemon.ts';
import { DoctorRequests } from './doctor/doctor-requests.ts';
import type { NetworkErrorHistory } from './network-error-history.ts';
import type { PlatformLink } from './platform-link.ts';
import type { PlatformTime } from './platform-time.ts';
import { PollLoop } from './poll-loop.ts';
import type { PollMode } from './poll-mode.ts';
import { Runner } from './runner.ts';
import { ScanNetworkKeeper } from './scan-network/scan-network-keeper.ts';
import type { Numbering } from './spool/numbering.ts';
import { Spool, spoolDefaults } from './spool/spool.ts';
import type { Tries } from './tries.ts';
import { type Trouble, type TroubleList, spoolTrouble } from './trouble-list.ts';
import { runUploader } from './uploader.ts';

export interface ApplianceWorkDeps {
  readonly config: DaemonConfig;
  readonly daemon: DaemonDeps;
  readonly state: StateDirectory;
  readonly identity: Identity;
  readonly client: SignedClient;
  readonly link: PlatformLink;
  readonly time: PlatformTime;
  readonly tries: Tries;
  readonly networkErrors: NetworkErrorHistory;
  readonly trouble: TroubleList;
  readonly facts: () => PollRequest['facts'];
  /** A poll was answered. */
  readonly onPolled: (answer: PollAnswer, lanAddress: string | null) => void;
  readonly onFailure: (failure: OutboundFailure) => void;
  readonly onRefused: (answer: SignedAnswer) => void;
  readonly onMode: (mode: PollMode) => void;
  readonly onTrouble: (source: string, trouble: Trouble | null) => void;
  /** The status says something else now. */
  readonly onChange: () => void;
  /** Ends the work. */
  readonly signal: AbortSignal;
}

/** What `open` finds on the disk and starts from it. */
interface Opened {
  readonly spool: Spool;
  readonly numbering: Numbering;
  readonly runner: Runner;
  readonly updates: Updater;
}

/** What an appliance does once it belongs to a platform: it polls, runs leases, spools and uploads what they find, and updates itself. */
export class ApplianceWork {
  readonly #deps: ApplianceWorkDeps;
  readonly #scanNetwork: ScanNetworkKeeper;
  readonly #doctor: DoctorRequests | null;
  #spool: Spool | null = null;
  #opened: Opened | null = null;
  #polls: PollLoop | null = null;
  #lastReport = '';

  constructor(deps: ApplianceWorkDeps) {
    this.#deps = deps;
    const { examine = null, scanNetworkHelper = null, log } = deps.daemon;
    const nudge = () => this.nudge();
    this.#scanNetwork = new ScanNetworkKeeper({ helper: scanNetworkHelper, onChange: nudge });
    this.#doctor = examine && new DoctorRequests({ log, examine, onDone: nudge });
  }

  /** Checks and takes up what a run before left on the disk: events, leases, updates. Before it has resolved nothing can be done. */
  async open(): Promise<void> {
    const { config, daemon, state, time, identity, client, onTrouble, signal } = this.#deps;
    const { folder, numbering } = await state.spoolStream(daemon.random);
    const spool = await Spool.open(await fileStorage(folder), daemon.clock, {
      ...spoolDefaults,
      maxBytes: config.spoolMaxMegabytes * 1_048_576,
      trimAfterMs: config.spoolTrimAfterSeconds * 1000,
    });
    this.#spool = spool;
    spool.onChange(() => {
      onTrouble('spool', spoolTrouble(spool.state));
    });
    const runner = new Runner({
      ...daemon,
      spool,
      store: leaseStore(state.leasesFolder),
      time,
      platformKey: identity.platformKey,
      applianceId: identity.applianceId,
      crashesPerUnit: config.crashesPerUnit,
      verify: verifierOf(identity.platformKey),
      workers: config.workers,
      onChange: () => this.#slicesChanged(),
      onTrouble: (trouble) => onTrouble('lease', trouble),
    });
    const updates = await openUpdates({
      ...daemon,
      config,
      client,
      slices: runner,
      restart: daemon.restart ?? (() => {}),
      onChange: () => {
        this.nudge();
        this.#deps.onChange();
      },
      signal,
    });
    await runner.restore();
    this.#opened = { spool, numbering, runner, updates };
  }

  /** Polls and uploads until the signal. */
  async run(): Promise<void> {
    if (this.#opened === null) throw new Error('nothing is open');
    const { spool, numbering } = this.#opened;
    const { daemon, state, time, client, tries, onTrouble, onRefused, signal } = this.#deps;
    await this.#scanNetwork.start();
    const polls = this.#pollLoop(this.#opened);
    this.#polls = polls;
    const uploads = {
      spool,
      numbering,
      saveNumbering: (next: Numbering) => state.saveNumbering(next),
      now: () => time.now(),
      client,
      tries,
      random: daemon.random,
      log: daemon.log,
      onTrouble: (trouble: Trouble | null) => onTrouble('upload', trouble),
      onRefused,
    };
    await Promise.all([polls.run(signal), runUploader(uploads, signal)]);
  }

  /** Ends running scans and keeps what they found. No other is begun until `takeWork`. */
  async cancelScans(): Promise<void> {
    await this.#opened?.runner.cancel();
  }

  takeWork(): void {
    this.#opened?.runner.takeWork();
  }

  /** The platform has taken the right to scan. */
  halt(): void {
    this.#opened?.runner.halt();
  }

  /** Has the platform hear of something before the next poll is due. */
  nudge(): void {
    if (!this.#deps.signal.aborted) this.#polls?.nudge(this.#deps.signal);
  }

  /** The version of the content in use; null before it is known. */
  get contentVersion(): string | null {
    return this.#opened?.updates.versionOf('content') ?? null;
  }

  /** What the status says of the work. */
  get status(): Pick<ApplianceStatus, 'updating' | 'leases' | 'spool'> {
    return {
      updating: this.#opened?.updates.updating ?? false,
      leases: this.#opened?.runner.describe() ?? [],
      spool: this.#spoolReport(),
    };
  }

  /** Ends what runs and keeps leases and spool for the next start. */
  async close(): Promise<void> {
    this.#opened?.runner.close();
    await this.#spool?.close();
  }

  #pollLoop({ runner, updates }: Opened): PollLoop {
    const { daemon, time, client, link, tries, trouble, networkErrors } = this.#deps;
    const { onPolled, onFailure, onRefused, onMode } = this.#deps;
    return new PollLoop({
      client,
      clock: daemon.clock,
      tries,
      log: daemon.log,
      report: (waitSeconds) => this.#report(waitSeconds),
      renewWithinMs: () => (runner.firstExpiryMs === null ? null : (runner.firstExpiryMs - time.now()) / 3),
      onAnswer: (answer, lanAddress, sent) => {
        time.set(answer.serverTime);
        link.heard(answer.serverTime, answer.settings.enrolment);
        trouble.set('lease', null);
        this.#doctor?.take(answer.settings.examine);
        networkErrors.acknowledge(sent);
        onPolled(answer, lanAddress);
        runner.take(answer);
        updates.take(answer.settings.updates ?? [], answer.level);
        const taken = this.#scanNetwork.take(answer, sent.scanNetwork);
        return answer.settings.scanNetwork === undefined ? null : taken;
      },
      onFailure,
      onRefused,
      onMode,
    });
  }

  #report(waitSeconds: number): PollRequest {
    const { facts, trouble, link, networkErrors, time } = this.#deps;
    const { runner, updates } = this.#opened ?? {};
    const report: PollRequest = {
      level: protocolLevel,
      facts: facts(),
      waitSeconds,
      capacity: runner?.capacity ?? 0,
      availablePercent: runner?.availablePercent ?? 0,
      leases: runner?.report() ?? [],
      spool: this.#spoolReport(),
      trouble: trouble.all.slice(0, 16),
      enrolment: formatEnrolment(link.target),
      ...(updates === undefined ? {} : { updates: updates.report }),
      ...(this.#scanNetwork.report === undefined ? {} : { scanNetwork: this.#scanNetwork.report }),
      ...(this.#scanNetwork.applying === undefined ? {} : { applying: this.#scanNetwork.applying }),
      ...(this.#doctor?.report === undefined ? {} : { doctor: this.#doctor.report }),
      ...networkErrors.report(time.offsetMs()),
    };
    this.#lastReport = reportKey(report);
    return report;
  }

  /** Tells the platform at once when a lease's state or the free capacity changed since the last poll was sent. */
  #slicesChanged(): void {
    const runner = this.#opened?.runner;
    if (runner === undefined || this.#deps.signal.aborted) return;
    if (reportKey({ capacity: runner.capacity, leases: runner.report() }) !== this.#lastReport) this.nudge();
    this.#deps.onChange();
  }

  #spoolReport(): ApplianceStatus['spool'] {
    const { events, bytes, full } = this.#spool?.state ?? { events: 0, bytes: 0, full: false };
    return { events, bytes, full };
  }
}

function reportKey(report: Pick<PollRequest, 'capacity' | 'leases'>): string {
  return JSON.stringify([report.capacity, report.leases]);
}
