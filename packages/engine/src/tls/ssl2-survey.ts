import { openPaced, type TlsReach } from './hello-exchange.ts';
import { decodeSsl2Hello, ssl2ClientHello, type Ssl2Hello } from './ssl2.ts';

/** Asks for SSL 2.0; null when the server does not speak it. `unknown` when it could not be asked. */
export async function askSsl2(reach: TlsReach): Promise<Ssl2Hello | 'unknown' | null> {
  const opened = await openPaced(reach);
  if (opened === null || !opened.ok) return 'unknown';
  try {
    await opened.value.write(ssl2ClientHello(reach.random));
    const until = (received: Uint8Array) => decodeSsl2Hello(received) !== 'wait';
    const reply = await opened.value.read({ timeoutMs: reach.answerMs, maxBytes: 32_768, until });
    const hello = decodeSsl2Hello(reply.bytes);
    // A server that does not know SSL 2.0 waits for the rest of what it takes for another message: silence is a no.
    return hello === 'wait' ? null : hello;
  } finally {
    opened.value.close();
  }
}
