import { silentLog } from '@picket/base/log';
import { describe, expect, it } from 'vitest';
import { startWorker } from './worker-client.ts';

const data = { directory: null, template: null };

/** A thread that says that it is ready and then does `onMessage` with whatever it is asked. */
function thread(onMessage: string): URL {
  const code = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (request) => { ${onMessage} });
    parentPort.postMessage({ kind: 'ready' });`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}

describe('the thread of the embedded database', () => {
  it('that crashes is told as lost, with what to do, and every statement is refused from then on', async () => {
    const entry = thread(`throw new Error('unreachable');`);
    const client = await startWorker(data, () => {}, silentLog, { entry });
    await expect(client.query('select 1', [])).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect(await client.failed).toMatchObject({
      code: 'storage.embedded-lost',
      kind: 'operational',
      hint: expect.stringContaining('Start it again'),
    });
    await expect(client.script('select 1')).rejects.toMatchObject({ code: 'storage.unavailable' });
    await client.close();
  });

  it('that never answers is ended and told as lost', async () => {
    const entry = thread('for (;;);');
    const client = await startWorker(data, () => {}, silentLog, { entry, silenceMs: 50 });
    await expect(client.query('select 1', [])).rejects.toMatchObject({ code: 'storage.unavailable' });
    expect((await client.failed).message).toContain('never ended');
  });

  it('that is closed is not lost', async () => {
    const entry = thread(
      `parentPort.postMessage({ kind: 'reply', id: request.id }); if (request.kind === 'close') parentPort.close();`,
    );
    const client = await startWorker(data, () => {}, silentLog, { entry });
    await client.close();
    const lost = await Promise.race([client.failed, Promise.resolve('not lost')]);
    expect(lost).toBe('not lost');
  });
});
