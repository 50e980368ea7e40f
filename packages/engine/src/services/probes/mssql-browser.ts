import { hex, latin, u16le, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** CLNT_UCAST_EX (3) of MS-SQLR section 2.2.2: all instances of the one host, with name, version and port. */
export const mssqlBrowser: ServiceProbe = {
  name: 'mssql-browser',
  help: 'Asks the SQL Server browser for the instances of the host.',
  services: ['ms-sql-m'],
  transport: 'udp',
  opens: 'client',
  ports: [1434],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('03') : null),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    if (u8(answer, 0) !== 5 || u16le(answer, 1) !== answer.length - 3) return null;
    const text = latin(answer.subarray(3, 4096));
    const host = /^ServerName;([^;]{1,63});InstanceName;([^;]{1,63});/.exec(text);
    if (!host) return null;
    const version = /;Version;([0-9]+(?:\.[0-9]+){1,3});/.exec(text)?.[1];
    const port = /;tcp;([0-9]{1,5});/.exec(text)?.[1];
    return {
      service: 'ms-sql-m',
      vendor: 'Microsoft',
      product: 'SQL Server',
      hostname: host[1] ?? '',
      info: `instance ${host[2]}${port ? ` on port ${port}` : ''}`,
      ...(version ? { version, cpe: `cpe:/a:microsoft:sql_server:${version}` } : {}),
    };
  },
};
