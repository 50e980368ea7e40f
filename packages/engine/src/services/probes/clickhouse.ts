import { ascii, concat, hex, latin, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

function text(value: string): Uint8Array {
  return concat(Uint8Array.of(value.length), ascii(value));
}

/** Hello (packet 0) of the native protocol: client, version 21.1, revision 54,441 (varints), database, user, password, all but void. */
const request = concat(hex('00'), text('picket'), hex('15 01 a9 a9 03'), text(''), text('picket'), text(''));

/** Says hello to a ClickHouse server as user "picket"; its hello or exception tells the product. */
export const clickhouse: ServiceProbe = {
  name: 'clickhouse',
  help: 'Says hello to a ClickHouse server as a user that does not exist; the refusal tells product and version.',
  services: ['clickhouse'],
  transport: 'tcp',
  opens: 'client',
  ports: [9009, 9004],
  tlsPorts: [9440],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const words = latin(answer.subarray(0, 2048));
    // Exception (packet 2): code in four bytes, then its name.
    if (u8(answer, 0) === 2 && /^.{5}.DB::(?:Net)?Exception/s.test(words)) {
      const version = /\(version ([0-9]+(?:\.[0-9]+){2,3})/.exec(words)?.[1];
      return known(version);
    }
    return u8(answer, 0) === 0 && latin(answer.subarray(1, 12)) === '\nClickHouse' ? known(undefined) : null;
  },
};

function known(version: string | undefined) {
  return {
    service: 'clickhouse',
    vendor: 'ClickHouse',
    product: 'ClickHouse',
    cpe: `cpe:/a:clickhouse:clickhouse:${version ?? '-'}`,
    ...(version ? { version } : {}),
  };
}
