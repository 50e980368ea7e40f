import { constants, publicEncrypt } from 'node:crypto';
import { concat, latin, u8, untilNul } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import {
  capability,
  decodeMysqlError,
  decodeMysqlHandshake,
  decodeMysqlInteger,
  decodeMysqlTexts,
  isMysqlEnd,
  mysqlAnswer,
  type MysqlError,
  type MysqlHandshake,
  mysqlLength,
  mysqlLogin,
  mysqlPacket,
  mysqlTlsRequest,
} from '../clients/mysql-packets.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import { foreignAnswer, misuse, notNow, refusal, type ScriptFault } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';

const mostRows = 1000;
const mostColumns = 200;

/** Errors that are no answer: too many connections (1040, 1203), shutting down (1053), this host blocked (1129) or not allowed (1130). */
const unavailable = new Set([1040, 1053, 1129, 1130, 1203]);

function refused({ code, message }: MysqlError): ScriptFault {
  return (unavailable.has(code) ? notNow : refusal)(`${code}: ${message}`);
}

interface Account {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A session of the MySQL protocol: packets with numbers. */
class MysqlSession {
  readonly channel: Channel;
  #number = 0;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  async receive(): Promise<Uint8Array> {
    const header = await this.channel.take(4);
    this.#number = u8(header, 3);
    return this.channel.take(mysqlLength(header));
  }

  async send(body: Uint8Array, first = false): Promise<void> {
    this.#number = first ? 0 : (this.#number + 1) & 0xff;
    await this.channel.write(mysqlPacket(this.#number, body));
  }

  /** The server's first packet; an error there is a refusal of this client, not of a password. */
  async hello(): Promise<MysqlHandshake> {
    const body = await this.receive();
    const error = decodeMysqlError(body);
    if (error) throw refused(error);
    const handshake = decodeMysqlHandshake(body);
    if (handshake === null) throw foreignAnswer('MySQL');
    return handshake;
  }

  async login(account: Account, serverName: string | null): Promise<void> {
    const hello = await this.hello();
    const tls = (hello.capabilities & capability.tls) !== 0;
    if (tls) {
      await this.send(mysqlTlsRequest(account.database));
      await this.channel.startTls(serverName);
    }
    const { user, password, database } = account;
    const known = hello.plugin === 'mysql_clear_password' ? null : mysqlAnswer(hello.plugin, password, hello.scramble);
    const plugin = known === null ? 'mysql_native_password' : hello.plugin;
    const answer = known ?? mysqlAnswer(plugin, password, hello.scramble) ?? new Uint8Array(0);
    await this.send(mysqlLogin({ user, answer, plugin, database, tls }));
    await this.#finish({ plugin, scramble: hello.scramble }, password, tls);
  }

  /** Goes through changes of the plugin until the server accepts or refuses. */
  async #finish(start: { plugin: string; scramble: Uint8Array }, password: string, tls: boolean): Promise<void> {
    let { plugin, scramble } = start;
    for (let round = 0; round < 6; round += 1) {
      const body = await this.receive();
      const error = decodeMysqlError(body);
      if (error) throw refused(error);
      if (u8(body, 0) === 0) return;
      if (u8(body, 0) === 0xfe) {
        plugin = latin(untilNul(body.subarray(1, 65)));
        scramble = body.subarray(2 + plugin.length, 22 + plugin.length);
        const answer = mysqlAnswer(plugin, password, scramble);
        // A password never goes out in the clear without TLS.
        if (answer === null || (plugin === 'mysql_clear_password' && !tls))
          throw misuse(`the server wants the log-in ${plugin.slice(0, 40)}`);
        await this.send(answer);
      } else if (u8(body, 0) === 1) await this.#moreOfSha2(body, password, { scramble, tls });
      else throw foreignAnswer('MySQL');
    }
    throw foreignAnswer('MySQL');
  }

  /** caching_sha2_password: 3 is accepted, 4 asks for the password itself, in TLS or under the server's key. */
  async #moreOfSha2(body: Uint8Array, password: string, how: { scramble: Uint8Array; tls: boolean }): Promise<void> {
    if (u8(body, 1) === 3) return;
    const secret = concat(new TextEncoder().encode(password), Uint8Array.of(0));
    if (how.tls) return this.send(secret);
    await this.send(Uint8Array.of(2));
    const key = latin((await this.receive()).subarray(1));
    const mixed = secret.map((byte, at) => byte ^ (how.scramble[at % 20] ?? 0));
    await this.send(underKey(key, mixed));
  }

