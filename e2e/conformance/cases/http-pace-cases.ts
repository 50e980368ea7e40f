import { setTimeout as sleep } from 'node:timers/promises';
import { also, type CasePlay, judgeCount } from '../conformance-case.ts';
import { notFound, startWeb } from '../web-server.ts';

const selfContained = 'This is self-contained response';
/** Templates that name their server say this place. */
const written = '127.0.0.1:5431';

function onOwnPlace(path?: string): CasePlay {
  return async (tools, expect) => {
    const server = tools.own(await startWeb(({ target }) => (target === (path ?? '/') ? selfContained : notFound)));
    const edit = (source: string) => source.replaceAll(written, `127.0.0.1:${server.port}`);
    return judgeCount(await tools.run({ port: server.port, edit }), expect);
  };
}

/** Order and number of requests, time limits, and templates that name their own server. */
export const httpPaceCases: Readonly<Record<string, CasePlay>> = {
  'protocols/http/self-contained.yaml': onOwnPlace(),
  'protocols/http/self-contained-with-path.yaml': onOwnPlace(),
  'protocols/http/self-contained-file-input.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(({ target }) => (['/one', '/two'].includes(target) ? selfContained : notFound)),
    );
    const edit = (source: string) => source.replaceAll(written, `127.0.0.1:${server.port}`);
    const settings = { lists: new Map([['test', ['one', 'two']]]) };
    const outcome = judgeCount(await tools.run({ port: server.port, edit, settings }), expect);
    const asked = server.seen.map(({ target }) => target).toSorted();
    return also(outcome, asked.join() === '/one,/one,/two,/two' ? '' : `it asked for ${asked.join(', ')}`);
  },
  'protocols/http/race-condition-with-delay.yaml': async (tools, expect) => {
    // What is under way when a request comes tells which of them ran together.
    let open = 0;
    const together: number[] = [];
    const server = tools.own(
      await startWeb(async () => {
        open += 1;
        together.push(open);
        await sleep(2000);
        open -= 1;
        return 'ok';
      }),
    );
    const outcome = judgeCount(await tools.run({ port: server.port }), expect);
    return also(
      outcome,
      together.join() === '1,2,1' || together.join() === '1,2,2'
        ? ''
        : `requests ran together as ${together.join(', ')}`,
    );
  },
  'protocols/http/race-with-variables.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(({ target, headers }) => (target === '/race' ? (headers['x-api-key'] ?? '') : notFound)),
    );
    return judgeCount(await tools.run({ port: server.port }), expect);
  },
  'protocols/http/annotation-timeout.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(async () => {
        await sleep(4000);
        return 'This is test matcher text';
      }),
    );
    return judgeCount(await tools.run({ port: server.port, limits: { httpMs: 1000 } }), expect);
  },
  'protocols/http/custom-attack-type.yaml': async (tools) => {
    const server = tools.own(await startWeb(() => 'This is test custom payload'));
    const got = await tools.run({ port: server.port, settings: { attack: 'clusterbomb' } });
    const pairs = new Set(server.seen.map(({ target }) => target)).size;
    return also(judgeCount(got, 4), server.seen.length === 4 && pairs === 4 ? '' : `${pairs} distinct requests`);
  },
};
