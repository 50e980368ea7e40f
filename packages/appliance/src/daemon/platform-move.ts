import type { Clock } from '@picket/base/clock';
import type { Log } from '@picket/base/log';
import { err, ok, type Result } from '@picket/base/result';
import { type EnrolmentTarget, formatEnrolment, parseEnrolment } from '@picket/contracts/enrolment';
import { fetchPinnedCa } from '@picket/outbound/adapters/ca-bootstrap';
import { httpsClient } from '@picket/outbound/adapters/https-client';
import { confirmPlatform } from '@picket/outbound/adapters/signed-time';
import type { Connector } from '@picket/outbound/connector';

const stepMs = 20_000;
/** A place where the platform was not found is tried again after so long, milliseconds. */
const againMs = 300_000;

/** A place, and the authority that vouches for it there (PEM); null: a public one. */
export interface PlatformPlace {
  readonly target: EnrolmentTarget;
  readonly ca: string | null;
}

export interface PlatformMoveDeps {
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
  /** Judges a signature of the platform that this appliance belongs to. */
  readonly verifyPlatform: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  /** Certificates there are judged by this time; null: by the clock of this machine. */
  readonly time: () => number | null;
  readonly onTrouble: (message: string | null) => void;
}

/**
 * Looks for the platform at the place that a signed answer names. It has to answer there over a verified session and sign with the key that the
 * appliance knows: only then is the place taken. Until then the old one stays in use, so that a wrong address cuts nothing off.
 */
export class PlatformMove {
  readonly #deps: PlatformMoveDeps;
  #failed: { readonly text: string; readonly at: number } | null = null;

  constructor(deps: PlatformMoveDeps) {
    this.#deps = deps;
  }

  /** The place to go to; null: stay. Not to be called again before it has ended. */
  async consider(text: string | undefined, signal: AbortSignal): Promise<PlatformPlace | null> {
    const { clock, log, onTrouble } = this.#deps;
    if (text === undefined) {
      this.#failed = null;
      onTrouble(null);
      return null;
    }
    if (this.#failed?.text === text && clock.monotonic() - this.#failed.at < againMs) return null;
    const found = await this.#look(text, signal);
    if (signal.aborted) return null;
    if (found.ok) {
      log.write('info', 'platform.moved', { to: formatEnrolment(found.value.target) });
      onTrouble(null);
      return found.value;
    }
    this.#failed = { text, at: clock.monotonic() };
    log.write('warning', 'platform.move-failed', { to: text, detail: found.error });
    onTrouble(`The platform was not found at ${text.split('#')[0]}, where it says that it is now: ${found.error}`);
    return null;
  }

  async #look(text: string, signal: AbortSignal): Promise<Result<PlatformPlace, string>> {
    const parsed = parseEnrolment(text);
    return parsed.ok ? findPlace(parsed.value, this.#deps, signal) : err(parsed.error);
  }
}

/** The place, if the platform answers there over a session that its authority vouches for, and signs with its key; else why not, for people. */
export async function findPlace(
  target: EnrolmentTarget,
  { connector, verifyPlatform, time }: Pick<PlatformMoveDeps, 'connector' | 'verifyPlatform' | 'time'>,
  signal: AbortSignal,
): Promise<Result<PlatformPlace, string>> {
  const { url: origin, caSha256 } = target;
  let ca: string | null = null;
  if (caSha256 !== null) {
    const fetched = await fetchPinnedCa({ origin, caSha256, connector, deadlineMs: stepMs, signal });
    if (!fetched.ok) return err(fetched.error.message);
    ca = fetched.value;
  }
  const http = httpsClient({ origin, connector, trust: { ca, time } });
  const confirmed = await confirmPlatform(http, verifyPlatform, { deadlineMs: stepMs, signal });
  http.close();
  return confirmed.ok ? ok({ target, ca }) : err(confirmed.error.message);
}
