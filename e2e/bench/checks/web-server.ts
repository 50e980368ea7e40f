import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A web server for benchmarks: `web-server.ts PORTS` listens on so many loopback ports, says which as one line of JSON, and answers
 * `/` with a page and all else with 404, as most servers answer most checks. A line on its input makes it say how many requests came.
 */
const ports = Number(process.argv[2] ?? '1');
const page = `<!doctype html><html><head><title>Intranet</title></head><body>${'<p>Nothing to see.</p>'.repeat(25)}</body></html>`;
const missing = '<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>';
let requests = 0;

const servers = Array.from({ length: ports }, () =>
  createServer((request, response) => {
    requests += 1;
    const found = request.url === '/' || request.url?.startsWith('/page/') === true;
    const body = found ? page : missing;
    response.writeHead(found ? 200 : 404, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
      Server: 'bench',
    });
    response.end(body);
  }),
);
for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const addresses = servers.map((server): AddressInfo | string | null => server.address());
const listening = addresses.flatMap((address) => (address && typeof address === 'object' ? [address.port] : []));
process.stdout.write(`${JSON.stringify(listening)}\n`);
process.stdin.on('data', () => process.stdout.write(`${JSON.stringify(requests)}\n`));
process.stdin.on('end', () => process.exit(0));
