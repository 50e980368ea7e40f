import { afterAll, describe, expect, it } from 'vitest';
import { dataDaemons } from '../../services/testing/data-daemons.ts';
import type { Daemon } from '../../services/testing/daemon.ts';
import { networkDaemons } from '../../services/testing/network-daemons.ts';
import { loginDaemons } from '../../services/testing/login-daemons.ts';
import { type RunningDaemon, runDaemon } from '../../services/testing/run-daemon.ts';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

const running = new Map<string, Promise<RunningDaemon>>();
afterAll(async () => {
  for (const daemon of running.values()) await (await daemon).stop();
});

/** The port of a daemon, which is started when it is first asked for. */
async function portOf(daemon: Daemon | undefined): Promise<number> {
  if (!daemon) throw new Error('there is no such daemon');
  const started = running.get(daemon.name) ?? runDaemon(daemon);
  running.set(daemon.name, started);
  return (await started).port;
}

const data = (name: string) => dataDaemons.find((daemon) => daemon.name === name);
const matcher = (expression: string) => `    matchers:\n      - type: dsl\n        dsl:\n          - '${expression}'\n`;

/** What a script's last value is, as the matchers see it: matches when `expression` holds. */
async function finds(daemon: Daemon | undefined, code: string, expression: string): Promise<unknown> {
  const port = await portOf(daemon);
  const run = () => runTemplate(scriptTemplate(code, matcher(expression)), { port, loginTries: 50 });
  let outcome = await run();
  // A server may listen before it is ready, and says so: then nothing has been answered yet.
  for (let wait = 0; wait < 50 && outcome.failure?.detail.includes('starting up'); wait += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    outcome = await run();
  }
  return { found: outcome.matches.length > 0, failure: outcome.failure };
}

const found = { found: true, failure: null };
/** The service answered, and it is not so: the check has passed. */
const passed = { found: false, failure: null };

describe('Redis', () => {
  const info = 'require("nuclei/redis").GetServerInfo(Host, Port)';
  const withPassword = (word: string) => `require("nuclei/redis").GetServerInfoAuth(Host, Port, "${word}")`;
  const version = 'contains(response, "redis_version")';
  it('tells its facts to who may ask', async () => {
    expect(await finds(data('redis'), info, version)).toEqual(found);
    expect(
      await finds(data('redis'), 'require("nuclei/redis").IsAuthenticated(Host, Port)', 'response == false'),
    ).toEqual(found);
    expect(await finds(data('redis'), 'require("nuclei/redis").Connect(Host, Port, "")', 'response == true')).toEqual(
      found,
    );
  });
  it('with a password wants the right one', async () => {
    const daemon = data('redis with a password');
    expect(await finds(daemon, info, version)).toEqual(passed);
    expect(await finds(daemon, withPassword('wrong'), version)).toEqual(passed);
    expect(await finds(daemon, withPassword('x1y2z3'), version)).toEqual(found);
    expect(await finds(daemon, 'require("nuclei/redis").IsAuthenticated(Host, Port)', 'response == true')).toEqual(
      found,
    );
  });
});

describe('PostgreSQL with SCRAM behind TLS', () => {
  const connect = (word: string) =>
    `new (require("nuclei/postgres").PGClient)().Connect(Host, Port, "postgres", "${word}")`;
  it('lets the right password in, and no other', async () => {
    expect(await finds(data('postgresql'), connect('x1y2z3'), 'response == true && success == true')).toEqual(found);
    expect(await finds(data('postgresql'), connect('wrong'), 'success == true')).toEqual(passed);
    expect(await finds(data('postgresql'), connect(''), 'success == true')).toEqual(passed);
  });
  it('answers queries', async () => {
    const query = `const m = require("nuclei/postgres"); const c = new m.PGClient;
const r = c.ExecuteQuery(Host, Port, "postgres", "x1y2z3", "postgres", "select datname, null as nothing from pg_database order by 1");
Export(r.Count + " " + r.Columns + " " + r.Rows.map((row) => row.datname + row.nothing).join())`;
    expect(
      await finds(
        data('postgresql'),
        query,
        'response == "3 datname,nothing postgresnull,template0null,template1null"',
      ),
    ).toEqual(found);
    expect(
      await finds(
        data('postgresql'),
        'new (require("nuclei/postgres").PGClient)().IsPostgres(Host, Port)',
        'response == true',
      ),
    ).toEqual(found);
  });
});

describe('MariaDB behind TLS', () => {
  const client = 'const c = require("nuclei/mysql").MySQLClient();';
  it('says what it is', async () => {
    const code = `${client} const i = c.FingerprintMySQL(Host, Port); Export(i)`;
    expect(
      await finds(data('mariadb'), code, 'contains(response, "MariaDB") && contains(response, "handshake")'),
    ).toEqual(found);
    expect(await finds(data('mariadb'), `${client} c.IsMySQL(Host, Port)`, 'response == true')).toEqual(found);
  });
  it('lets in who may, and answers queries', async () => {
    const query = (user: string, word: string) =>
      `${client} const r = c.ExecuteQuery(Host, Port, "${user}", "${word}", "select 1 as one, 'x' as two"); Export(JSON.stringify(r.Rows))`;
    const rows = 'response == "[{\\"one\\":\\"1\\",\\"two\\":\\"x\\"}]"';
    expect(await finds(data('mariadb'), query('root', 'wrong'), rows)).toEqual(passed);
    expect(await finds(data('mariadb'), query('reader', 'x1y2z3'), rows)).toEqual(found);
  });
});

