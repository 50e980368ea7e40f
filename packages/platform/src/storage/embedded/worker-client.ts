import { Worker } from 'node:worker_threads';
import { PicketError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { storageError, unavailable } from '../storage-error.ts';
import type { StatementResult } from '../session-source.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData } from './messages.ts';
import type { RawDatabaseError } from '../storage-error.ts';

/** Longest wait for the thread to close its files, milliseconds; then it is ended: a blocked statement answers nothing. */
const closeDeadlineMs = 2500;

/** The thread of the embedded database, seen from the server's thread. Callers take turns. */
export interface WorkerClient {
  query(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  script(sql: string): Promise<void>;
  /** The data directory as a tar file (tests start from it). */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}

type Waiting = { readonly resolve: (message: EmbeddedMessage) => void; readonly reject: (error: unknown) => void };

/** Starts the thread and resolves once the database answers. */
export async function startWorker(
  data: EmbeddedWorkerData,
  onNotification: (channel: string, payload: string) => void,
  log: Log,
): Promise<WorkerClient> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  const ready = Promise.withResolvers<void>();
  let ended: PicketError | null = null;
  const end = (reason: string) => {
    ended ??= unavailable(reason);
    ready.reject(ended);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (message: EmbeddedMessage) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'failed') ready.reject(openError(data, message.error));
    else if (message.kind === 'notification') onNotification(message.channel, message.payload);
    else settle(waiting, message);
  });
  worker.on('error', (error) => {
    log.write('error', 'storage.embedded-failed', { message: error.message.slice(0, 200) });
    end('the thread of the embedded database failed');
  });
  worker.on('exit', () => end('the embedded database has ended'));
  await ready.promise;
  return workerClient(worker, waiting, () => ended);
}

function settle(waiting: Map<number, Waiting>, message: Extract<EmbeddedMessage, { id: number }>): void {
  const entry = waiting.get(message.id);
  waiting.delete(message.id);
  if (message.kind === 'error') entry?.reject(Object.assign(new Error(message.error.message), message.error));
  else entry?.resolve(message);
}

function workerClient(worker: Worker, waiting: Map<number, Waiting>, ended: () => PicketError | null): WorkerClient {
  let lastId = 0;
  type Body = EmbeddedRequest extends infer R ? (R extends EmbeddedRequest ? Omit<R, 'id'> : never) : never;
  const ask = async (body: Body): Promise<EmbeddedMessage> => {
    const over = ended();
    if (over) throw over;
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<EmbeddedMessage>();
    waiting.set(id, { resolve, reject });
    worker.postMessage({ ...body, id });
    try {
      return await promise;
    } catch (error) {
      throw storageError(error);
    }
  };
  return {
    async query(sql, parameters) {
      const message = await ask({ kind: 'query', sql, parameters });
      return message.kind === 'reply' ? message.result : { rows: [], affectedRows: null, command: '' };
    },
    async script(sql) {
      await ask({ kind: 'script', sql });
    },
    async dump() {
      const message = await ask({ kind: 'dump' });
      return message.kind === 'dumped' ? message.tar : new Uint8Array();
    },
    async close() {
      if (ended()) return;
      const deadline = setTimeout(() => void worker.terminate(), closeDeadlineMs);
      await ask({ kind: 'close' }).catch(() => {});
      clearTimeout(deadline);
      await worker.terminate();
    },
  };
}

function openError(data: EmbeddedWorkerData, error: RawDatabaseError): PicketError {
  return new PicketError({
    code: 'storage.embedded-open-failed',
    kind: 'operational',
    message: `The embedded database in ${data.directory ?? 'memory'} could not be opened: ${error.message}`,
    hint: 'Check that the folder can be written and has space, and that no other program uses it.',
    details: { sqlState: error.code },
  });
}
