import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Answers each thing that it hears with the next answer. */
function answering(...answers: readonly string[]): (socket: Socket) => void {
  return (socket) => {
    const left = [...answers];
    socket.on('data', () => socket.write(left.shift() ?? ''));
  };
}

const dsl = (...expressions: readonly string[]) =>
  `    matchers:\n      - type: dsl\n        condition: and\n        dsl:\n${expressions.map((item) => `          - '${item}'\n`).join('')}`;

describe('a javascript block', () => {
  it('talks to the service and matches what its script returns', async () => {
    const port = await listen(answering('PING', 'PONGNUCLEI'));
    const script = `const m = require("nuclei/net");
const conn = m.Open("tcp", \`\${Host}:\${Port}\`);
conn.SetTimeout(3);
conn.Send("FIRST");
conn.RecvString(4);
conn.Send("SECOND");
conn.RecvString(4);
conn.RecvString(6)`;
    const outcome = await runTemplate(scriptTemplate(script, dsl('success == true', 'response == "NUCLEI"')), { port });
    expect(outcome).toMatchObject({ matches: [{ response: 'NUCLEI' }], failure: null });
  });

  it('reads whole answers, lines, marks and bytes', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.write('one\r\ntwo\r\n\r\n\u0001\u0002')));
    const script = `const conn = require("nuclei/net").Open("tcp", Host + ":" + Port);
conn.SendHex("6869");
const out = [conn.RecvLine(), conn.RecvUntilString("\\r\\n\\r\\n"), conn.RecvFullHex(2)];
conn.Close();
Export(out.join("|"))`;
    const outcome = await runTemplate(scriptTemplate(script, dsl('response == "one\\r\\n|two\\r\\n\\r\\n|0102"')), {
      port,
    });
    expect(outcome.matches).toHaveLength(1);
  });

  it('packs and unpacks records', async () => {
    const port = await listen(() => {});
    const script = `const b = bytes.NewBuffer().WriteString("ab").Write([1, 2]);
b.Pack("<H", 258);
const back = structs.Unpack(">IH", structs.Pack(">IH", [4000000000, 513]));
Export([b.Hex(), b.Len(), structs.StructsCalcSize("<2sIH"), ...back].join(","))`;
    const outcome = await runTemplate(scriptTemplate(script, dsl('response == "616201020201,6,8,4000000000,513"')), {
      port,
    });
    expect(outcome).toMatchObject({ failure: null, matches: [{}] });
  });

  it('runs once for each set of payloads, and stops at the first match when it shall', async () => {
    const port = await listen((socket) => socket.once('data', (data) => socket.write(`no ${data}`)));
    const script = 'const c = require("nuclei/net").Open("tcp", Host + ":" + Port);\nc.Send(Word);\nc.RecvString()';
    const lines = `      Word: "{{words}}"\n    payloads:\n      words: [a, b, c]\n    stop-at-first-match: true\n${dsl('response == "no b"')}`;
    const outcome = await runTemplate(scriptTemplate(script, lines), { port });
    expect(outcome.matches.map(({ response }) => response)).toEqual(['no b']);
  });

  it('asks with the words that its init built', async () => {
    const port = await listen((socket) =>
      socket.once('data', (data) => socket.write(data.toString() === 'community-2' ? 'WELCOME' : 'NO')),
    );
    const template = `id: words-of-init
info:
  name: Words that an init builds
  severity: low
javascript:
  - init: |
      const words = [];
      for (let i = 0; i < 4; i++) words.push("community-" + i);
      updatePayload("community", words);
      set("Expected", "WELCOME");
    pre-condition: isPortOpen(Host, Port)
    code: |
      const conn = require("nuclei/net").Open("tcp", Host + ":" + Port);
      conn.Send(Community);
      Export(conn.RecvString() === Expected);
    args:
      Host: "{{Host}}"
      Port: "{{Port}}"
      Community: "{{community}}"
    payloads:
      community: []
    stop-at-first-match: true
${dsl('response == "true"', 'Expected == "WELCOME"')}`;
    const outcome = await runTemplate(template, { port });
    expect(outcome).toMatchObject({ matches: [{ instance: 'community-2' }], failure: null });
    expect(outcome.matches).toHaveLength(1);
  });

  it('has passed when its pre-condition does not hold, and is not evaluable when the port is closed', async () => {
    const port = await listen(() => {});
    const never = scriptTemplate('1', `    pre-condition: "1 > 2"\n${dsl('success')}`);
    expect(await runTemplate(never, { port })).toMatchObject({ matches: [], failure: null });
    const closed = await listen(() => {});
    for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
    const asks = scriptTemplate('1', `    pre-condition: isPortOpen(Host, Port)\n${dsl('success')}`);
    expect((await runTemplate(asks, { port: closed })).failure).toMatchObject({ reason: 'connection-failed' });
  });

  it('is not evaluable when its script fails, is stopped, or asks what nobody answers', async () => {
    const port = await listen((socket) => socket.end());
    const failure = async (code: string) =>
      (await runTemplate(scriptTemplate(code, dsl('success == true && response == "never"')), { port })).failure;
    expect(await failure('nowhere.at.all')).toMatchObject({ reason: 'check-unsupported' });
    expect(await failure('let x = ;')).toMatchObject({ reason: 'check-unsupported' });
    expect(await failure('for (;;);')).toMatchObject({ reason: 'local-limit' });
    expect(
      await failure('try { require("nuclei/net").Open("tcp", Host + ":" + Port).RecvString() } catch (e) { "quiet" }'),
    ).toMatchObject({ reason: 'timeout' });
    expect(await failure('"asked and answered"')).toBeNull();
    expect(await failure('exit()')).toBeNull();
  });

  it('has not passed when the service does not deal with anybody now', async () => {
    const redis = await listen((socket) =>
      socket.once('data', () => socket.end('-LOADING Redis is loading the dataset\r\n')),
    );
    const starting = '45 00000044 53464154414c00 43353750303300 4d746865206461746162617365207379737465';
    const said = Buffer.from(`${starting}6d206973207374617274696e6720757000 00`.replaceAll(' ', ''), 'hex');
    said.writeUInt32BE(said.length - 1, 1);
    const postgres = await listen((socket) => {
      socket.once('data', () => {
        socket.write('N');
        socket.once('data', () => socket.end(said));
      });
    });
    const [ask, login] = [
      'require("nuclei/redis").GetServerInfo(Host, Port)',
      'new (require("nuclei/postgres").PGClient)().Connect(Host, Port, "a", "b")',
    ];
    expect((await runTemplate(scriptTemplate(ask, dsl('success == true')), { port: redis })).failure?.detail).toContain(
      'LOADING',
    );
    expect(
      (await runTemplate(scriptTemplate(login, dsl('success == true')), { port: postgres })).failure?.detail,
    ).toContain('starting up');
  });

  it('reaches no other host, however it spells it', async () => {
    let heard = 0;
    const port = await listen(() => {
      heard += 1;
    });
    for (const host of [
      '127.0.0.2',
      'localhost',
      '127.1',
      '0x7f000001',
      '127.0.0.1.',
      '[::ffff:127.0.0.1]',
      '127.0.0.1@127.0.0.2',
    ]) {
      const outcome = await runTemplate(
        scriptTemplate(`require("nuclei/net").Open("tcp", "${host}:" + Port)`, dsl('success')),
        { port },
      );
      expect(outcome, host).toMatchObject({ matches: [], failure: { reason: 'scope-denied' } });
    }
    expect(heard).toBe(0);
  });

  it('spends the budget of its host, and no more', async () => {
    let heard = 0;
    const port = await listen(() => {
      heard += 1;
    });
    const script = 'for (let i = 0; i < 10000; i++) { try { isPortOpen(Host, Port) } catch (e) {} }';
    const outcome = await runTemplate(scriptTemplate(script, dsl('response == "never"')), {
      port,
      exchangesPerHost: 20,
    });
    expect(outcome.failure).toMatchObject({ reason: 'budget-exhausted' });
    expect(heard).toBeLessThanOrEqual(20);
  });

  it('closes the connections that its script forgot', async () => {
    const closed = Promise.withResolvers<void>();
    const port = await listen((socket) => socket.once('close', () => closed.resolve()));
    await runTemplate(scriptTemplate('require("nuclei/net").Open("tcp", Host + ":" + Port); 1', dsl('success')), {
      port,
    });
    await closed.promise;
  });
});
