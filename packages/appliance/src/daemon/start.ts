import { hostname } from 'node:os';
import { type Clock, isoTime } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { Random } from '@picket/base/random';
import type { Secret } from '@picket/base/secret';
import { type EnrolmentTarget, formatEnrolment, type Identity } from '@picket/contracts/enrolment';
import type { DoctorReport } from '@picket/contracts/doctor';
import type { PollRequest } from '@picket/contracts/poll';
import { applianceProblems, protocolLevel } from '@picket/contracts/protocol';
import { type KeyPair, nodeCrypto, verifierOf } from '@picket/base/adapters/ed25519';
import type { Trust } from '@picket/outbound/adapters/tls-stream';
import type { Connector } from '@picket/outbound/connector';
import type { OutboundFailure } from '@picket/outbound/failure';
import {
  type SequenceCounter,
  sequenceCounter,
  type SignedAnswer,
  type SignedClient,
  signedClient,
} from '@picket/outbound/signed-client';
import type { Attempt } from '../console/errors/attempt.ts';
import type { NetworkError } from '../console/errors/network-error.ts';
import type { ApplianceStatus } from '../local/status.ts';
import { contentVersion } from './adapters/content-version.ts';
import { fileStorage } from './adapters/file-storage.ts';
import { leaseStore } from './adapters/lease-store.ts';
import { openStateDirectory, type StateDirectory } from './adapters/state-directory.ts';
import type { WorkerLauncher } from './adapters/worker-process.ts';
import { type DaemonConfig, softwareVersion } from './config.ts';
import { type ConnectionEvent, scanningAllowed } from './connection-state.ts';
import { DoctorRequests } from './doctor/doctor-requests.ts';
import { enrol } from './enrolment.ts';
import { NetworkErrorHistory, type StoredNetworkErrors } from './network-error-history.ts';
import { PlatformLink } from './platform-link.ts';
import { PlatformTime } from './platform-time.ts';
import { PollLoop } from './poll-loop.ts';
import { Runner } from './runner.ts';
import type { ScanNetworkHelper } from './scan-network/scan-network-helper.ts';
import { ScanNetworkKeeper } from './scan-network/scan-network-keeper.ts';
import { settleEnrolment } from './settle-enrolment.ts';
import { Spool, spoolDefaults } from './spool/spool.ts';
import { advance, type BoardState, failureOf, initialBoard, refusalOf } from './status-board.ts';
import { runUploader } from './uploader.ts';
import { openUpdates } from '../updates/open-updates.ts';
import type { Updater } from '../updates/updater.ts';
import { type WakeableClock, wakeableClock } from './wakeable-clock.ts';

export interface DaemonDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly connector: Connector;
  readonly launch: WorkerLauncher;
  /** Keeps VLANs, routes and IPv6 that the platform sets; absent: nobody manages the network of this machine. */
  readonly scanNetworkHelper?: ScanNetworkHelper | null;
  /** Looks at the way to the platform when that asks for it; absent: nobody can. */
  readonly examine?: (() => Promise<DoctorReport>) | null;
  /** Ends this process so that its launcher starts other software. Absent: nobody launched it. */
  readonly restart?: () => void;
  /** Each new status; the same goes to the status file. */
  readonly onStatus: (status: ApplianceStatus) => void;
}

/** A running appliance. */
export interface Daemon {
  status(): ApplianceStatus;
  /** Tries to connect now, over new connections; a failure is reported as that of `attempt`. */
  connect(attempt: Attempt): void;
  /** Ends running scans and keeps what they found. */
  cancelScans(): Promise<void>;
  /** Activates the appliance with a personalization code. Does nothing once it is activated. */
  personalize(code: Secret): void;
  /** What `NETWORK ERR` shows now, for the platform to hear of later; null: nothing. */
  noteNetworkError(error: NetworkError | null): void;
  /** By what the platform is known. Its certificate authority is null for a public one, or when it is not here yet. */
  trust(): Promise<Trust>;
  /** Signs as this appliance; null until it is enrolled. */
  client(): SignedClient | null;
  /** Ends workers and requests, keeps leases and spool for the next start. */
  stop(): Promise<void>;
  /** Resolves after `stop`; rejects when the daemon can't go on. */
  readonly done: Promise<void>;
}