  async query(text: string): Promise<ScriptValue> {
    await this.send(concat(Uint8Array.of(3), new TextEncoder().encode(text)), true);
    const head = await this.receive();
    const error = decodeMysqlError(head);
    if (error) throw refused(error);
    const count = decodeMysqlInteger(head, 0)?.value ?? 0;
    if (count > mostColumns) throw foreignAnswer('MySQL');
    const columns: string[] = [];
    for (let at = 0; at < count; at += 1) columns.push(decodeMysqlTexts(await this.receive(), 6)[4] ?? '');
    if (count > 0) await this.receive();
    const rows: ScriptValue[] = [];
    while (count > 0 && rows.length < mostRows) {
      const body = await this.receive();
      if (isMysqlEnd(body) || decodeMysqlError(body)) break;
      const texts = decodeMysqlTexts(body, count);
      rows.push(Object.fromEntries(columns.map((column, at) => [column, texts[at] ?? null])));
    }
    return { Count: rows.length, Columns: columns, Rows: rows };
  }
}

function underKey(key: string, secret: Uint8Array): Uint8Array {
  try {
    return new Uint8Array(publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING }, secret));
  } catch {
    throw foreignAnswer('MySQL');
  }
}

async function talk<T>(
  host: ScriptHost,
  at: { host: string; port: number },
  run: (session: MysqlSession) => Promise<T>,
): Promise<T> {
  const channel = await host.connect(at.host, at.port);
  try {
    return await run(new MysqlSession(channel));
  } finally {
    channel.close();
  }
}

/** Connects, logs in and does something. Arguments: object, host, port, user, password. */
function loggedIn(
  run: (session: MysqlSession, rest: readonly string[]) => Promise<ScriptValue>,
  database: (rest: readonly string[]) => string = () => '',
): ScriptFunction {
  return (args, host) => {
    const [at, user, password] = [{ host: args.text(1), port: args.port(2) }, args.text(3), args.text(4)];
    const rest = [args.text(5), args.text(6)];
    return talk(host, at, async (session) => {
      host.login('mysql', at.port, user);
      await session.login({ user, password, database: database(rest) }, host.endpoint.name);
      return run(session, rest);
    });
  };
}

/** `nuclei/mysql`. */
export const mysqlFunctions: Readonly<Record<string, ScriptFunction>> = {
  'mysql.MySQLClient': (_args, host) => host.hold({}),
  'mysql.MySQLClient.IsMySQL': (args, host) =>
    talk(host, { host: args.text(1), port: args.port(2) }, async (session) => {
      const body = await session.receive();
      return decodeMysqlHandshake(body) !== null || decodeMysqlError(body) !== null;
    }),
  'mysql.MySQLClient.FingerprintMySQL': (args, host) =>
    talk(host, { host: args.text(1), port: args.port(2) }, async (session) => {
      const body = await session.receive();
      const [hello, error] = [decodeMysqlHandshake(body), decodeMysqlError(body)];
      if (hello === null && error === null) throw foreignAnswer('MySQL');
      const debug = {
        PacketType: hello ? 'handshake' : 'error',
        ErrorMessage: error?.message ?? '',
        ErrorCode: error?.code ?? 0,
      };
      return {
        Host: args.text(1),
        IP: host.endpoint.address,
        Port: args.port(2),
        Protocol: 'mysql',
        TLS: host.endpoint.tls,
        Transport: 'tcp',
        Version: hello?.version ?? '',
        Debug: debug,
        Raw: latin(body),
      };
    }),
  'mysql.MySQLClient.Connect': loggedIn(async () => true),
  'mysql.MySQLClient.ExecuteQuery': loggedIn((session, [query = '']) => session.query(query)),
  'mysql.MySQLClient.ExecuteQueryOnDB': loggedIn(
    (session, [, query = '']) => session.query(query),
    ([database = '']) => database,
  ),
};
