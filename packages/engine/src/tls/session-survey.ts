import type { TlsInspectionResult } from '@picket/base/dialer';
import { openPaced, type TlsReach } from './hello-exchange.ts';

/** Whether sessions resume, and whether a client may renegotiate; null where it was not found out. */
export interface SessionSurvey {
  readonly resumption: boolean | null;
  readonly clientRenegotiation: boolean | null;
}

const unknown: SessionSurvey = { resumption: null, clientRenegotiation: null };

/**
 * Two real handshakes by the platform's library, the second with the session of the first. A server that speaks nothing which the
 * library knows stays unknown here.
 */
export async function surveySessions(
  reach: TlsReach,
  classic: boolean,
  serverName: string | null,
): Promise<SessionSurvey> {
  const first = await inspect(reach, { resume: null, renegotiate: false, classic }, serverName);
  if (first === null) return unknown;
  const second = await inspect(reach, { resume: first.session, renegotiate: classic, classic }, serverName);
  if (second === null) return unknown;
  return { resumption: first.session !== null && second.resumed, clientRenegotiation: second.renegotiated };
}

async function inspect(
  reach: TlsReach,
  wanted: { readonly resume: Uint8Array | null; readonly renegotiate: boolean; readonly classic: boolean },
  serverName: string | null,
): Promise<TlsInspectionResult | null> {
  const opened = await openPaced(reach);
  if (opened === null || !opened.ok) return null;
  try {
    const named = serverName === null ? {} : { serverName };
    const session = await opened.value.startTls({ timeoutMs: reach.answerMs, inspect: wanted, ...named });
    return session.ok ? (session.value.inspection ?? null) : null;
  } finally {
    opened.value.close();
  }
}
