import { createRequire } from 'node:module';
import { z } from 'zod';

/*
 * `ask-as-autocannon.ts PORT REQUESTS CONNECTIONS`: the same number of requests with autocannon, one connection for each check of the
 * other side, no pipelining. Prints requests and seconds as JSON.
 */
const [port = 0, requests = 0, connections = 10] = process.argv.slice(2).map(Number);
// CommonJS without types: what it resolves to is read by a schema.
const autocannon: (options: object) => Promise<unknown> = createRequire(import.meta.url)('autocannon');
const result = z.object({
  requests: z.object({ total: z.number() }),
  start: z.date(),
  finish: z.date(),
  non2xx: z.number(),
});
const started = performance.now();
const answer = result.parse(
  await autocannon({ url: `http://127.0.0.1:${port}/page/p`, connections, amount: requests, pipelining: 1 }),
);
const seconds = (performance.now() - started) / 1000;
process.stdout.write(
  `${JSON.stringify({ requests: answer.requests.total, seconds, passed: requests - answer.non2xx })}\n`,
);
