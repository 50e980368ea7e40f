import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PicketError } from '@picket/base/error';
import type { Log } from '@picket/base/log';
import { storageError, unavailable } from '../storage-error.ts';
import type { StatementResult } from '../session-source.ts';
import { embeddedProgram } from './program.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData } from './messages.ts';
import type { RawDatabaseError } from '../storage-error.ts';

/** Longest wait for the thread to close its files, milliseconds; then it is ended: a blocked statement answers nothing. */
const closeDeadlineMs = 2500;

/**
 * A statement that got no answer for so long never gets one, milliseconds: after a crash the database's code can go round
 * in circles. Real statements take seconds at most.
 */
const silenceMs = 120_000;

/** The thread of the embedded database, seen from the server's thread. Callers take turns. */
export interface WorkerClient {
  query(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  script(sql: string): Promise<void>;
  /** The data directory as a tar file (tests start from it). */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
  /** Resolves if the thread ends without being asked to: nothing can be asked of it any more. */
  readonly failed: Promise<PicketError>;
}

interface Waiting {
  readonly resolve: (message: EmbeddedMessage) => void;
  readonly reject: (error: unknown) => void;
  readonly watch: NodeJS.Timeout;
}

/** Starts the thread and resolves once the database answers. */
export async function startWorker(
  data: Omit<EmbeddedWorkerData, 'program'>,
  onNotification: (channel: string, payload: string) => void,
  log: Log,
  options: { readonly entry?: URL; readonly silenceMs?: number } = {},
): Promise<WorkerClient> {
  const worker = new Worker(options.entry ?? new URL('./worker.ts', import.meta.url), {
    workerData: { ...data, program: await embeddedProgram() } satisfies EmbeddedWorkerData,
    execArgv: [],
  });
  const waiting = new Map<number, Waiting>();
  const ready = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<PicketError>();
  let closing = false;
  let ended: PicketError | null = null;
  const end = (reason: string) => {
    ended ??= unavailable(reason);
    ready.reject(ended);
    for (const { reject, watch } of waiting.values()) {
      clearTimeout(watch);
      reject(ended);
    }
    waiting.clear();
    if (!closing) failed.resolve(lost(reason));
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
  // What could not be opened may still hold its thread, and so the process.
  await ready.promise.catch(async (error: unknown) => {
    closing = true;
    await worker.terminate();
    throw error;
  });
  const over = () => ended;
  const onClose = () => {
    closing = true;
  };
  const onSilence = () => {
    end('a statement of the embedded database never ended');
    void worker.terminate();
  };
  const watch = () => setTimeout(onSilence, options.silenceMs ?? silenceMs).unref();
  return workerClient({ worker, waiting, over, onClose, watch, failed: failed.promise });
}

function lost(reason: string): PicketError {
  return new PicketError({
    code: 'storage.embedded-lost',
    kind: 'operational',
    message: `The platform ends because ${reason}.`,
    hint: 'Start it again: committed data is kept. If it happens again, look for a full disk, or set DATABASE_URL to a PostgreSQL server.',
  });
}

interface ClientParts {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly over: () => PicketError | null;
  readonly onClose: () => void;
  /** Starts the wait for an answer. */
  readonly watch: () => NodeJS.Timeout;
  readonly failed: Promise<PicketError>;
}

function settle(waiting: Map<number, Waiting>, message: Extract<EmbeddedMessage, { id: number }>): void {
  const entry = waiting.get(message.id);
  waiting.delete(message.id);
  clearTimeout(entry?.watch);
  if (message.kind === 'error') entry?.reject(Object.assign(new Error(message.error.message), message.error));
  else entry?.resolve(message);
}

function workerClient({ worker, waiting, over, onClose, watch, failed }: ClientParts): WorkerClient {
  let lastId = 0;
  type Body = EmbeddedRequest extends infer R ? (R extends EmbeddedRequest ? Omit<R, 'id'> : never) : never;
  const ask = async (body: Body): Promise<EmbeddedMessage> => {
    const ended = over();
    if (ended) throw ended;
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<EmbeddedMessage>();
    waiting.set(id, { resolve, reject, watch: watch() });
    worker.postMessage({ ...body, id });
    try {
      return await promise;
    } catch (error) {
      throw storageError(error);
    }
  };
  return {
    failed,
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
      onClose();
      if (over()) return;
      // It ends by itself once its files are closed: to end a thread whose compiled code still runs has crashed whole processes.
      const exited = once(worker, 'exit');
      const deadline = setTimeout(() => void worker.terminate(), closeDeadlineMs);
      await ask({ kind: 'close' }).catch(() => {});
      await exited;
      clearTimeout(deadline);
    },
  };
}

function openError(data: Pick<EmbeddedWorkerData, 'directory'>, error: RawDatabaseError): PicketError {
  return new PicketError({
    code: 'storage.embedded-open-failed',
    kind: 'operational',
    message: `The embedded database in ${data.directory ?? 'memory'} could not be opened: ${error.message}`,
    hint: 'Check that the folder can be written and has space, and that no other program uses it.',
    details: { sqlState: error.code },
  });
}
