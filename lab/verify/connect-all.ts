import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** Program that connects to each address and port of a JSON list on standard input and prints what became of each, in the same order. */
const silenceMs = 2_000;
const targets = z.array(z.object({ address: z.string(), port: z.int() })).parse(JSON.parse(await text(process.stdin)));

function tryConnect(address: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: silenceMs });
    const end = (outcome: string) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once('connect', () => end('open'));
    socket.once('timeout', () => end('silent'));
    socket.once('error', (error) => end('code' in error && error.code === 'ECONNREFUSED' ? 'closed' : 'unreachable'));
  });
}

const outcomes = await Promise.all(
  targets.map(async ({ address, port }) => ({ address, port, outcome: await tryConnect(address, port) })),
);
process.stdout.write(JSON.stringify(outcomes));
