import type { Duplex } from 'node:stream';

export interface LineChannelOptions {
  /** A longer line ends the channel: the other side is broken. */
  readonly maxLineBytes: number;
  /** One JSON value of the other side; still unparsed by any schema. */
  readonly onMessage: (message: unknown) => void;
  /** The channel is over; called once. `reason` is for logs. */
  readonly onEnd: (reason: string) => void;
}

/** JSON values, one a line, over a local stream: how daemon and scan worker talk. */
export interface LineChannel {
  send(message: unknown): void;
  close(): void;
}

/** Takes over `stream`. Nothing that the other side sends makes it throw. */
export function lineChannel(stream: Duplex, options: LineChannelOptions): LineChannel {
  let parts: Buffer[] = [];
  let held = 0;
  let ended = false;
  const end = (reason: string) => {
    if (ended) return;
    ended = true;
    stream.destroy();
    options.onEnd(reason);
  };
  const take = (line: Buffer) => {
    const message = parse(line);
    if (message === undefined) end('a line is not JSON');
    else options.onMessage(message);
  };
  stream.on('data', (chunk: Buffer) => {
    let start = 0;
    for (let at = chunk.indexOf(10); at >= 0 && !ended; at = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...parts, chunk.subarray(start, at)]);
      parts = [];
      held = 0;
      start = at + 1;
      take(line);
    }
    if (ended) return;
    if (start < chunk.length) parts.push(chunk.subarray(start));
    held += chunk.length - start;
    if (held > options.maxLineBytes) end('a line is too long');
  });
  stream.on('end', () => end('closed by the other side'));
  stream.on('close', () => end('closed'));
  stream.on('error', (error) => end(error.message));
  return {
    send: (message) => {
      if (!ended && stream.writable) stream.write(`${JSON.stringify(message)}\n`);
    },
    close: () => end('closed here'),
  };
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}
