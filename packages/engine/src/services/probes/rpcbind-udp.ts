import type { ServiceProbe } from '../probe.ts';
import { decodeRpcReply, dumpedPrograms, rpcCall } from '../rpc-message.ts';

/** Asks the portmapper for the list of registered RPC programs, over UDP. */
export const rpcbindUdp: ServiceProbe = {
  name: 'rpcbind-udp',
  help: 'Asks the portmapper for the list of registered RPC programs, over UDP.',
  services: ['sunrpc'],
  transport: 'udp',
  opens: 'client',
  ports: [111],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? rpcCall(100000, 2, 4) : null),
  classify(answers) {
    const reply = decodeRpcReply(answers[0] ?? new Uint8Array(0));
    if (reply?.accepted !== 0) return null;
    return {
      service: 'sunrpc',
      product: 'rpcbind',
      cpe: 'cpe:/a:rpcbind_project:rpcbind:-',
      info: `programs: ${dumpedPrograms(reply.results).join(', ')}`,
    };
  },
};
