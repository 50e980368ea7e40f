import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
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

const code =
  'const ldap = require("nuclei/ldap"); const c = new ldap.Client("ldap://" + Host, "lab.test"); c.Authenticate("", ""); Export(c.Search("(cn=*)", "cn"))';
const template = scriptTemplate(code, '    matchers:\n      - type: dsl\n        dsl: ["success == true"]\n');

const bound = Buffer.from('300c02010161070a010004000400', 'hex');
const entry = Buffer.from('300b020102640604023d783000', 'hex');
/** Says that the bind is fine, then something else to the search. */
function afterBind(answer: (socket: Socket) => void): (socket: Socket) => void {
  return (socket) => {
    socket.once('data', () => {
      socket.write(bound);
      socket.once('data', () => answer(socket));
    });
  };
}

function endless(piece: Buffer): (socket: Socket) => void {
  return (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.writable && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };
}

const servers: Readonly<Record<string, (socket: Socket) => void>> = {
  'entries without an end': afterBind(endless(Buffer.concat(Array.from({ length: 100 }, () => entry)))),
  'a message of 4 GB': afterBind((socket) => socket.write(Buffer.from('3084ffffffff020102', 'hex'))),
  'a length that has no end': afterBind((socket) => socket.write(Buffer.from('3080', 'hex'))),
  'an answer to another question': afterBind((socket) =>
    socket.write(Buffer.from('300c02010965070a010004000400', 'hex')),
  ),
  'the end of the session': afterBind((socket) => socket.write(Buffer.from('300c02010078070a013404000400', 'hex'))),
  'an operation that is none': afterBind((socket) => socket.write(Buffer.from('3005020102ff00', 'hex'))),
  ...Object.fromEntries(
    ['endless banner', 'nested structures', 'reset storm', 'hangs up on every question', 'answers everything'].map(
      (name) => [name, hostilities[name] ?? (() => {})],
    ),
  ),
};

it.each(Object.entries(servers))(
  'a directory server with %s makes a check not evaluable, and no more',
  async (_name, serve) => {
    const outcome = await runTemplate(template, { port: await listen(serve) });
    expect(outcome.matches).toEqual([]);
    expect(outcome.failure?.reason).toMatch(/^(?:connection-failed|local-limit|timeout)$/);
  },
);
