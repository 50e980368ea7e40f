import { concat, latin, u32be, u8 } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import {
  decodePgColumns,
  decodePgError,
  decodePgMessages,
  decodePgRow,
  offersScram,
  parseScramChallenge,
  pgClearAnswer,
  pgMd5Answer,
  type PgMessage,
  pgQuery,
  pgStartup,
  pgTlsRequest,
  scramFinal,
  scramFirst,
} from '../clients/postgres-messages.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import { foreignAnswer, misuse, notNow, refusal } from '../script-fault.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';

const mostRows = 1000;
/** Classes of SQLSTATE that are no answer: connection, resources, operator intervention, system, internal. */
const unavailable = /^(?:08|53|57|58|XX)/;

interface Account {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** A session of the PostgreSQL protocol. */
class PgSession {
  readonly #channel: Channel;
  readonly #host: ScriptHost;

  constructor(channel: Channel, host: ScriptHost) {
    this.#channel = channel;
    this.#host = host;
  }

  /** Asks for TLS, and goes on without where the server has none. */
  async secure(): Promise<boolean> {
    await this.#channel.write(pgTlsRequest);
    const answer = latin(await this.#channel.take(1));
    if (answer === 'S') await this.#channel.startTls(this.#host.endpoint.name);
    else if (answer !== 'N') throw foreignAnswer('PostgreSQL');
    return answer === 'S';
  }

  async login(account: Account): Promise<void> {
    await this.secure();
    await this.#channel.write(pgStartup(account.user, account.database));
    for (let round = 0; round < 50; round += 1) {
      const message = await this.#receive();
      if (message.type === 'Z') return;
      if (message.type === 'R') await this.#authenticate(message.body, account);
    }
    throw foreignAnswer('PostgreSQL');
  }

  async query(text: string): Promise<ScriptValue> {
    await this.#channel.write(pgQuery(text));
    let columns: string[] = [];
    const rows: ScriptValue[] = [];
    while (rows.length < mostRows) {
      const message = await this.#receive();
      if (message.type === 'Z') break;
      if (message.type === 'T') columns = decodePgColumns(message.body);
      if (message.type !== 'D') continue;
      const values = decodePgRow(message.body);
      rows.push(Object.fromEntries(columns.map((column, at) => [column, values[at] ?? null])));
    }
    return { Count: rows.length, Columns: columns, Rows: rows };
  }

  async #authenticate(body: Uint8Array, { user, password }: Account): Promise<void> {
    switch (u32be(body, 0)) {
      case 0:
      case 12:
        return;
      case 3:
        return this.#channel.write(pgClearAnswer(password));
      case 5:
        return this.#channel.write(pgMd5Answer(user, password, body.subarray(4, 8)));
      case 10:
        return this.#scram(body.subarray(4), password);
      default:
        throw misuse(`the server wants log-in method ${u32be(body, 0)}`);
    }
  }

  async #scram(mechanisms: Uint8Array, password: string): Promise<void> {
    if (!offersScram(mechanisms)) throw misuse('the server wants a SASL log-in that is not known');
    const random = this.#host.session.random;
    const nonce = Array.from({ length: 24 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[random.integer(36)]).join('');
    await this.#channel.write(scramFirst(nonce));
    const message = await this.#receive();
    const said = latin(message.body.subarray(4));
    const challenge = parseScramChallenge(said, nonce);
    if (message.type !== 'R' || u32be(message.body, 0) !== 11 || challenge === null) throw foreignAnswer('PostgreSQL');
    await this.#channel.write(scramFinal(password, nonce, { ...challenge, message: said }));
  }

  async #receive(): Promise<PgMessage> {
    const head = await this.#channel.take(5);
    const length = u32be(head, 1);
    if (length < 4 || length > 1_048_576) throw foreignAnswer('PostgreSQL');
    const message = decodePgMessages(concat(head, await this.#channel.take(length - 4))).messages[0];
    if (message === undefined) throw foreignAnswer('PostgreSQL');
    if (message.type !== 'E') return message;
    const { code, message: words } = decodePgError(message.body);
    throw (unavailable.test(code) ? notNow : refusal)(`${code}: ${words}`);
  }
}

async function talk<T>(
  host: ScriptHost,
  at: { host: string; port: number },
  run: (session: PgSession, channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await host.connect(at.host, at.port, { tls: false });
  try {
    return await run(new PgSession(channel, host), channel);
  } finally {
    channel.close();
  }
}

/** Connects, logs in and does something. Arguments: object, host, port, user, password, then database and query as `rest` reads them. */
function loggedIn(
  rest: (texts: readonly string[]) => { database?: string | undefined; query?: string | undefined },
): ScriptFunction {
  return (args, host) => {
    const [at, user, password] = [{ host: args.text(1), port: args.port(2) }, args.text(3), args.text(4)];
    const { database, query } = rest([args.text(5), args.text(6)]);
    return talk(host, at, async (session) => {
      host.login('postgres', at.port, user);
      await session.login({ user, password, database: database ?? user });
      return query === undefined ? true : session.query(query);
    });
  };
}

/** `nuclei/postgres`. */
export const postgresFunctions: Readonly<Record<string, ScriptFunction>> = {
  'postgres.PGClient': (_args, host) => host.hold({}),
  'postgres.PGClient.IsPostgres': (args, host) =>
    talk(host, { host: args.text(1), port: args.port(2) }, async (_session, channel) => {
      await channel.write(pgTlsRequest);
      return [0x53, 0x4e].includes(u8(await channel.take(1), 0));
    }),
  'postgres.PGClient.Connect': loggedIn(() => ({})),
  'postgres.PGClient.ConnectWithDB': loggedIn(([database]) => ({ database })),
  'postgres.PGClient.ExecuteQuery': loggedIn(([database, query]) => ({ database, query })),
};
