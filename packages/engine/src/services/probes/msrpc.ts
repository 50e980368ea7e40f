import { hex, u16le, u8 } from '../bytes.ts';
import { rpcBind } from '../dce-rpc.ts';
import type { ServiceProbe } from '../probe.ts';

/** e1af8308-5d1f-11c9-91a4-08002b14a0fa 3.0, the endpoint mapper. */
const bind = rpcBind(hex('08 83 af e1 1f 5d c9 11 91 a4 08 00 2b 14 a0 fa 03 00 00 00'));

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
