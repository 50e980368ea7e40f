import { be32, concat, u32be } from '../bytes.ts';
import { kerberosIdentification, kerberosRequest } from '../kerberos-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 4120 section 7.2.2: over TCP each message follows its length in four bytes. */
export const kerberos: ServiceProbe = {
  name: 'kerberos',
  help: 'Asks a key distribution centre for a ticket of an unknown realm, over TCP, and reads the error.',
  services: ['kerberos'],
  transport: 'tcp',
  opens: 'client',
  ports: [88],
  tlsPorts: [],
  fallbackRank: 15,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? concat(be32(kerberosRequest.length), kerberosRequest) : null),
  whole: (answer) => answer.length >= 4 && answer.length >= 4 + Math.min(u32be(answer, 0), 60_000),
  classify: (answers) => kerberosIdentification((answers[0] ?? new Uint8Array(0)).subarray(4)),
};
