import { connect, createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * A TCP relay that is a narrow, long line: `--listen HOST:PORT --to HOST:PORT --kbits N --delay-ms MS`. Each way carries N kbit/s for all
 * connections together, and what goes in comes out after MS. Opening a connection takes a round trip more. On `SIGUSR2` it prints what it has carried as one
 * line of JSON: `{"up": bytes, "down": bytes, "connections": n}`.
 */
const { values } = parseArgs({
  options: {
    listen: { type: 'string' },
    to: { type: 'string' },
    kbits: { type: 'string', default: '1500' },
    'delay-ms': { type: 'string', default: '150' },
  },
});
const endpoint = (text = '') => {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
};
const [bytesPerMs, delayMs] = [Number(values.kbits) / 8, Number(values['delay-ms'])];
/** What may wait at the head of the line before its sender is held, milliseconds of the line. */
const queueMs = 250;

/** One direction of the line, shared by all connections. */
class Direction {
  carried = 0;
  #freeAt = 0;

  /** Sends a piece; the sender is held while the line is busy for longer than its queue. */
  carry(from: Socket, to: Socket, piece: Buffer): void {
    const now = performance.now();
    this.#freeAt = Math.max(this.#freeAt, now) + piece.length / bytesPerMs;
    this.carried += piece.length;
    const leaves = this.#freeAt - now;
    if (leaves > queueMs) {
      from.pause();
      setTimeout(() => from.resume(), leaves - queueMs);
    }
    setTimeout(() => to.writable && to.write(piece), leaves + delayMs);
  }

  /** Ends after all that was sent before. */
  end(to: Socket): void {
    setTimeout(() => to.end(), Math.max(0, this.#freeAt - performance.now()) + delayMs);
  }
}

const [up, down] = [new Direction(), new Direction()];
let connections = 0;

const server = createServer({ allowHalfOpen: true }, (client) => {
  connections += 1;
  client.pause();
  const upstream = connect({ ...endpoint(values.to), allowHalfOpen: true });
  for (const [from, to, direction] of [
    [client, upstream, up],
    [upstream, client, down],
  ] as const) {
    from.on('data', (piece) => direction.carry(from, to, piece));
    from.on('end', () => direction.end(to));
    from.on('error', () => to.destroy());
    from.on('close', () => setTimeout(() => to.destroy(), 10 * delayMs + 1000).unref());
  }
  setTimeout(() => client.resume(), 2 * delayMs);
});
server.listen(endpoint(values.listen), () => process.stdout.write('line ready\n'));
process.on('SIGUSR2', () => {
  process.stdout.write(`${JSON.stringify({ up: up.carried, down: down.carried, connections })}\n`);
});
