import { also, type CasePlay, judgeCount } from '../conformance-case.ts';
import { formOf, notFound, startWeb, type WebAnswer } from '../web-server.ts';

/** A web server, the workflow on it, and the number of results. */
function web(answer: WebAnswer): CasePlay {
  return async (tools, expect) => {
    const server = tools.own(await startWeb(answer));
    return judgeCount(await tools.run({ port: server.port }), expect);
  };
}

const page: WebAnswer = ({ target }) => (target === '/' ? 'This is test matcher text' : notFound);

/** `workflow/*`. */
export const workflowCases: Readonly<Record<string, CasePlay>> = {
  'workflow/basic.yaml': web(page),
  'workflow/condition-matched.yaml': web(page),
  'workflow/matcher-name.yaml': web(page),
  'workflow/complex-conditions.yaml': async (tools, expect) => {
    const server = tools.own(await startWeb(page));
    const got = await tools.run({ port: server.port });
    const names = new Set(got.matches.flatMap(({ matchers }) => matchers));
    const fault = [...names].join() === 'test-matcher-3' ? '' : `matchers ${[...names].join()}`;
    return also(judgeCount(got, expect), fault);
  },
  'workflow/http-value-share-workflow.yaml': web(({ target, body }) =>
    target === '/path1' ? 'href="test-value"' : target === '/path2' ? body : notFound,
  ),
  'workflow/multimatch-value-share-workflow.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb((request) => {
        const { pathname, searchParams } = new URL(request.target, 'http://x');
        if (pathname === '/path1') return `href="test-value-${searchParams.get('v')}"`;
        return pathname === '/path2' ? 'test-value' : page(request);
      }),
    );
    const outcome = judgeCount(await tools.run({ port: server.port }), expect);
    const bodies = server.seen.filter(({ target }) => target === '/path2').map(({ body }) => body);
    const whole = ['[test-value-1]', '[test-value-2]'].every((value) => bodies.includes(value));
    return also(outcome, whole ? '' : `/path2 got ${bodies.join(' and ')}`);
  },
  'workflow/race-context-share-workflow.yaml': web((request) => {
    if (request.target === '/context') return '{"name":"foo"}';
    const right = request.method === 'POST' && request.target === '/' && formOf(request).name === 'foo';
    return right ? 'ok' : { status: 400 };
  }),
};
