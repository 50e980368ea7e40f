import { verifierOf } from '@picket/base/adapters/ed25519';
import type { Clock } from '@picket/base/clock';
import { describeError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import type { EnrolmentTarget } from '@picket/contracts/enrolment';
import { fetchPinnedCa, pinned } from '@picket/outbound/adapters/ca-bootstrap';
import { httpsClient } from '@picket/outbound/adapters/https-client';
import { fetchSignedTime } from '@picket/outbound/adapters/signed-time';
import type { Connector } from '@picket/outbound/connector';
import type { OutboundFailure } from '@picket/outbound/failure';
import type { HttpClient } from '@picket/outbound/http-client';
import type { StateDirectory } from './adapters/state-directory.ts';
import { AuthorityChange } from './authority-change.ts';
import { ClockRescue } from './clock-rescue.ts';
import { PlatformMove, type PlatformPlace } from './platform-move.ts';
import { type RenewableHttp, renewableHttp } from './renewable-http.ts';
import type { Tries } from './tries.ts';

type Trouble = { readonly code: string; readonly message: string } | null;

export interface PlatformLinkDeps {
  readonly state: StateDirectory;
  readonly target: EnrolmentTarget;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
  readonly tries: Tries;
  readonly onFailure: (failure: OutboundFailure) => void;
  readonly onTrouble: (source: string, trouble: Trouble) => void;
  /** The connections are new, or what they are judged by: what waits for a next try should try now. */
  readonly onRenewed: () => void;
}

/** The way to the platform: where it is, which authority vouches for it, the time to judge certificates by, and the connections there. */
export class PlatformLink {
  readonly #deps: PlatformLinkDeps;
  readonly #rescue: ClockRescue;
  #target: EnrolmentTarget;
  #ca: string | null = null;
  #http: RenewableHttp | null = null;
  #verifyPlatform: ReturnType<typeof verifierOf> | null = null;
  #move: PlatformMove | null = null;
  #authority: AuthorityChange | null = null;
  #moving = false;
  #signal = AbortSignal.abort();

  constructor(deps: PlatformLinkDeps) {
    this.#deps = deps;
    this.#target = deps.target;
    this.#rescue = new ClockRescue({
      clock: deps.clock,
      log: deps.log,
      ask: () => this.#askTime(),
      onWrong: (message) => deps.onTrouble('clock', troubleOf('clock.wrong', message)),
    });
  }

  /** Where the platform is. */
  get target(): EnrolmentTarget {
    return this.#target;
  }

  /** The time to judge certificates by; null: this machine's clock. */
  time(): number | null {
    return this.#rescue.now();
  }

  /** Fetches the authority if it is not here yet, as often as it takes, and gives the client; it is closed when `signal` aborts. */
  async open(platformKey: string | null, signal: AbortSignal): Promise<HttpClient> {
    this.#signal = signal;
    if (platformKey !== null) this.belongsTo(platformKey);
    this.#ca = await this.#trust(signal);
    const { connector } = this.#deps;
    const time = () => this.#rescue.now();
    const http = renewableHttp(() =>
      httpsClient({ origin: this.#target.url, connector, trust: { ca: this.#ca, time } }),
    );
    signal.addEventListener('abort', () => http.close());
    this.#http = http;
    return http;
  }

  /** The key of the platform is known: it may tell the time, another place and another authority. */
  belongsTo(platformKey: string): void {
    const { connector, clock, log, onTrouble } = this.#deps;
    const verifyPlatform = verifierOf(platformKey);
    this.#verifyPlatform = verifyPlatform;
    const known = { connector, log, verifyPlatform, time: () => this.#rescue.now() };
    const onMoveTrouble = (message: string | null) => onTrouble('move', troubleOf('platform.move-failed', message));
    this.#move = new PlatformMove({ ...known, clock, onTrouble: onMoveTrouble });
    this.#authority = new AuthorityChange(known);
  }

  /** Gives up all connections for new ones. */
  renew(): void {
    this.#http?.renew();
    this.#deps.onRenewed();
  }

  /** A request failed: the clock may be to blame, or the platform has another authority now. */
  failed(failure: OutboundFailure): void {
    void this.#goTo(async () => this.#authority?.consider(failure, this.#target, this.#signal));
    void this.#rescue.consider(failure).then((better) => {
      if (better) this.renew();
    });
  }

  /** What a signed answer says of time and place. */
  heard(serverTime: string, enrolment: string | undefined): void {
    this.#rescue.heard(serverTime);
    void this.#goTo(async () => this.#move?.consider(enrolment, this.#signal));
  }

  /** One move at a time: answers that come in while it lasts name the same place. */
  async #goTo(find: () => Promise<PlatformPlace | null | undefined>): Promise<void> {
    if (this.#moving) return;
    this.#moving = true;
    try {
      const place = await find();
      if (!place) return;
      await this.#deps.state.saveMove(place.target, place.ca);
      this.#target = place.target;
      this.#ca = place.ca;
      this.renew();
    } catch (error) {
      // The place can't be kept: the old one stays, and the next answer names it again.
      this.#deps.log.write('error', 'platform.move-unsaved', { detail: describeError(error) });
    } finally {
      this.#moving = false;
    }
  }

  #askTime() {
    return fetchSignedTime({
      origin: this.#target.url,
      connector: this.#deps.connector,
      ca: this.#ca,
      verifyPlatform: this.#verifyPlatform,
      deadlineMs: 15_000,
      signal: this.#signal,
    });
  }

  /** The pinned CA from disk, or fetched and compared; null for a public CA. */
  async #trust(signal: AbortSignal): Promise<string | null> {
    const { state, connector, log, tries, onFailure } = this.#deps;
    const { caSha256, url } = this.#target;
    if (caSha256 === null) return null;
    const stored = await state.ca();
    if (stored !== null && pinned(url, stored, caSha256).ok) return stored;
    const tried = tries.of();
    for (;;) {
      const fetched = await fetchPinnedCa({ origin: url, caSha256, connector, deadlineMs: 20_000, signal });
      signal.throwIfAborted();
      if (fetched.ok) {
        await state.saveCa(fetched.value);
        return fetched.value;
      }
      log.write('warning', 'bootstrap.failed', { kind: fetched.error.kind, detail: fetched.error.detail });
      onFailure(fetched.error);
      await tried.failed(signal);
    }
  }
}

function troubleOf(code: string, message: string | null): Trouble {
  return message === null ? null : { code, message };
}
