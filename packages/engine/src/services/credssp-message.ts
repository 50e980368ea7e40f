import { ber } from './ber.ts';
import { hex } from './bytes.ts';
import { ntlmNegotiate } from '@picket/ntlm/negotiate';

/**
 * TSRequest (MS-CSSP section 2.2.1) with the NTLM negotiate message as its token, version 2: what every client sends first. The server answers
 * with its NTLM challenge and so with its names and version; nobody is logged in, since no third message follows.
 *
 *     TSRequest ::= SEQUENCE { version [0] INTEGER, negoTokens [1] SEQUENCE OF SEQUENCE { negoToken [0] OCTET STRING } … }
 */
export const credSspNegotiate: Uint8Array = ber(
  0x30,
  ber(0xa0, hex('02 01 02')),
  ber(0xa1, ber(0x30, ber(0x30, ber(0xa0, ber(0x04, ntlmNegotiate))))),
);