/**
 * Starts the appliance in this process: enrols if it has no identity, then polls, runs leases in scan workers, spools
 * and uploads until stopped. Rejects with a user error when the state directory or the enrolment can't be used.
 */
export async function startDaemon(config: DaemonConfig, deps: DaemonDeps): Promise<Daemon> {
  const state = await openStateDirectory(config.stateDirectory);
  try {
    const target = await settleEnrolment(config, state);
    const networkErrors = await openHistory(deps, state);
    const appliance = new Appliance({ config, deps, state, target, key: await state.key(), networkErrors });
    const done = appliance.run();
    // Whoever holds the daemon awaits it; before that, a rejection must not end the process.
    done.catch(() => {});
    return {
      status: () => appliance.status(),
      connect: (attempt) => appliance.connect(attempt),
      cancelScans: () => appliance.cancelScans(),
      personalize: (code) => appliance.personalize(code),
      noteNetworkError: (error) => networkErrors.note(error),
      trust: () => appliance.trust(),
      client: () => appliance.client,
      stop: () => appliance.stop(done),
      done,
    };
  } catch (error) {
    await state.release();
    throw error;
  }
}

/** A disk that takes no file costs what would be told after a restart, and nothing else. */
async function openHistory({ clock, random }: DaemonDeps, state: StateDirectory): Promise<NetworkErrorHistory> {
  let saving = Promise.resolve();
  const save = (errors: StoredNetworkErrors) => {
    saving = saving.then(() => state.saveNetworkErrors(errors)).catch(() => {});
  };
  return new NetworkErrorHistory({ clock, random, save }, await state.networkErrors());
}

interface ApplianceInit {
  readonly config: DaemonConfig;
  readonly deps: DaemonDeps;
  readonly state: StateDirectory;
  readonly target: EnrolmentTarget;
  readonly key: KeyPair;
  readonly networkErrors: NetworkErrorHistory;
}

class Appliance {
  readonly #config: DaemonConfig;
  readonly #deps: DaemonDeps;
  readonly #state: StateDirectory;
  readonly #key: KeyPair;
  readonly #counter: SequenceCounter;
  readonly #time: PlatformTime;
  readonly #stopping = new AbortController();
  readonly #trouble = new Map<string, { code: string; message: string }>();
  #board: BoardState = initialBoard;
  #runner: Runner | null = null;
  #spool: Spool | null = null;
  #polls: PollLoop | null = null;
  #contentVersion = 'unknown';
  #lastReport = '';
  #lastStatus = '';
  #lastFile = '';
  #publishing: Promise<void> = Promise.resolve();
  readonly #link: PlatformLink;
  #client: SignedClient | null = null;
  #updates: Updater | null = null;
  /** Waits between tries of the enrolment end early when somebody asks for one. */
  readonly #tries: WakeableClock;
  readonly #scanNetwork: ScanNetworkKeeper;
  readonly #networkErrors: NetworkErrorHistory;
  readonly #doctor: DoctorRequests | null;
  #personalizationCode: Secret | null;

