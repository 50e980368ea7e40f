import { hex, indexOf, ascii, latin, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** OPTIONS (opcode 5) of the CQL native protocol, version 4; SUPPORTED (6) or ERROR (0) comes back. */
export const cassandra: ServiceProbe = {
  name: 'cassandra',
  help: 'Asks for the options of the CQL native protocol.',
  services: ['cassandra'],
  transport: 'tcp',
  opens: 'client',
  ports: [9042],
  tlsPorts: [9142],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('04 00 00 00 05 00 00 00 00') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (answer.length < 9 || u8(answer, 0) < 0x81 || u8(answer, 0) > 0x86) return null;
    const supported = u8(answer, 4) === 6 && indexOf(answer, ascii('CQL_VERSION')) > 0;
    if (!supported && !(u8(answer, 4) === 0 && /protocol version/i.test(latin(answer)))) return null;
    const cql = /CQL_VERSION\0\x01\0.([0-9.]{3,10})/s.exec(latin(answer))?.[1];
    return {
      service: 'cassandra',
      product: 'Cassandra',
      vendor: 'Apache',
      cpe: 'cpe:/a:apache:cassandra:-',
      ...(cql ? { info: `CQL ${cql}` } : {}),
    };
  },
};
