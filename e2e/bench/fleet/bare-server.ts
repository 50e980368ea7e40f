import { createServer } from 'node:https';
import { readFileSync } from 'node:fs';

/**
 * The peer of `bench:fleet`: an HTTPS server of Node.js that reads a poll and answers as many bytes as the platform does, without looking at
 * anything. What it costs is what any server costs. Arguments: certificate, key, bytes of an answer. Writes its port.
 */
const [certificate = '', key = '', size = '0'] = process.argv.slice(2);
const body = JSON.stringify({ filled: 'x'.repeat(Math.max(0, Number(size) - 13)) });
const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(body);
  });
});
server.keepAliveTimeout = 72_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`port ${address !== null && typeof address === 'object' ? address.port : 0}\n`);
});
process.on('SIGTERM', () => process.exit());
