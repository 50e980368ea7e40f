import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hostilities } from '../../testing/hostile-servers.ts';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

async function listen(serve: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    serve(socket);
  });
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A mail server that says yes to everything but what `answers` has, and notes the commands that it heard. */
function mailServer(answers: Readonly<Record<string, string>>, heard: string[] = []): (socket: Socket) => void {
  return (socket) => {
    socket.write(answers['greeting'] ?? '220 mail.lab.test ESMTP\r\n');
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
        const line = text.slice(0, end);
        text = text.slice(end + 2);
        heard.push(line);
        socket.write(answers[line.split(/[ :]/)[0] ?? ''] ?? (line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n'));
      }
    });
  };
}

const relayCode = (to = 'someone@elsewhere.example', from = 'probe@picket.invalid') =>
  `const smtp = require("nuclei/smtp"); const m = new smtp.SMTPMessage(); m.From("${from}").To(${JSON.stringify(to)}).Subject("s").Body("b").Auth("u", "p");\nconst c = new smtp.Client(Host, Port); c.IsOpenRelay(m)`;

async function run(code: string, port: number, expression = 'response == true') {
  const outcome = await runTemplate(
    scriptTemplate(code, `    matchers:\n      - type: dsl\n        dsl: ['${expression}']\n`),
    {
      port,
      limits: { firstByteMs: 2000 },
    },
  );
  return { found: outcome.matches.length > 0, failure: outcome.failure };
}

const found = { found: true, failure: null };
const passed = { found: false, failure: null };

describe('the question for an open relay', () => {
  it('goes up to the recipient, takes it back, and hands over nothing', async () => {
    const heard: string[] = [];
    expect(await run(relayCode(), await listen(mailServer({}, heard)))).toEqual(found);
    expect(heard).toEqual([
      'EHLO picket.invalid',
      'MAIL FROM:<probe@picket.invalid>',
      'RCPT TO:<someone@elsewhere.example>',
      'RSET',
      'QUIT',
    ]);
  });

  it('is taken back too after a refusal', async () => {
    const heard: string[] = [];
    const serve = mailServer({ RCPT: '550-relay\r\n550 not permitted\r\n' }, heard);
    expect(await run(relayCode(), await listen(serve))).toEqual(passed);
    expect(heard.slice(-2)).toEqual(['RSET', 'QUIT']);
  });

  it.each([
    ['has no extensions', { EHLO: '502 what?\r\n' }, found],
    ['takes no mail at all', { greeting: '554 no SMTP here\r\n' }, passed],
    ['refuses the sender', { MAIL: '530 Authentication required\r\n' }, passed],
  ])('is answered by a server that %s', async (_what, answers, expected) => {
    expect(await run(relayCode(), await listen(mailServer(answers)))).toEqual(expected);
  });

  it.each([
    ['puts it off', { RCPT: '451 try later\r\n' }, 'connection-failed', 'try later'],
    ['is busy', { greeting: '421 too many\r\n' }, 'connection-failed', 'too many'],
    [
      'wants TLS first',
      { EHLO: '250-a\r\n250 STARTTLS\r\n', MAIL: '530 STARTTLS first\r\n' },
      'check-unsupported',
      'TLS',
    ],
    ['says two things at once', { MAIL: '250 ok\r\n250 ok\r\n' }, 'connection-failed', 'no SMTP'],
  ])('is not decided when the server %s', async (_what, answers, reason, detail) => {
    const outcome = await run(relayCode(), await listen(mailServer(answers)));
    expect(outcome).toMatchObject({ found: false, failure: { reason, detail: expect.stringContaining(detail) } });
  });

  it.each([
    ['of the server itself', 'root@lab.test'],
    ['without a domain', 'root@localhost'],
    ['with a second command in it', 'a@elsewhere.example>\r\nDATA'],
    ['with a blank in it', 'a@elsewhere.example> x=<'],
  ])('is not asked about a recipient %s', async (_what, to) => {
    const heard: string[] = [];
    const outcome = await run(relayCode(to), await listen(mailServer({}, heard)));
    expect(outcome).toMatchObject({ found: false, failure: { reason: 'check-unsupported' } });
    expect(heard.filter((line) => !/^(?:RSET|QUIT)$/.test(line))).toEqual([]);
  });
});

describe('a script with nuclei/smtp', () => {
  const isSmtp = 'const r = new (require("nuclei/smtp").Client)(Host, Port).IsSMTP();';

  it('tells a mail server, with its first words, from a server of another kind', async () => {
    const port = await listen(mailServer({}));
    expect(await run(`${isSmtp} Export(r.IsSMTP + r.Banner)`, port, 'response == "truemail.lab.test ESMTP"')).toEqual(
      found,
    );
    const ftp = await listen(mailServer({ greeting: '220 FTP ready\r\n', EHLO: '500 ?\r\n', HELO: '500 ?\r\n' }));
    expect(await run(`${isSmtp} r.IsSMTP`, ftp, 'response == false')).toEqual(found);
    const ssh = await listen((socket) => socket.write('SSH-2.0-OpenSSH_10\r\n'));
    expect(await run(`${isSmtp} r.IsSMTP`, ssh, 'response == false')).toEqual(found);
  });

  it('shows the text of its message', async () => {
    const code =
      'const m = new (require("nuclei/smtp").SMTPMessage)(); m.To("a@b.c").To("d@e.f").Subject("s").Body("hello"); m.String()';
    const text = 'response == "To: a@b.c,d@e.f\\r\\nSubject: s\\r\\nMIME-Version: 1.0\\r\\n\\r\\nhello\\r\\n"';
    expect(await run(code, await listen(() => {}), text)).toEqual(found);
  });

  it('cannot send, however it spells the call', async () => {
    const heard: string[] = [];
    const code = 'const c = new (require("nuclei/smtp").Client)(Host, Port); c["Send" + "Mail"]({}); true';
    expect(await run(code, await listen(mailServer({}, heard)))).toMatchObject({
      found: false,
      failure: { reason: 'check-unsupported', detail: 'not done: Picket sends no mail' },
    });
    expect(heard).toEqual([]);
  });
});

const many = Buffer.from('250-a\r\n'.repeat(5000));
const servers: Readonly<Record<string, (socket: Socket) => void>> = {
  'a reply without an end': mailServer({ EHLO: many.toString() }),
  'a line without an end': mailServer({ MAIL: `250 ${'x'.repeat(100_000)}` }),
  'lines of different codes': mailServer({ RCPT: '250-a\r\n550 b\r\n' }),
  'half a reply': mailServer({ RCPT: '250-a\r\n25' }),
  'an invitation to send': mailServer({ RCPT: '354 go on\r\n' }),
  ...Object.fromEntries(
    ['endless banner', 'nested structures', 'reset storm', 'hangs up on every question', 'answers everything'].map(
      (name) => [name, hostilities[name] ?? (() => {})],
    ),
  ),
};

it.each(Object.entries(servers))(
  'a mail server with %s makes a check not evaluable, and no more',
  async (_name, serve) => {
    const outcome = await run(relayCode(), await listen(serve));
    expect(outcome.found).toBe(false);
    expect(outcome.failure?.reason).toMatch(/^(?:connection-failed|local-limit|timeout)$/);
  },
);
