import { PassThrough } from 'node:stream';
import type { LiveEvent } from '@picket/contracts/api/scan';

/** A reader that does not keep up is cut off at so many waiting bytes; it reconnects and reads anew. */
const waitingLimit = 1_048_576;

/** The body of an event stream (HTML, section 9.2). */
export interface EventStream {
  readonly body: PassThrough;
  send(events: readonly LiveEvent[]): void;
  /** A comment: keeps proxies from closing the connection. */
  beat(): void;
  end(): void;
}

export function eventStream(): EventStream {
  const body = new PassThrough();
  let id = 0;
  const write = (text: string) => {
    if (body.writableEnded || body.destroyed) return;
    if (body.writableLength > waitingLimit) body.destroy();
    else body.write(text);
  };
  write('retry: 2000\n: picket\n\n');
  return {
    body,
    send(events) {
      for (const event of events) write(`id: ${(id += 1)}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    },
    beat: () => write(': beat\n\n'),
    end: () => body.end(),
  };
}
