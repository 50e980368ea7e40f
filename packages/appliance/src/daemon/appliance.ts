import { type KeyPair, nodeCrypto, verifierOf } from '@picket/base/adapters/ed25519';
import { isoTime } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Secret } from '@picket/base/secret';
import type { EnrolmentTarget, Identity } from '@picket/contracts/enrolment';
import type { PollRequest } from '@picket/contracts/poll';
import { applianceProblems } from '@picket/contracts/protocol';
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
import { contentVersion } from './adapters/content-version.ts';
import type { StateDirectory } from './adapters/state-directory.ts';
import { ApplianceWork } from './appliance-work.ts';
import { type DaemonConfig, softwareVersion } from './config.ts';
import { type ConnectionEvent, scanningAllowed } from './connection-state.ts';
import type { DaemonDeps } from './daemon.ts';
import { enrol } from './enrolment.ts';
import type { NetworkErrorHistory } from './network-error-history.ts';
import { PlatformLink } from './platform-link.ts';
import { PlatformTime } from './platform-time.ts';
import { type BoardState, advance, failureOf, initialBoard, refusalOf } from './status-board.ts';
import { StatusPublisher } from './status-publisher.ts';
import { Tries } from './tries.ts';
import { type Trouble, TroubleList } from './trouble-list.ts';

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
  #work: ApplianceWork | null = null;
  #contentVersion = 'unknown';
  readonly #publisher: StatusPublisher;
  readonly #link: PlatformLink;
  #client: SignedClient | null = null;
  readonly #tries: Tries;
  readonly #networkErrors: NetworkErrorHistory;
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
      await this.#toWork(identity, client(identity.platformKey));
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
    await this.#work?.cancelScans();
  }

  takeWork(): void {
    this.#work?.takeWork();
  }

  personalize(code: Secret): void {
    if (this.#work !== null) return;
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
      ...(this.#work?.status ?? { updating: false, leases: [], spool: { events: 0, bytes: 0, full: false } }),
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

  async #toWork(identity: Identity, client: SignedClient): Promise<void> {
    this.#link.belongsTo(identity.platformKey);
    this.#client = client;
    const work = new ApplianceWork({
      config: this.#config,
      daemon: this.#deps,
      state: this.#state,
      identity,
      client,
      link: this.#link,
      time: this.#time,
      tries: this.#tries,
      networkErrors: this.#networkErrors,
      trouble: this.#trouble,
      facts: () => this.#facts(),
      onPolled: ({ settings, serverTime }, lanAddress) =>
        this.#update('polled', { name: settings.name, lastContact: serverTime, lanAddress }),
      onFailure: (failure) => this.#failed(failure),
      onRefused: (answer) => this.#refused(answer),
      onMode: (polling) => {
        this.#board = { ...this.#board, polling };
      },
      onTrouble: (source, trouble) => this.#setTrouble(source, trouble),
      onChange: () => this.#publish(),
      signal: this.#stopping.signal,
    });
    this.#work = work;
    this.#setChecking(true);
    await work.open();
    this.#setChecking(false);
    await work.run();
  }

  get #versions(): { readonly softwareVersion: string; readonly contentVersion: string } {
    return {
      softwareVersion: this.#config.runningVersion ?? softwareVersion,
      contentVersion: this.#work?.contentVersion ?? this.#contentVersion,
    };
  }

  #setTrouble(source: string, trouble: Trouble | null): void {
    if (!this.#trouble.set(source, trouble)) return;
    if (source === 'spool') this.#work?.nudge();
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
    this.#work?.nudge();
  }

  /** Only a signed refusal is the platform's word; anything else is a failure of the line. */
  #refused(answer: SignedAnswer): void {
    const code = answer.verified ? answer.problem?.code : undefined;
    const failure = refusalOf(answer);
    if (code === applianceProblems.revoked) this.#update('revoked', { failure });
    else if (code === applianceProblems.cloneSuspected) this.#update('cloned', { failure });
    else this.#update('failed', { failure });
    if (!scanningAllowed(this.#board.state)) this.#work?.halt();
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
    await this.#work?.close();
    this.#update('stop');
    await this.#publisher.settled;
    await this.#state.release();
  }
}
