import { u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A backup server tells first whether it would take a session: NDMP_NOTIFY_CONNECTED (0x502) in one RPC record. */
export const ndmp: ServiceProbe = {
  name: 'ndmp',
  help: 'Reads the notification that an NDMP backup server sends first.',
  services: ['ndmp'],
  transport: 'tcp',
  opens: 'server',
  ports: [10000],
  tlsPorts: [],
  proved: 'specification',
  next: () => null,
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // Record mark, sequence, time, message type 0 (request), message, reply sequence, error; then reason and version.
    if (answer.length < 40 || u32be(answer, 0) !== 0x80000000 + answer.length - 4) return null;
    if (u32be(answer, 12) !== 0 || u32be(answer, 16) !== 0x502) return null;
    return {
      service: 'ndmp',
      info: `version ${u32be(answer, 32)}, ${u32be(answer, 28) === 0 ? 'connected' : 'refused'}`,
    };
  },
};
