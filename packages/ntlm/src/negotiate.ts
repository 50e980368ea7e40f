/** The flags that we know by name (MS-NLMP section 2.2.2.5). */
export const ntlmFlags = {
  unicode: 0x00000001,
  requestTarget: 0x00000004,
  ntlm: 0x00000200,
  anonymous: 0x00000800,
  alwaysSign: 0x00008000,
  extendedSecurity: 0x00080000,
  targetInfo: 0x00800000,
  version: 0x02000000,
  bits128: 0x20000000,
  bits56: 0x80000000,
} as const;

/** What the client offers, and what of the server's flags it agrees to. */
export const clientFlags =
  (ntlmFlags.unicode |
    ntlmFlags.requestTarget |
    ntlmFlags.ntlm |
    ntlmFlags.alwaysSign |
    ntlmFlags.extendedSecurity |
    ntlmFlags.targetInfo |
    ntlmFlags.version |
    ntlmFlags.bits128 |
    ntlmFlags.bits56) >>>
  0;

/** What begins every message. */
export const ntlmSignature = Uint8Array.from('NTLMSSP\0', (char) => char.charCodeAt(0));

/** Windows 10, build 19041, revision 15 of NTLM: servers only log it. */
export const clientVersion = Uint8Array.of(10, 0, 0x61, 0x4a, 0, 0, 0, 15);

/**
 * NEGOTIATE_MESSAGE (section 2.2.1.1): signature, type 1, flags, no domain, no workstation (length, room, offset each), version.
 */
export const ntlmNegotiate: Uint8Array = negotiateMessage();

function negotiateMessage(): Uint8Array {
  const message = new Uint8Array(40);
  message.set(ntlmSignature);
  const view = new DataView(message.buffer);
  view.setUint32(8, 1, true);
  view.setUint32(12, clientFlags, true);
  view.setUint32(20, 40, true);
  view.setUint32(28, 40, true);
  message.set(clientVersion, 32);
  return message;
}
