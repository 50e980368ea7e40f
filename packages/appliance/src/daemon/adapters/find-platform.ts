import { err, ok, type Result } from '@picket/base/result';
import { formatEnrolment } from '@picket/contracts/enrolment';
import { offeredCaFingerprint } from '@picket/outbound/adapters/ca-bootstrap';
import { openTls } from '@picket/outbound/adapters/tls-stream';
import type { Connector } from '@picket/outbound/connector';

/** Longest wait for a platform that somebody at the console asked for, milliseconds. */
const deadlineMs = 20_000;

/** What would be believed of a platform at this address: a public certificate, or its own authority by the fingerprint it offers. */
export async function findPlatform(
  host: string,
  port: number,
  connector: Connector,
): Promise<Result<{ enrolment: string; fingerprint: string | null }, string>> {
  const url = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const known = await openTls({
    destination: { host, port },
    connector,
    trust: { ca: null },
    signal: AbortSignal.timeout(deadlineMs),
    handshakeTimeoutMs: deadlineMs,
  });
  if (known.ok) {
    known.value.destroy();
    return ok({ enrolment: formatEnrolment({ url, caSha256: null }), fingerprint: null });
  }
  const offered = await offeredCaFingerprint({ origin: url, connector, deadlineMs });
  if (!offered.ok) return err(`${offered.error.message} ${offered.error.hint}`);
  return ok({ enrolment: formatEnrolment({ url, caSha256: offered.value }), fingerprint: offered.value });
}
