import type { ServiceProbe } from '../probe.ts';
import { decodeRpcReply, dumpedPrograms, rpcCall, rpcRecord, rpcRecordWhole } from '../rpc-message.ts';

/** RFC 1833: DUMP (procedure 4) of the portmapper, program 100000 version 2. */
export const rpcbind: ServiceProbe = {
  name: 'rpcbind',
  help: 'Asks the portmapper for the list of registered RPC programs, over TCP.',
  services: ['sunrpc'],
  transport: 'tcp',
  opens: 'client',
  ports: [111],
  tlsPorts: [],
  fallbackRank: 12,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? rpcRecord(rpcCall(100000, 2, 4)) : null),
  whole: rpcRecordWhole,
  classify(answers) {
    const reply = decodeRpcReply((answers[0] ?? new Uint8Array(0)).subarray(4));
    // Status 1: this program is not here, but RPC is: some other RPC service.
    if (!reply) return null;
    if (reply.accepted !== 0)
      return { service: 'rpc', confidence: 0.8, info: 'an RPC service other than the portmapper' };
    return {
      service: 'sunrpc',
      product: 'rpcbind',
      cpe: 'cpe:/a:rpcbind_project:rpcbind:-',
      info: `programs: ${dumpedPrograms(reply.results).join(', ')}`,
    };
  },
};
