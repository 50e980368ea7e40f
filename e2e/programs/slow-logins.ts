import { createServer } from 'node:net';

/*
 * Terminal logins in clear text on all addresses, ports 23 and 2323, that say their first word late. Prints `ready`. Argument: milliseconds until that word.
 */
const waitMs = Number(process.argv[2] ?? 2000);
const options = Buffer.of(255, 253, 24, 255, 253, 32);
const login = () =>
  createServer((socket) => {
    socket.on('error', () => {});
    const timer = setTimeout(() => socket.write(Buffer.concat([options, Buffer.from('\r\nhost login: ')])), waitMs);
    socket.on('close', () => clearTimeout(timer));
    socket.setTimeout(waitMs + 5000, () => socket.destroy());
  });
const listening = [23, 2323].map((port) => login().listen(port));
await Promise.all(listening.map((server) => new Promise((resolve) => server.once('listening', resolve))));
process.stdout.write('ready\n');
