import type { TlsVersion } from '@picket/checks/protocols/tls/tls-block';

/** A version that a server can be asked for. SSL 2.0 has records of its own (`ssl2.ts`). */
export type SurveyVersion = TlsVersion | 'ssl20';

/** Protocol versions on the wire (RFC 6101, 2246, 4346, 5246, 8446). */
export const versionCodes: Readonly<Record<TlsVersion, number>> = {
  ssl30: 0x0300,
  tls10: 0x0301,
  tls11: 0x0302,
  tls12: 0x0303,
  tls13: 0x0304,
};
