import type { TLSSocket } from 'node:tls';
import type { TlsInspection, TlsInspectionResult } from '@picket/base/dialer';

/** How long TLS 1.3 may take to send a ticket after its handshake, milliseconds. */
const ticketMs = 300;

/** Finds out about resumption and renegotiation on a session whose handshake is over. Ends within `timeoutMs`. */
export async function inspectSession(
  socket: TLSSocket,
  wanted: TlsInspection,
  timeoutMs: number,
): Promise<TlsInspectionResult> {
  const tls13 = socket.getProtocol() === 'TLSv1.3';
  const session = tls13 ? await nextTicket(socket, Math.min(ticketMs, timeoutMs)) : socket.getSession();
  return {
    session: session === undefined || session === null ? null : new Uint8Array(session),
    resumed: wanted.resume !== null && socket.isSessionReused(),
    renegotiated: wanted.renegotiate && !tls13 ? await renegotiates(socket, timeoutMs) : null,
  };
}

/** In TLS 1.3 a session can be resumed once a ticket came (RFC 8446 section 4.6.1). */
function nextTicket(socket: TLSSocket, timeoutMs: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const end = (session: Buffer | null) => {
      clearTimeout(timer);
      socket.off('session', end);
      resolve(session);
    };
    const timer = setTimeout(() => end(null), timeoutMs);
    socket.on('session', end);
  });
}

/** False when the server refuses, hangs up, or stays silent (RFC 5746 section 4.5 lets it do each). */
function renegotiates(socket: TLSSocket, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (agreed: boolean) => {
      clearTimeout(timer);
      socket.off('close', onClose);
      socket.off('error', onClose);
      resolve(agreed);
    };
    const onClose = () => end(false);
    const timer = setTimeout(() => end(false), timeoutMs);
    socket.once('close', onClose);
    socket.once('error', onClose);
    // The session is only looked at: see `tlsOptions`.
    const begun = socket.renegotiate({ rejectUnauthorized: false }, (error) => end(!error));
    if (begun === false) end(false);
  });
}
