import { u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';
import { decodeRpcReply, rpcCall, rpcRecord, rpcRecordWhole } from '../rpc-message.ts';

/** NULL call of NFS, program 100003 (RFC 1813): does nothing, and answers. Status 2 tells the versions that are there. */
export const nfs: ServiceProbe = {
  name: 'nfs',
  help: 'Calls the NULL procedure of NFS version 3.',
  services: ['nfs'],
  transport: 'tcp',
  opens: 'client',
  ports: [2049],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? rpcRecord(rpcCall(100003, 3, 0)) : null),
  whole: rpcRecordWhole,
  classify(answers) {
    const reply = decodeRpcReply((answers[0] ?? new Uint8Array(0)).subarray(4));
    if (reply?.accepted === 0) return { service: 'nfs', info: 'version 3' };
    if (reply?.accepted === 2)
      return { service: 'nfs', info: `versions ${u32be(reply.results, 0)} to ${u32be(reply.results, 4)}` };
    return null;
  },
};
