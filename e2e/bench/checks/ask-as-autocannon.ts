import { createRequire } from 'node:module';
import { z } from 'zod';

/*
 * `ask-as-autocannon.ts PORT SECONDS CONNECTIONS`: requests with autocannon for so long, one connection for each check of the other side,
 * no pipelining. By time, not by number: autocannon looks only once a second whether it has sent enough. Prints requests and seconds as JSON.
 */
const [port = 0, duration = 0, connections = 10] = process.argv.slice(2).map(Number);
// CommonJS without types: what it resolves to is read by a schema.
const autocannon: (options: object) => Promise<unknown> = createRequire(import.meta.url)('autocannon');
const result = z.object({
  requests: z.object({ total: z.number() }),
  start: z.date(),
  finish: z.date(),
  non2xx: z.number(),
});
const answer = result.parse(
  await autocannon({ url: `http://127.0.0.1:${port}/page/p`, connections, duration, pipelining: 1 }),
);
const seconds = (answer.finish.getTime() - answer.start.getTime()) / 1000;
process.stdout.write(
  `${JSON.stringify({ requests: answer.requests.total, seconds, passed: answer.requests.total - answer.non2xx })}\n`,
);
