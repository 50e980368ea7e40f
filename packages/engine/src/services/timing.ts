/** How long the service stage waits, milliseconds. */
export interface ServiceTiming {
  readonly connectMs: number;
  /** For a banner on a port where none is expected, before a question is asked. A banner that comes later still counts. */
  readonly bannerMs: number;
  /** The same on a port where one is usual. */
  readonly usualBannerMs: number;
  /** For a banner that is known to come: mail and file servers look the client's name up first. */
  readonly likelyBannerMs: number;
  readonly answerMs: number;
  /** For each probe on a port that nobody knows. */
  readonly fallbackAnswerMs: number;
  readonly tlsMs: number;
  readonly udpMs: number;
  /** For one port in all; no new question is begun after it. */
  readonly totalMs: number;
}

/** A silent port that nobody knows costs about a quarter of a minute with them. */
export const defaultTiming: ServiceTiming = {
  connectMs: 4000,
  bannerMs: 600,
  usualBannerMs: 1000,
  likelyBannerMs: 6000,
  answerMs: 4000,
  fallbackAnswerMs: 1200,
  tlsMs: 4000,
  udpMs: 2000,
  totalMs: 40_000,
};
