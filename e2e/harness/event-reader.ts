import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { type LiveEvent, liveEvent } from '@picket/contracts/api/scan';

/** Follows a stream of server-sent events as a browser does and keeps what came. */
export class EventReader implements Disposable {
  readonly events: LiveEvent[] = [];
  readonly #request: ClientRequest;
  #rest = '';
  /** Null while it is open. */
  #end: string | null = null;

  constructor(url: string, ca: string, cookie: string) {
    this.#request = request(url, { ca, headers: { cookie, accept: 'text/event-stream' }, agent: false }, (answer) => {
      if (answer.statusCode !== 200) this.#end = `HTTP ${answer.statusCode}`;
      answer.on('data', (chunk: Buffer) => this.#take(chunk.toString('utf8')));
      answer.on('end', () => {
        this.#end ??= 'ended';
      });
      answer.on('error', (error) => {
        this.#end ??= error.message;
      });
    });
    this.#request.on('error', (error) => {
      this.#end ??= error.message;
    });
    this.#request.end();
  }

  get end(): string | null {
    return this.#end;
  }

  [Symbol.dispose](): void {
    this.#request.destroy();
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5))
        .join('\n');
      if (data !== '') this.events.push(liveEvent.parse(JSON.parse(data)));
    }
  }
}
