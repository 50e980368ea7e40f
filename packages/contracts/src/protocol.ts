/**
 * Level of the protocol between platform, appliance and agent. One integer; additive changes within a level, unknown
 * fields are ignored, and whatever needs the other side to know gets a new level.
 *
 * Changelog
 * - 1 (2026-11-21): enrolment by activation and personalization code, signed requests and answers (RFC 9421),
 *   long-poll, signed leases, event upload.
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
  /** Self-signed with the new key: announces the device; answers with an activation code or, later, its identity. */
  hello: '/appliance/v1/hello',
  /** Self-signed: trades a personalization code for an identity. */
  personalize: '/appliance/v1/personalize',
  /** Signed from here on. */
  poll: '/appliance/v1/poll',
  events: '/appliance/v1/events',
} as const;

export const applianceLimits = {
  /** Largest event batch on the wire (compressed) and once unpacked, bytes. */
  batchBytes: 1_048_576,
  batchBytesUnpacked: 8_388_608,
  batchEvents: 5000,
  /** Largest single event, bytes of its JSON line. */
  eventBytes: 65_536,
  /** Longest hold of a long-poll, seconds. */
  longPollSeconds: 25,
  /** Range and default of the polling interval, seconds (spec section 8). */
  pollIntervalMin: 60,
  pollIntervalDefault: 180,
  pollIntervalMax: 3600,
} as const;
