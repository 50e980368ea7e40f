import { hex, u16be, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** PRELOGIN of MS-TDS (section 2.2.6.5): options VERSION, ENCRYPTION, INSTOPT, THREADID and the terminator. */
const prelogin = hex(
  '12 01 00 2f 00 00 01 00',
  '00 001a 0006',
  '01 0020 0001',
  '02 0021 0001',
  '03 0022 0004',
  '04 0026 0001',
  'ff',
  '11 00 00 00 00 00',
  '00',
  '00',
  '00 00 00 00',
  '00',
);

/** Sends a PRELOGIN, which tells the version of SQL Server. */
export const mssql: ServiceProbe = {
  name: 'mssql',
  help: 'Sends a PRELOGIN, which tells the version of SQL Server.',
  services: ['ms-sql-s'],
  transport: 'tcp',
  opens: 'client',
  ports: [1433, 1434],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? prelogin : null),
  whole: (answer) => answer.length >= 4 && answer.length >= u16be(answer, 2),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    // A tabular result (type 4) whose first option is VERSION (token 0) with six bytes.
    if (u8(answer, 0) !== 4 || u16be(answer, 2) !== answer.length || u8(answer, 8) !== 0 || u16be(answer, 11) !== 6)
      return null;
    const at = 8 + u16be(answer, 9);
    const version = `${u8(answer, at)}.${u8(answer, at + 1)}.${u16be(answer, at + 2)}`;
    return {
      service: 'ms-sql-s',
      vendor: 'Microsoft',
      product: 'SQL Server',
      version,
      cpe: `cpe:/a:microsoft:sql_server:${version}`,
    };
  },
};