  constructor({ config, deps, state, target, key, networkErrors }: ApplianceInit) {
    this.#networkErrors = networkErrors;
    this.#config = config;
    this.#deps = deps;
    this.#state = state;
    this.#key = key;
    this.#counter = sequenceCounter(deps.random.uuid());
    this.#time = new PlatformTime(deps.clock);
    this.#tries = wakeableClock(deps.clock);
    this.#scanNetwork = new ScanNetworkKeeper({
      helper: deps.scanNetworkHelper ?? null,
      onChange: () => this.#polls?.nudge(this.#stopping.signal),
    });
    const { examine = null } = deps;
    const onDone = () => this.#polls?.nudge(this.#stopping.signal);
    this.#doctor = examine && new DoctorRequests({ log: deps.log, examine, onDone });
    this.#link = new PlatformLink({
      ...deps,
      state,
      target,
      tries: this.#tries,
      onFailure: (failure) => this.#failed(failure),
      onTrouble: (source, trouble) => this.#setTrouble(source, trouble),
      onRenewed: () => this.#tryAgain(),
    });
    this.#personalizationCode = config.personalizationCode;
  }

  async run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      const known = await this.#state.identity();
      if (known) this.#board = { ...this.#board, name: known.name, applianceId: known.applianceId };
      this.#publish();
      this.#contentVersion = await contentVersion(this.#config.contentDirectory);
      const http = await this.#link.open(known?.platformKey ?? null, signal);
      const client = (platformKey: string | null): SignedClient =>
        signedClient({
          http,
          identity: {
            keyId: this.#key.keyId,
            sign: this.#key.sign,
            verifyPlatform: platformKey === null ? null : verifierOf(platformKey),
          },
          clock: this.#deps.clock,
          crypto: nodeCrypto,
          counter: this.#counter,
        });
      const identity = known ?? (await this.#enrol(client(null)));
      this.#update('activated', { name: identity.name, applianceId: identity.applianceId });
      await this.#work(identity, client(identity.platformKey));
    } catch (error) {
      if (!signal.aborted) {
        this.#deps.log.write('error', 'daemon.failed', { detail: describeError(error) });
        throw error;
      }
    } finally {
      await this.#shutDown();
    }
  }

  async stop(done: Promise<void>): Promise<void> {
    this.#stopping.abort(new Error('the daemon stops'));
    await done.catch(() => {});
  }

  connect(attempt: Attempt): void {
    this.#update('attempt', { attempt });
    this.#link.renew();
  }

  async trust(): Promise<Trust> {
    return { ca: await this.#state.ca(), time: () => this.#link.time() };
  }

  get client(): SignedClient | null {
    return this.#client;
  }

  async cancelScans(): Promise<void> {
    await this.#runner?.cancel();
  }

  personalize(code: Secret): void {
    if (this.#runner !== null) return;
    this.#personalizationCode = code;
    this.connect('activation');
  }

  status(): ApplianceStatus {
    return {
      ...this.#board,
      pid: process.pid,
      updatedAt: isoTime(this.#deps.clock.now()),
      platform: this.#link.target.url,
      softwareVersion: this.#versions.softwareVersion,
      contentVersion: this.#versions.contentVersion,
      updating: this.#updates?.updating ?? false,
      leases: this.#runner?.describe() ?? [],
      spool: this.#spoolReport(),
      trouble: [...this.#trouble.values()],
    };
  }

  async #enrol(client: SignedClient): Promise<Identity> {
    const identity = await enrol(
      {
        ...this.#deps,
        clock: this.#tries,
        client,
        publicKey: this.#key.publicKey,
        facts: () => this.#facts(),
        personalizationCode: () => this.#personalizationCode,
        onWaiting: (waiting) => {
          this.#update('code-issued', {
            activationCode: waiting.activationCode,
            activationExpiresAt: waiting.expiresAt,
          });
        },
        onFailure: (failure) => this.#failed(failure),
        onRefused: (answer) => {
          // A refused code that was typed in is forgotten: the activation code comes back.
          this.#personalizationCode = this.#config.personalizationCode;
          this.#update('failed', { failure: refusalOf(answer) });
        },
      },
      this.#stopping.signal,
    );
    await this.#state.saveIdentity(identity);
    this.#deps.log.write('info', 'enrolment.done', { appliance: identity.applianceId });
    return identity;
  }

  async #work(identity: Identity, client: SignedClient): Promise<void> {
    const { clock, random, log, launch } = this.#deps;
    const { signal } = this.#stopping;
    this.#link.belongsTo(identity.platformKey);
    this.#client = client;
    this.#setChecking(true);
    const { folder, numbering } = await this.#state.spoolStream(random);
    const options = { ...spoolDefaults, maxBytes: this.#config.spoolMaxMegabytes * 1_048_576 };
    const spool = await Spool.open(await fileStorage(folder), clock, options);
    this.#spool = spool;
    spool.onChange(() => this.#spoolChanged());
    const runner = new Runner({
      spool,
      store: leaseStore(this.#state.leasesFolder),
      launch,
      clock,
      time: this.#time,
      log,
      platformKey: identity.platformKey,
      applianceId: identity.applianceId,
      crashesPerUnit: this.#config.crashesPerUnit,
      verify: verifierOf(identity.platformKey),
      workers: this.#config.workers,
      onChange: () => this.#workChanged(),
      onTrouble: (trouble) => this.#setTrouble('lease', trouble),
    });
    this.#updates = await openUpdates({
      ...this.#deps,
      config: this.#config,
      client,
      slices: runner,
      restart: this.#deps.restart ?? (() => {}),
      onChange: () => this.#updatesChanged(),
      signal,
    });
    await runner.restore();
    this.#runner = runner;
    this.#setChecking(false);
    await this.#scanNetwork.start();
    const polls = this.#pollLoop(client, runner);
    this.#polls = polls;
    await Promise.all([
      polls.run(signal),
      runUploader(
        {
          spool,
          numbering,
          saveNumbering: (next) => this.#state.saveNumbering(next),
          now: () => this.#time.now(),
          client,
          clock,
          random,
          log,
          onTrouble: (trouble) => this.#setTrouble('upload', trouble),
          onRefused: (answer) => this.#refused(answer),
        },
        signal,
      ),
    ]);
  }

  #pollLoop(client: SignedClient, runner: Runner): PollLoop {
    const { clock, random, log } = this.#deps;
    return new PollLoop({
      client,
      clock,
      random,
      log,
      report: (waitSeconds) => this.#report(waitSeconds),
      renewWithinMs: () => (runner.firstExpiryMs === null ? null : (runner.firstExpiryMs - this.#time.now()) / 3),
      onAnswer: (answer, lanAddress, sent) => {
        this.#time.set(answer.serverTime);
        this.#link.heard(answer.serverTime, answer.settings.enrolment);
        this.#trouble.delete('lease');
        this.#doctor?.take(answer.settings.examine);
        this.#networkErrors.acknowledge(sent.networkErrors ?? []);
        this.#update('polled', { name: answer.settings.name, lastContact: answer.serverTime, lanAddress });
        runner.take(answer);
        this.#updates?.take(answer.settings.updates ?? [], answer.level);
        const taken = this.#scanNetwork.take(answer, sent.scanNetwork);
        return answer.settings.scanNetwork === undefined ? null : taken;
      },
      onFailure: (failure) => this.#failed(failure),
      onRefused: (answer) => this.#refused(answer),
      onMode: (polling) => {
        this.#board = { ...this.#board, polling };
      },
    });
  }

  #report(waitSeconds: number): PollRequest {
    const runner = this.#runner;
    const networkErrors = this.#networkErrors.report(this.#time.offsetMs());
    const report: PollRequest = {
      level: protocolLevel,
      facts: this.#facts(),
      waitSeconds,
      capacity: runner?.capacity ?? 0,
      availablePercent: runner?.availablePercent ?? 0,
      leases: runner?.report() ?? [],
      spool: this.#spoolReport(),
      trouble: [...this.#trouble.values()].slice(0, 16),
      enrolment: formatEnrolment(this.#link.target),
      ...(this.#updates === null ? {} : { updates: this.#updates.report }),
      ...(this.#scanNetwork.report === undefined ? {} : { scanNetwork: this.#scanNetwork.report }),
      ...(this.#scanNetwork.applying === undefined ? {} : { applying: this.#scanNetwork.applying }),
      ...(this.#doctor?.report === undefined ? {} : { doctor: this.#doctor.report }),
      ...(networkErrors.length === 0 ? {} : { networkErrors }),
    };
    this.#lastReport = reportKey(report);
    return report;
  }

  /** Tells the platform at once when a lease's state or the free capacity changed since the last poll was sent. */
  #workChanged(): void {
    const runner = this.#runner;
    if (runner === null || this.#stopping.signal.aborted) return;
    if (reportKey({ capacity: runner.capacity, leases: runner.report() }) !== this.#lastReport) {
      this.#polls?.nudge(this.#stopping.signal);
    }
    this.#publish();
  }

  #updatesChanged(): void {
    if (!this.#stopping.signal.aborted) this.#polls?.nudge(this.#stopping.signal);
    this.#publish();
  }

  get #versions(): { readonly softwareVersion: string; readonly contentVersion: string } {
    return {
      softwareVersion: this.#config.runningVersion ?? softwareVersion,
      contentVersion: this.#updates?.versionOf('content') ?? this.#contentVersion,
    };
  }

  #spoolChanged(): void {
    const state = this.#spool?.state;
    if (!state) return;
    const text =
      state.fault === 'limit' ? 'The spool has reached its size limit' : `The spool can't be written (${state.fault})`;
    const message = `${text}; scanning waits until there is space.`;
    this.#setTrouble(
      'spool',
      state.fault === null ? null : { code: state.full ? 'spool.full' : 'spool.failed', message },
    );
  }

  #setTrouble(source: string, trouble: { code: string; message: string } | null): void {
    const before = this.#trouble.get(source);
    if (before?.code === trouble?.code && before?.message === trouble?.message) return;
    if (trouble === null) this.#trouble.delete(source);
    else this.#trouble.set(source, { code: trouble.code.slice(0, 64), message: trouble.message.slice(0, 512) });
    if (source === 'spool') this.#polls?.nudge(this.#stopping.signal);
    this.#publish();
  }

  #setChecking(checkingFiles: boolean): void {
    this.#board = { ...this.#board, checkingFiles };
    this.#publish();
  }

  #failed(failure: OutboundFailure): void {
    if (failure.kind === 'cancelled') return;
    if (this.#stopping.signal.aborted) return;
    this.#update('failed', { failure: failureOf(failure) });
    this.#link.failed(failure);
  }

  #tryAgain(): void {
    this.#tries.wake();
    this.#polls?.nudge(this.#stopping.signal);
  }

  /** Only a signed refusal is the platform's word; anything else is a failure of the line. */
  #refused(answer: SignedAnswer): void {
    const code = answer.verified ? answer.problem?.code : undefined;
    const failure = refusalOf(answer);
    if (code === applianceProblems.revoked) this.#update('revoked', { failure });
    else if (code === applianceProblems.cloneSuspected) this.#update('cloned', { failure });
    else this.#update('failed', { failure });
    if (!scanningAllowed(this.#board.state)) this.#runner?.halt();
  }

  #facts(): PollRequest['facts'] {
    const { kind } = this.#config;
    return {
      ...this.#versions,
      kind,
      lanAddress: this.#board.lanAddress,
      hostname: hostname().slice(0, 255),
    };
  }

  #spoolReport(): ApplianceStatus['spool'] {
    const { events, bytes, full } = this.#spool?.state ?? { events: 0, bytes: 0, full: false };
    return { events, bytes, full };
  }

  #update(event: ConnectionEvent, patch: Partial<BoardState> = {}): void {
    const before = this.#board.state;
    this.#board = advance(this.#board, event, patch);
    if (before !== this.#board.state)
      this.#deps.log.write('info', 'connection.state', { from: before, to: this.#board.state });
    this.#publish();
  }

  /** Tells the status if it says something new. A disk that takes no status file must not stop anything. */
  #publish(): void {
    const status = this.status();
    const file = JSON.stringify({ ...status, updatedAt: '', spool: status.spool.full });
    if (file === this.#lastFile) return;
    this.#lastFile = file;
    const key = JSON.stringify({ ...status, updatedAt: '', lastContact: '', spool: status.spool.full });
    if (key !== this.#lastStatus) this.#deps.onStatus(status);
    this.#lastStatus = key;
    this.#publishing = this.#publishing
      .then(() => this.#state.saveStatus(`${JSON.stringify(status)}\n`))
      .catch(() => {});
  }

  async #shutDown(): Promise<void> {
    this.#stopping.abort(new Error('the daemon stops'));
    this.#runner?.close();
    await this.#spool?.close();
    this.#update('stop');
    await this.#publishing;
    await this.#state.release();
  }
}

function reportKey(report: Pick<PollRequest, 'capacity' | 'leases'>): string {
  return JSON.stringify([report.capacity, report.leases]);
}
