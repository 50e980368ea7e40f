import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, types } from '@electric-sql/pglite';
import { checkedBigint } from '../checked-bigint.ts';
import { rawDatabaseError } from '../storage-error.ts';
import type { EmbeddedMessage, EmbeddedRequest, EmbeddedWorkerData } from './messages.ts';

/**
 * Thread of the embedded database: PGlite blocks its thread while a statement runs, so it must not share the server's.
 * Requests come one at a time (the other side holds the mutex).
 */
const writers = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

async function main(): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('worker.ts runs as a worker thread');
  const send = (message: EmbeddedMessage) => port.postMessage(message);
  const data: EmbeddedWorkerData = workerData;
  const database = await open(data);
  database.onNotification((channel, payload) => send({ kind: 'notification', channel, payload }));
  port.on('message', (request: EmbeddedRequest) => {
    answer(database, request, send).then(
      () => {
        if (request.kind === 'close') port.close();
      },
      (error: unknown) => {
        // Nothing can be asked of it any more: the thread ends, and the platform with it.
        if (isCrash(error)) throw error;
        send({ kind: 'error', id: request.id, error: rawDatabaseError(error) });
      },
    );
  });
  send({ kind: 'ready' });
}

/** Not the refusal of a statement: a PANIC or FATAL of the database, or an abort of its compiled code. */
function isCrash(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const severity: unknown = Reflect.get(error, 'severity');
  return severity === 'PANIC' || severity === 'FATAL' || error.name === 'RuntimeError' || error.name === 'ExitStatus';
}

async function open(data: EmbeddedWorkerData): Promise<PGlite> {
  const template = data.template === null ? {} : { loadDataDir: new Blob([await readFile(data.template)]) };
  return PGlite.create({
    ...(data.directory === null ? {} : { dataDir: data.directory }),
    ...template,
    ...data.program,
    parsers: { [types.INT8]: checkedBigint },
  });
}

async function answer(
  database: PGlite,
  request: EmbeddedRequest,
  send: (message: EmbeddedMessage) => void,
): Promise<void> {
  const { id } = request;
  switch (request.kind) {
    case 'query': {
      const result = await database.query<Record<string, unknown>>(request.sql, [...request.parameters]);
      const command = result.command ?? '';
      const affectedRows = writers.has(command) ? (result.affectedRows ?? 0) : null;
      return send({ kind: 'reply', id, result: { rows: result.rows, affectedRows, command } });
    }
    case 'script':
      await database.exec(request.sql);
      return send({ kind: 'reply', id, result: { rows: [], affectedRows: null, command: '' } });
    case 'dump':
      return send({
        kind: 'dumped',
        id,
        tar: new Uint8Array(await (await database.dumpDataDir('none')).arrayBuffer()),
      });
    case 'close':
      await database.close();
      return send({ kind: 'reply', id, result: { rows: [], affectedRows: null, command: '' } });
  }
}

main().catch((error: unknown) => {
  const message: EmbeddedMessage = { kind: 'failed', error: rawDatabaseError(error) };
  parentPort?.postMessage(message);
  parentPort?.close();
});
