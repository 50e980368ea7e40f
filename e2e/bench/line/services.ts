import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';

/*
 * What every host of the line's bench offers, on all addresses: two web servers and a terminal login in clear text. Prints `ready`.
 */
const page = `<!doctype html><title>Host</title><h1>Welcome</h1>${'<p>Nothing to see here.</p>'.repeat(40)}`;
const web = () => createHttp((_request, response) => response.setHeader('server', 'nginx/1.18.0').end(page));
const login = createServer((socket) => {
  socket.on('error', () => {});
  socket.write(Buffer.concat([Buffer.of(255, 253, 24, 255, 253, 32), Buffer.from('\r\nhost login: ')]));
  socket.setTimeout(5000, () => socket.destroy());
});
const listening = [web().listen(80), web().listen(8080), login.listen(23)];
await Promise.all(listening.map((server) => new Promise((resolve) => server.once('listening', resolve))));
process.stdout.write('ready\n');
