import { type KeyPair, nodeCrypto, verifierOf } from '@picket/base/adapters/ed25519';
import { isoTime } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Secret } from '@picket/base/secret';
import { type EnrolmentTarget, type Identity, formatEnrolment } from '@picket/contracts/enrolment';
import type { PollRequest } from '@picket/contracts/poll';
import { applianceProblems, protocolLevel } from '@picket/contracts/protocol';
import type { Trust } from '@picket/outbound/adapters/tls-stream';
import type { HttpClient } from '@picket/outbound/http-client';
import type { OutboundFailure } from '@picket/outbound/failure';
import {
  type SequenceCounter,
  type SignedAnswer,
  type SignedClient,
  sequenceCounter,
  signedClient,
} from '@picket/outbound/signed-client';
import { hostname } from 'node:os';
import type { Attempt } from '../console/errors/attempt.ts';
import type { ApplianceStatus } from '../local/status.ts';
import { openUpdates } from '../updates/open-updates.ts';
import type { Updater } from '../updates/updater.ts';
import { contentVersion } from './adapters/content-version.ts';
import { fileStorage } from './adapters/file-storage.ts';
import { leaseStore } from './adapters/lease-store.ts';
import type { StateDirectory } from './adapters/state-directory.ts';
import { type DaemonConfig, softwareVersion } from './config.ts';
import { type ConnectionEvent, scanningAllowed } from './connection-state.ts';
import type { DaemonDeps } from './daemon.ts';
import { DoctorRequests } from './doctor/doctor-requests.ts';
import { enrol } from './enrolment.ts';
import type { NetworkErrorHistory } from './network-error-history.ts';
import { PlatformLink } from './platform-link.ts';
import { PlatformTime } from './platform-time.ts';
import { PollLoop } from './poll-loop.ts';
import { Runner } from './runner.ts';
import { ScanNetworkKeeper } from './scan-network/scan-network-keeper.ts';
import { Spool, spoolDefaults } from './spool/spool.ts';
import { type BoardState, advance, failureOf, initialBoard, refusalOf } from './status-board.ts';
import { StatusPublisher } from './status-publisher.ts';
import { Tries } from './tries.ts';
import { type Trouble, TroubleList, spoolTrouble } from './trouble-list.ts';
import { runUploader } from './uploader.ts';

export interface ApplianceInit {
  readonly config: DaemonConfig;
  readonly deps: DaemonDeps;
  readonly state: StateDirectory;
  readonly target: EnrolmentTarget;
  readonly key: KeyPair;
  readonly networkErrors: NetworkErrorHistory;
}

/** The appliance at work: what `startDaemon` starts. */
export class Appliance {
  readonly #config: DaemonConfig;
  readonly #deps: DaemonDeps;
  readonly #state: StateDirectory;
  readonly #key: KeyPair;
  readonly #counter: SequenceCounter;
  readonly #time: PlatformTime;
  readonly #stopping = new AbortController();
  readonly #trouble = new TroubleList();
  #board: BoardState;
  #runner: Runner | null = null;
  #spool: Spool | null = null;
  #polls: PollLoop | null = null;
  #contentVersion = 'unknown';
  #lastReport = '';
  readonly #publisher: StatusPublisher;
  readonly #link: PlatformLink;
  #client: SignedClient | null = null;
  #updates: Updater | null = null;
  readonly #tries: Tries;
  readonly #scanNetwork: ScanNetworkKeeper;
  readonly #networkErrors: NetworkErrorHistory;
  readonly #doctor: DoctorRequests | null;
  #personalizationCode: Secret | null;

