import { also, type CasePlay, judgeCount } from '../conformance-case.ts';
import { notFound, startWeb } from '../web-server.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** `flow/*` without DNS. */
export const flowCases: Readonly<Record<string, CasePlay>> = {
  'flow/iterate-values-flow.yaml': async (tools, expect) => {
    const people = ['secrets@scanme.sh', 'superadmin@scanme.sh'];
    const pages = new Map(people.map((who) => [`/user/${base64(who)}`, 'Welcome ! This is test matcher text']));
    const server = tools.own(
      await startWeb(({ target }) => {
        if (target === '/') return people.map((who) => `"${who}"`).join(' ');
        return pages.get(decodeURIComponent(target)) ?? notFound;
      }),
    );
    return judgeCount(await tools.run({ port: server.port }), expect);
  },
  'flow/iterate-one-value-flow.yaml': async (tools, expect) => {
    const server = tools.own(await startWeb(({ target }) => (['/', '/ok'].includes(target) ? 'ok' : notFound)));
    const outcome = judgeCount(await tools.run({ port: server.port }), expect);
    return also(outcome, server.seen.length === 2 ? '' : `${server.seen.length} requests went out`);
  },
  'flow/flow-hide-matcher.yaml': async (tools, expect) => {
    const server = tools.own(await startWeb(() => 'ok'));
    // Equal requests go out once.
    return judgeCount(await tools.run({ port: server.port }), expect);
  },
};
