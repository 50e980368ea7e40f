/** Protocol names to offer (TLS ALPN Protocol IDs registry): those that a server of an internal network may speak. */
export const alpnNames: readonly string[] = [
  'h2',
  'http/1.1',
  'http/1.0',
  'http/0.9',
  'spdy/3.1',
  'grpc-exp',
  'acme-tls/1',
  'imap',
  'pop3',
  'managesieve',
  'ftp',
  'xmpp-client',
  'xmpp-server',
  'dot',
  'mqtt',
  'postgresql',
  'tds/8.0',
  'smb',
  'irc',
  'nntp',
  'coap',
  'ntske/1',
  'radius/1.1',
  'stun.turn',
  'webrtc',
];

/**
 * Which of the names a server takes, in its order: all are offered, the chosen one is left out next time. A server that knows none
 * says nothing or refuses (RFC 7301 section 3.2).
 */
export async function surveyAlpn(
  ask: (names: readonly string[]) => Promise<string | null>,
  limit = 8,
): Promise<readonly string[]> {
  const accepted: string[] = [];
  let left = [...alpnNames];
  while (accepted.length < limit) {
    const chosen = await ask(left);
    if (chosen === null || !left.includes(chosen)) break;
    accepted.push(chosen);
    left = left.filter((name) => name !== chosen);
  }
  return accepted;
}