  constructor({ config, deps, state, target, key, networkErrors }: ApplianceInit) {
    this.#networkErrors = networkErrors;
    this.#publisher = new StatusPublisher(deps.onStatus, (json) => state.saveStatus(json));
    this.#config = config;
    this.#board = { ...initialBoard, attempt: config.firstAttempt };
    this.#deps = deps;
    this.#state = state;
    this.#key = key;
    this.#counter = sequenceCounter(deps.random.uuid());
    this.#time = new PlatformTime(deps.clock);
    this.#tries = new Tries(deps.clock, deps.random);
    const { examine = null, scanNetworkHelper = null } = deps;
    const nudge = () => this.#nudge();
    this.#scanNetwork = new ScanNetworkKeeper({ helper: scanNetworkHelper, onChange: nudge });
    this.#doctor = examine && new DoctorRequests({ log: deps.log, examine, onDone: nudge });
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
      const client = (platformKey: string | null) => this.#clientFor(http, platformKey);
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

  #clientFor(http: HttpClient, platformKey: string | null): SignedClient {
    const { keyId, sign } = this.#key;
    const verifyPlatform = platformKey === null ? null : verifierOf(platformKey);
    const identity = { keyId, sign, verifyPlatform };
    return signedClient({ http, identity, clock: this.#deps.clock, crypto: nodeCrypto, counter: this.#counter });
  }

  async stop(done: Promise<void>): Promise<void> {
    this.#stopping.abort(new Error('the daemon stops'));
    await done.catch(() => {});
  }

  connect(attempt: Attempt): void {
    this.#update('attempt', { attempt });
    this.#link.renew();
  }

  networkChanged(): void {
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

  takeWork(): void {
    this.#runner?.takeWork();
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
      trouble: this.#trouble.all,
    };
  }

  async #enrol(client: SignedClient): Promise<Identity> {
    const identity = await enrol(
      {
        ...this.#deps,
        tries: this.#tries,
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
    const options = {
      ...spoolDefaults,
      maxBytes: this.#config.spoolMaxMegabytes * 1_048_576,
      trimAfterMs: this.#config.spoolTrimAfterSeconds * 1000,
    };
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
          tries: this.#tries,
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
      tries: this.#tries,
      log,
      report: (waitSeconds) => this.#report(waitSeconds),
      renewWithinMs: () => (runner.firstExpiryMs === null ? null : (runner.firstExpiryMs - this.#time.now()) / 3),
      onAnswer: (answer, lanAddress, sent) => {
        this.#time.set(answer.serverTime);
        this.#link.heard(answer.serverTime, answer.settings.enrolment);
        this.#trouble.set('lease', null);
        this.#doctor?.take(answer.settings.examine);
        this.#networkErrors.acknowledge(sent);
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
    const report: PollRequest = {
      level: protocolLevel,
      facts: this.#facts(),
      waitSeconds,
      capacity: runner?.capacity ?? 0,
      availablePercent: runner?.availablePercent ?? 0,
      leases: runner?.report() ?? [],
      spool: this.#spoolReport(),
      trouble: this.#trouble.all.slice(0, 16),
      enrolment: formatEnrolment(this.#link.target),
      ...(this.#updates === null ? {} : { updates: this.#updates.report }),
      ...(this.#scanNetwork.report === undefined ? {} : { scanNetwork: this.#scanNetwork.report }),
      ...(this.#scanNetwork.applying === undefined ? {} : { applying: this.#scanNetwork.applying }),
      ...(this.#doctor?.report === undefined ? {} : { doctor: this.#doctor.report }),
      ...this.#networkErrors.report(this.#time.offsetMs()),
    };
    this.#lastReport = reportKey(report);
    return report;
  }

  /** Tells the platform at once when a lease's state or the free capacity changed since the last poll was sent. */
  #workChanged(): void {
    const runner = this.#runner;
    if (runner === null || this.#stopping.signal.aborted) return;
    if (reportKey({ capacity: runner.capacity, leases: runner.report() }) !== this.#lastReport) {
      this.#nudge();
    }
    this.#publish();
  }

  #updatesChanged(): void {
    this.#nudge();
    this.#publish();
  }

  /** Has the platform hear of something before the next poll is due. */
  #nudge(): void {
    if (!this.#stopping.signal.aborted) this.#polls?.nudge(this.#stopping.signal);
  }

  get #versions(): { readonly softwareVersion: string; readonly contentVersion: string } {
    return {
      softwareVersion: this.#config.runningVersion ?? softwareVersion,
      contentVersion: this.#updates?.versionOf('content') ?? this.#contentVersion,
    };
  }

  #spoolChanged(): void {
    if (this.#spool) this.#setTrouble('spool', spoolTrouble(this.#spool.state));
  }

  #setTrouble(source: string, trouble: Trouble | null): void {
    if (!this.#trouble.set(source, trouble)) return;
    if (source === 'spool') this.#nudge();
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
    this.#tries.now();
    this.#nudge();
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
    const { state } = this.#board;
    if (before !== state) this.#deps.log.write('info', 'connection.state', { from: before, to: state });
    // What waits for its next try, results above all, need not wait when the platform is back.
    if (before === 'communication-failure' && state === 'ready') this.#tries.now();
    this.#publish();
  }

  #publish(): void {
    this.#publisher.publish(this.status());
  }

  async #shutDown(): Promise<void> {
    this.#stopping.abort(new Error('the daemon stops'));
    this.#runner?.close();
    await this.#spool?.close();
    this.#update('stop');
    await this.#publisher.settled;
    await this.#state.release();
  }
}

function reportKey(report: Pick<PollRequest, 'capacity' | 'leases'>): string {
  return JSON.stringify([report.capacity, report.leases]);
}
