/**
 * Level of the protocol between platform, appliance and agent. One integer; additive changes within a level, unknown
 * fields are ignored, and whatever needs the other side to know gets a new level.
 *
 * Changelog
 * - 1 (2026-11-21): enrolment by activation and personalization code, signed requests and answers (RFC 9421),
 *   long-poll, signed leases, event upload.
 *   Added within it: `plan` and `done` of `checked` events, `resume.checks` of leases, the signed time, `enrolment` of polls, reports
 *   of updates and wanted bundles in polls, parts of bundles, measurements; network errors that are over, the name and interval
 *   that the appliance goes by, the document that it is still applying, and examinations, in polls (2026-11-29);
 *   `trimmed` of evidence, polls that go beside another say so, the signed authority, communication failures in polls,
 *   `probes` of units, and `by` of the end of a slice (2026-11-30).
 */
export const protocolLevel = 1;

/** Levels that this platform still serves. */
export const oldestProtocolLevel = 1;

/** Request and answer header fields of the appliance protocol, lower case. */
export const protocolHeaders = {
  /** Protocol level of the sender, a decimal integer. */
  level: 'picket-level',
  /** Random id of the running daemon process; see `replay`. */
  instance: 'picket-instance',
  /** Strictly growing per instance, from 1. */
  sequence: 'picket-sequence',
} as const;

/** Paths of the appliance protocol below the platform's origin. */
export const appliancePaths = {
  /** Unsigned: the platform's own CA certificate as PEM. */
  caCertificate: '/appliance/v1/ca.pem',
  /** Unsigned: the platform's time, signed; see `signed-time.ts`. */
  time: '/appliance/v1/time',
  /** Unsigned: which authority vouches for the platform, signed; see `signed-authority.ts`. */
  authority: '/appliance/v1/authority',
  /** Self-signed with the new key: announces the device; answers with an activation code or, later, its identity. */
  hello: '/appliance/v1/hello',
  /** Self-signed: trades a personalization code for an identity. */
  personalize: '/appliance/v1/personalize',
  /** Signed from here on. */
  poll: '/appliance/v1/poll',
  events: '/appliance/v1/events',
  /** Takes a body of up to `measureBytes` and answers with as many as `?answer=` says: how well the way carries large messages. */
  measure: '/appliance/v1/measure',
  /** A part of a release bundle; asked for in JSON, answered with the bytes. */
  bundle: '/appliance/v1/bundle',
} as const;

export const applianceLimits = {
  /** Largest event batch on the wire (compressed) and once unpacked, bytes. */
  batchBytes: 1_048_576,
  batchBytesUnpacked: 8_388_608,
  batchEvents: 5000,
  /** Largest single event, bytes of its JSON line. */
  eventBytes: 65_536,
  /** Most that one measurement carries either way, bytes. */
  measureBytes: 262_144,
  /** Longest hold of a long-poll, seconds. */
  longPollSeconds: 25,
  /** Range and default of the polling interval, seconds (spec section 8). */
  pollIntervalMin: 60,
  pollIntervalDefault: 180,
  pollIntervalMax: 3600,
} as const;

/**
 * Problem codes that an appliance acts on. Such a refusal counts only when it is signed like every other answer: what
 * a box in between makes up must not stop a scan or end an identity.
 *
 * Replay: requests overlap (an upload beside a held poll), so their sequence numbers may arrive out of order. A receiver
 * keeps a window of `replayWindow` numbers per instance and refuses what it has seen or what is older than the window.
 */
export const applianceProblems = {
  /** 401 or 410: deleted or revoked. Scanning stops at once; results are kept. */
  revoked: 'appliance.revoked',
  /** 409: another machine uses the same key. Nothing is scanned until a person has decided. */
  cloneSuspected: 'appliance.clone-suspected',
  /** 401: this sequence number was used or is too old. The sender asks again under a new one. */
  replayed: 'appliance.replayed',
  /** 400 or 426: this protocol level is not served. */
  levelUnsupported: 'protocol.level-unsupported',
  /** 409 to an upload: the batch does not start where the platform's copy ends; the body is an `uploadAnswer`. */
  uploadGap: 'events.gap',
  /** 404: the bundle was withdrawn, or its file is not there. The update ends; the next poll says what is wanted. */
  releaseGone: 'release.gone',
} as const;
export const replayWindow = 64;
