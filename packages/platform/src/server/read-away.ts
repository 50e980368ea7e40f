import type { IncomingMessage } from 'node:http';

/** So much of a refused body is read and dropped, bytes, for so long, milliseconds. */
const bounds = { bytes: 16_777_216, milliseconds: 5000 } as const;

/**
 * Reads what is left of a body that is refused for its size, within bounds. A server that answers and hangs up while the client is
 * still sending resets the connection, and the client may never see the answer (RFC 9112 section 9.6).
 */
export function readAway(request: IncomingMessage, limits: Readonly<Record<keyof typeof bounds, number>> = bounds) {
  return new Promise<void>((resolve) => {
    if (request.complete || request.destroyed) return resolve();
    let left = limits.bytes;
    const end = () => {
      clearTimeout(timer);
      request.off('data', onData);
      request.off('end', end);
      request.off('close', end);
      request.pause();
      resolve();
    };
    const onData = (chunk: Uint8Array) => {
      left -= chunk.length;
      if (left < 0) end();
    };
    const timer = setTimeout(end, limits.milliseconds);
    request.on('data', onData);
    request.once('end', end);
    request.once('close', end);
    request.resume();
  });
}