describe('OpenSSH', () => {
  const ssh = networkDaemons.find((daemon) => daemon.name === 'openssh');
  const info = 'const r = require("nuclei/ssh").SSHClient().ConnectSSHInfoMode(Host, Port);';
  it('says who it is, its algorithms, its key and how to log in', async () => {
    const code = `${info} Export([r.ServerID.Raw, r.ServerKex.CiphersClientServer.includes("aes128-ctr"), r.UserAuth, r.DHKeyExchange.server_host_key.algorithm].join(" "))`;
    expect(
      await finds(ssh, code, 'regex("^SSH-2.0-OpenSSH_\\\\S+ .*true publickey.* (ssh|ecdsa|rsa)-", response)'),
    ).toEqual(found);
    expect(
      await finds(
        ssh,
        `${info} Export(r)`,
        'contains(response, "client_to_server_ciphers") && contains(response, "server_host_key")',
      ),
    ).toEqual(found);
  });
  it.each(['aes128-ctr', 'aes256-gcm@openssh.com', 'aes128-cbc', '3des-cbc'])(
    'refuses a wrong password over %s',
    async (cipher) => {
      const daemon = ssh && {
        ...ssh,
        name: `openssh ${cipher}`,
        start: (port: number, folder: string) => {
          const { args, ...more } = ssh.start(port, folder);
          return { ...more, args: [...args, '-o', `Ciphers=${cipher}`, '-o', 'PasswordAuthentication=yes'] };
        },
      };
      expect(
        await finds(
          daemon,
          'require("nuclei/ssh").SSHClient().Connect(Host, Port, "nobody-here", "wrong")',
          'response == true',
        ),
      ).toEqual(passed);
    },
  );
  it.each(['curve25519-sha256', 'ecdh-sha2-nistp384', 'diffie-hellman-group14-sha1', 'diffie-hellman-group16-sha512'])(
    'exchanges keys by %s',
    async (kex) => {
      const daemon = ssh && {
        ...ssh,
        name: `openssh ${kex}`,
        start: (port: number, folder: string) => {
          const { args, ...more } = ssh.start(port, folder);
          return {
            ...more,
            args: [...args, '-o', `KexAlgorithms=${kex}`, '-o', 'MACs=hmac-sha1,hmac-sha2-512-etm@openssh.com'],
          };
        },
      };
      expect(await finds(daemon, `${info} r.AlgorithmSelection.Kex`, `response == "${kex}"`)).toEqual(found);
    },
  );
});

describe('Samba', () => {
  const client = 'const c = new (require("nuclei/smb").SMBClient)();';
  it('says its dialect, its names and that it has no SMB 1', async () => {
    const code = `${client} const r = c.ConnectSMBInfoMode(Host, Port); Export([r.Version.VerString, r.SupportV1, r.NTLM, r.HasNTLM, r.NegotiationLog.SystemTime > 1700000000].join())`;
    expect(await finds(data('samba'), code, 'response == "SMB 3.0.2,false,PICKETLAB,true,true"')).toEqual(found);
    const names = `${client} const r = c.ListSMBv2Metadata(Host, Port); Export([r.OSVersion, r.NetBIOSComputerName, r.SigningRequired].join())`;
    expect(await finds(data('samba'), names, 'response == "6.1.0,PICKETLAB,false"')).toEqual(found);
  });
});

describe('rsync', () => {
  it('says its version', async () => {
    expect(
      await finds(
        data('rsync'),
        'const r = require("nuclei/rsync").IsRsync(Host, Port); Export(r)',
        'contains(response, "\\"IsRsync\\": true") && regex("[0-9]+\\\\.0", response)',
      ),
    ).toEqual(found);
  });
  it('is not a server of another kind', async () => {
    expect(
      await finds(data('redis'), 'require("nuclei/vnc").IsVNC(Host, Port).IsVNC', 'response == true'),
    ).toMatchObject({ found: false });
    expect(
      await finds(data('postgresql'), 'require("nuclei/mssql").MSSQLClient().IsMssql(Host, Port)', 'response == true'),
    ).toMatchObject({ found: false });
  });
});

describe('VNC', () => {
  const connect = (word: string) => `new (require("nuclei/vnc").VNCClient)().Connect(Host, Port, "${word}")`;
  it('lets the right password in, and no other', async () => {
    expect(await finds(loginDaemons.vnc, connect('mysecret'), 'response == true')).toEqual(found);
    expect(await finds(loginDaemons.vnc, connect('wrong'), 'response == true')).toEqual(passed);
    expect(await finds(loginDaemons.vnc, connect(''), 'response == true')).toEqual(passed);
    expect(await finds(loginDaemons.vnc, 'require("nuclei/vnc").IsVNC(Host, Port).IsVNC', 'response == true')).toEqual(
      found,
    );
  });
});

describe('telnet', () => {
  const connect = (name: string, word: string) =>
    `require("nuclei/telnet").TelnetClient().Connect(Host, Port, "${name}", "${word}")`;
  it('lets the right account in, and no other', async () => {
    expect(await finds(loginDaemons.telnet, connect('dev', 'mysecret'), 'response == true')).toEqual(found);
    expect(await finds(loginDaemons.telnet, connect('dev', 'wrong'), 'response == true')).toEqual(passed);
  });
});

it('tries an account three times only, and says of the rest that it was not tested', async () => {
  const lines = `      Word: "{{words}}"\n    payloads:\n      words: [a, b, c, x1y2z3]\n${matcher('response == true')}`;
  const template = scriptTemplate(
    'new (require("nuclei/postgres").PGClient)().Connect(Host, Port, "postgres", Word)',
    lines,
  );
  const outcome = await runTemplate(template, { port: await portOf(data('postgresql')) });
  expect(outcome).toMatchObject({ matches: [], failure: { reason: 'check-not-allowed' } });
});
