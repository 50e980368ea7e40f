import type { Log } from '@picket/base/log';
import { type EnrolmentTarget, formatEnrolment } from '@picket/contracts/enrolment';
import { fetchSignedAuthority } from '@picket/outbound/adapters/signed-authority';
import type { Connector } from '@picket/outbound/connector';
import type { OutboundFailure } from '@picket/outbound/failure';
import { findPlace, type PlatformPlace } from './platform-move.ts';

const questionMs = 15_000;

export interface AuthorityChangeDeps {
  readonly connector: Connector;
  readonly log: Log;
  /** Judges a signature of the platform that this appliance belongs to. */
  readonly verifyPlatform: (bytes: Uint8Array, signature: Uint8Array) => boolean;
  /** Certificates are judged by this time; null: by the clock of this machine. */
  readonly time: () => number | null;
}

/**
 * Follows the platform to another authority at the place where it is. When its certificate is of an unknown one, whoever is there is asked which
 * authority vouches for the platform now. The answer counts only with the signature of the platform's key, and the authority only once the platform has
 * answered over a session that it vouches for. Whoever has no more than an authority of some kind stays refused.
 */
export class AuthorityChange {
  readonly #deps: AuthorityChangeDeps;

  constructor(deps: AuthorityChangeDeps) {
    this.#deps = deps;
  }

  /** The place with its new authority; null: nothing has changed that the platform vouches for. */
  async consider(
    failure: OutboundFailure,
    target: EnrolmentTarget,
    signal: AbortSignal,
  ): Promise<PlatformPlace | null> {
    if (!isOfUnknownAuthority(failure)) return null;
    const { connector, log, verifyPlatform } = this.#deps;
    const question = { origin: target.url, connector, verifyPlatform, deadlineMs: questionMs, signal };
    const told = await fetchSignedAuthority(question);
    if (signal.aborted) return null;
    if (!told.ok) {
      log.write('warning', 'authority.not-told', { kind: told.error.kind, detail: told.error.detail });
      return null;
    }
    // The platform still has the one that is known: somebody in between has passed the question on.
    if (told.value === target.caSha256) return null;
    const place = await findPlace({ url: target.url, caSha256: told.value }, this.#deps, signal);
    if (signal.aborted) return null;
    if (place.ok) {
      log.write('info', 'authority.changed', { to: formatEnrolment(place.value.target) });
      return place.value;
    }
    log.write('warning', 'authority.unproven', { detail: place.error });
    return null;
  }
}

/** Through a proxy the same looks like a session that the proxy opens. */
function isOfUnknownAuthority({ kind, reason }: OutboundFailure): boolean {
  return kind === 'intercepted' || (kind === 'certificate' && reason === 'unknown-ca');
}
