import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Daemon } from '../../services/testing/daemon.ts';
import { type RunningDaemon, runDaemon } from '../../services/testing/run-daemon.ts';
import { shareAccount, shareDaemons } from '../../services/testing/share-daemons.ts';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

const running = new Map<Daemon, Promise<RunningDaemon>>();
afterAll(async () => {
  for (const daemon of running.values()) await (await daemon).stop();
});

async function portOf(daemon: Daemon): Promise<number> {
  const started = running.get(daemon) ?? runDaemon(daemon);
  running.set(daemon, started);
  return (await started).port;
}

/** Matches when the server lists these shares for the account. */
async function listsOn(port: number, name: string, password: string): Promise<unknown> {
  const code = `const c = new (require("nuclei/smb").SMBClient)(); Export(c.ListShares(Host, Port, "${name}", "${password}").sort().join())`;
  const matcher =
    '    matchers:\n      - type: dsl\n        dsl:\n          - \'response == "Bücher,IPC$,hidden$,public"\'\n';
  const outcome = await runTemplate(scriptTemplate(code, matcher), { port, loginTries: 50 });
  return { found: outcome.matches.length > 0, failure: outcome.failure };
}

const lists = async (daemon: Daemon, name: string, password: string) => listsOn(await portOf(daemon), name, password);

/** A way to a server on which the log-in of the first connection is refused (STATUS_ACCESS_DENIED), as Windows refuses nobody. */
async function refusingFirst(port: number): Promise<number> {
  let connections = 0;
  const relay = createServer((socket) => {
    const first = (connections += 1) === 1;
    const server = connect(port, '127.0.0.1');
    let answers = 0;
    server.on('data', (bytes) => {
      if (first && (answers += 1) === 3) bytes.writeUInt32LE(0xc0000022, 12);
      socket.write(bytes);
    });
    socket.on('data', (bytes) => server.write(bytes));
    for (const [one, other] of [
      [socket, server],
      [server, socket],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  onTestFinished(() => void relay.close());
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return (relay.address() as AddressInfo).port;
}

const found = { found: true, failure: null };
const passed = { found: false, failure: null };
const { name, password } = shareAccount;

describe('the shares of Samba', () => {
  it('are listed for nobody where nobody may ask', async () => {
    expect(await lists(shareDaemons.open, '', '')).toEqual(found);
    expect(await lists(shareDaemons.open, ' ', ' ')).toEqual(found);
    expect(await lists(shareDaemons.closed, '', '')).toEqual(passed);
    expect(await lists(shareDaemons.closed, ' ', ' ')).toEqual(passed);
  });

  it('are listed for a guest where unknown names are guests', async () => {
    expect(await lists(shareDaemons.guest, 'nobody-here', 'x')).toEqual(found);
    expect(await lists(shareDaemons.guest, name, 'wrong')).toEqual(passed);
  });

  it('are listed for a guest where nobody may ask, but any name is a guest', async () => {
    const port = await refusingFirst(await portOf(shareDaemons.guest));
    expect(await listsOn(port, ' ', ' ')).toEqual(found);
    expect(await listsOn(await refusingFirst(await portOf(shareDaemons.guest)), '', '')).toEqual(passed);
  });

  it.each(['open', 'closed', 'signed2', 'signed3'] as const)(
    'are listed for who knows the password, and for no other, by a server that is %s',
    async (kind) => {
      expect(await lists(shareDaemons[kind], name, password)).toEqual(found);
      expect(await lists(shareDaemons[kind], `LAB\\\\${name}`, password)).toEqual(found);
      expect(await lists(shareDaemons[kind], name, 'wrong')).toEqual(passed);
    },
  );

  it('are not looked at where the server wants encryption, and that is said', async () => {
    expect(await lists(shareDaemons.encrypted, name, password)).toMatchObject({
      found: false,
      failure: { reason: 'check-unsupported' },
    });
  });
});
