import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { binaryAnswers } from '../../fuzz/corpus/binary-answers.ts';
import { hostilities } from '../../testing/hostile-servers.ts';
import { runTemplate, scriptTemplate } from '../../testing/run-template.ts';

const code = 'Export(new (require("nuclei/smb").SMBClient)().ListShares(Host, Port, "ada", "x"))';
const template = scriptTemplate(code, '    matchers:\n      - type: dsl\n        dsl: ["success == true"]\n');

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

/** A response of SMB 2 to a command: a status, then the body. */
function response(command: number, messageId: number, status: number, body: string, flags = 1): Buffer {
  const header = Buffer.alloc(64);
  header.write('fe534d42', 0, 'hex');
  header.writeUInt16LE(64, 4);
  header.writeUInt32LE(status, 8);
  header.writeUInt16LE(command, 12);
  header.writeUInt32LE(flags, 16);
  header.writeUInt32LE(messageId, 24);
  const message = Buffer.concat([header, Buffer.from(body.replaceAll(' ', ''), 'hex')]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}

const file = `5900 ${'00'.repeat(62)} ${'aa'.repeat(16)} ${'00'.repeat(8)}`;
const output = (bytes: string) =>
  `3100 ${'00'.repeat(30)} 70000000 ${Buffer.alloc(4, bytes.length / 2)
    .subarray(0, 1)
    .toString('hex')}000000 ${'00'.repeat(8)} ${bytes}`;
const bound =
  '05000c0310000000 3800 0000 01000000 b810b81000000000 0000 0000 01000000 0000 0000'.replaceAll(' ', '') +
  '00'.repeat(20);
/** Says what it says to each question in turn, the last again and again. */
function saying(...answers: readonly Buffer[]): (socket: Socket) => void {
  return (socket) => {
    const left = [...answers];
    socket.on('data', () => socket.write((left.length > 1 ? left.shift() : left[0]) ?? ''));
  };
}

const challenge = response(1, 1, 0xc0000016, Buffer.from(binaryAnswers.ntlm.subarray(68)).toString('hex'));
const loggedIn = [Buffer.from(binaryAnswers.smb), challenge, response(1, 2, 0, '0900 0000 4800 0000')];
const opened = [...loggedIn, response(3, 3, 0, '1000 0200'), response(5, 4, 0, file)];
const partial = '0500020010000000ffff000002000000ffff000000000000';

const servers: Readonly<Record<string, (socket: Socket) => void>> = {
  'an answer that is always put off': saying(
    ...loggedIn,
    Buffer.concat(Array.from({ length: 30 }, () => response(3, 3, 0x103, '0900', 3))),
  ),
  'a frame of 16 MB': saying(Buffer.from('00ffffff', 'hex')),
  'an answer to another question': saying(...loggedIn, response(3, 99, 0, '1000 0200')),
  'a pipe that never ends': saying(
    ...opened,
    response(11, 5, 0x80000005, output(partial)),
    response(8, 6, 0, '1100 5000 00000000'),
  ),
  'a list of nothing': saying(
    ...opened,
    response(11, 5, 0, output(bound)),
    response(11, 6, 0, output('05000203100000001c00000002000000040000000000000000000000')),
  ),
  'no file behind the pipe': saying(...loggedIn, response(3, 3, 0, '1000 0200'), response(5, 4, 0, '0900')),
  'a failure of its own': saying(...loggedIn, response(3, 3, 0xc000009a, '0900')),
  ...Object.fromEntries(
    ['endless banner', 'nested structures', 'reset storm', 'hangs up on every question', 'answers everything'].map(
      (name) => [name, hostilities[name] ?? (() => {})],
    ),
  ),
};

/** How far the talk must have come. */
const details: Readonly<Record<string, string>> = {
  'an answer that is always put off': 'puts its answer off',
  'a frame of 16 MB': 'no SMB 2',
  'an answer to another question': 'no SMB 2',
  'a pipe that never ends': 'no DCE/RPC',
  'a list of nothing': 'no server service',
  'no file behind the pipe': 'no SMB 2',
  'a failure of its own': 'status c000009a',
};

it.each(Object.entries(servers))(
  'a file server with %s makes a check not evaluable, and no more',
  async (name, serve) => {
    const outcome = await runTemplate(template, { port: await listen(serve) });
    expect(outcome.matches).toEqual([]);
    expect(outcome.failure?.detail).toContain(details[name] ?? '');
    expect(outcome.failure?.reason).toMatch(/^(?:connection-failed|local-limit|timeout)$/);
  },
);
