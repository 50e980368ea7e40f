import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * `listeners-program.ts tcp=80,443 udp=53`: accepts on the TCP ports of every address; answers each datagram on the UDP ports of the
 * 256 addresses of 10.77.0.0/24, one socket each, because an answer must come from the address that was asked.
 */
const ports = (name: string) =>
  (process.argv.find((argument) => argument.startsWith(`${name}=`)) ?? '')
    .slice(name.length + 1)
    .split(',')
    .filter(Boolean)
    .map(Number);

const tcp = ports('tcp').map(
  (port) =>
    new Promise<void>((done) => {
      createServer((socket) => socket.on('error', () => {}).destroy()).listen({ host: '::', port }, done);
    }),
);
const udp = ports('udp').flatMap((port) =>
  Array.from({ length: 256 }, (_, host) => {
    const socket = createSocket('udp4');
    socket.on('message', (message, from) => socket.send(message, from.port, from.address));
    return new Promise<void>((done) => socket.bind(port, `10.77.0.${host}`, done));
  }),
);
await Promise.all([...tcp, ...udp]);
process.stdout.write('listening\n');
