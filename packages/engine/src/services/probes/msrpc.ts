import { hex, u16le, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** Bind (type 11) of connection-oriented DCE/RPC to the endpoint mapper interface, NDR transfer syntax (C706 section 12.6.4.3). */
const bind = hex(
  '05 00 0b 03', // version 5.0, bind, first and last fragment
  '10 00 00 00 48 00 00 00 01 00 00 00', // little-endian, 72 bytes, no authentication, call 1
  'b8 10 b8 10 00 00 00 00', // fragments of 4280 bytes, new association group
  '01 00 00 00 00 00 01 00', // one context with one transfer syntax
  '08 83 af e1 1f 5d c9 11 91 a4 08 00 2b 14 a0 fa 03 00 00 00', // e1af8308-5d1f-11c9-91a4-08002b14a0fa 3.0
  '04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00', // 8a885d04-1ceb-11c9-9fe8-08002b104860 2.0
);

/** Binds to the endpoint mapper of DCE/RPC; any RPC server answers, if only to refuse. */
export const msrpc: ServiceProbe = {
  name: 'msrpc',
  help: 'Binds to the endpoint mapper of DCE/RPC; any RPC server answers, if only to refuse.',
  services: ['msrpc'],
  transport: 'tcp',
  opens: 'client',
  ports: [135, 49152, 49153, 49154, 49155, 49156, 49157, 49664, 49665, 49666, 49667, 49668, 49669, 49670],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? bind : null),
  whole: (answer) => answer.length >= 10 && answer.length >= u16le(answer, 8),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const type = u8(answer, 2);
    // Bind acknowledged (12), refused (13) or a fault (3), for the same call, with its own length.
    if (u8(answer, 0) !== 5 || u8(answer, 1) !== 0 || ![12, 13, 3].includes(type) || u16le(answer, 8) !== answer.length)
      return null;
    return { service: 'msrpc', info: type === 12 ? 'endpoint mapper' : 'an RPC server' };
  },
};
