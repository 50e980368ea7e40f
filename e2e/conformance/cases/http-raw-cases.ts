import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isList, isMap, parseYamlTree } from '@picket/checks/yaml-tree';
import {
  also,
  type CaseGot,
  type CaseOutcome,
  type CasePlay,
  type CaseTools,
  judgeCount,
} from '../conformance-case.ts';
import { startSocketServer } from '../socket-server.ts';
import { startWeb, unauthorised } from '../web-server.ts';

/** Requests that must go out exactly as written, answers that are not well formed, redirects, TLS names. */
export const httpRawCases: Readonly<Record<string, CasePlay>> = {
  'protocols/http/raw-unsafe-with-params.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(({ target }) => {
        const { searchParams } = new URL(target, 'http://x');
        const both = searchParams.get('key1') === 'value1' && searchParams.get('key2') === 'value2';
        return both ? 'Test is test raw-params-matcher text' : unauthorised;
      }),
    );
    return judgeCount(await tools.run({ port: server.port, path: '/?key1=value1' }), expect);
  },
  'protocols/http/raw-path-trailing-slash.yaml': seen('/test/..;/..;/'),
  'protocols/http/raw-path-single-slash.yaml': seen('/index.php', '/index.php'),
  'protocols/http/raw-unsafe-path-single-slash.yaml': seen('/index.php', '/index.php'),
  'protocols/http/http-paths.yaml': async (tools) => {
    const server = tools.own(await startWeb(() => 'ok'));
    const got = await tools.run({ port: server.port });
    return targets(got, server.seen, referencesOf(tools));
  },
  'protocols/http/get-host-redirects.yaml': async (tools, expect) => {
    const to = (location: string, status = 302) => ({ status, headers: { location } });
    const server = tools.own(
      await startWeb(({ target }) => {
        if (target === '/') return to('/redirected1');
        if (target === '/redirected1') return to('redirected2');
        if (target === '/redirected2') return to('/redirected3');
        return to('http://elsewhere.example.test/', 307);
      }),
    );
    return judgeCount(await tools.run({ port: server.port }), expect);
  },
  'protocols/http/disable-redirects.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(({ target }) =>
        target === '/' ? { status: 301, headers: { location: '/redirected' } } : 'This is test redirects matcher text',
      ),
    );
    const outcome = judgeCount(await tools.run({ port: server.port, settings: { followRedirects: false } }), expect);
    return also(outcome, server.seen.length === 1 ? '' : 'the redirect was followed');
  },
  'protocols/http/redirect-match-url.yaml': async (tools, expect) => {
    const text = 'This is test redirects matcher text';
    const server = tools.own(
      await startWeb(({ target }) =>
        target === '/' ? { status: 302, headers: { location: '/redirected' }, body: text } : text,
      ),
    );
    const got = await tools.run({ port: server.port });
    const request = got.result?.kind === 'found' ? (got.result.findings[0]?.evidence.request ?? '') : '';
    return also(
      judgeCount(got, expect),
      request.startsWith('GET /redirected ') ? '' : `it matched at "${request.slice(0, 40)}"`,
    );
  },
  'protocols/http/get-override-sni.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(({ serverName }) => (serverName === 'test' ? 'test-ok' : 'test-ko'), { tls: 'test' }),
    );
    return judgeCount(await tools.run({ port: server.port, tls: true }), expect);
  },
  'protocols/http/get-sni.yaml': async (tools, expect) => {
    const server = tools.own(
      await startWeb(({ serverName }) => (serverName === 'test' ? 'test-ok' : 'test-ko'), { tls: 'test' }),
    );
    return judgeCount(await tools.run({ port: server.port, tls: true, settings: { serverName: 'test' } }), expect);
  },
  'protocols/http/cl-body-without-header.yaml': reply('HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nthis is a test'),
  'protocols/http/cl-body-with-header.yaml': reply('HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\nthis is a test'),
};

/** The first request must have gone out for exactly this target. */
function seen(target: string, path?: string): CasePlay {
  return async (tools) => {
    const server = tools.own(await startWeb(() => 'ok'));
    const got = await tools.run({ port: server.port, ...(path === undefined ? {} : { path }) });
    return targets(got, server.seen, [target]);
  };
}

function targets(
  got: CaseGot,
  requests: readonly { readonly target: string }[],
  wanted: readonly string[],
): CaseOutcome {
  if (got.result === null) return { got: 'not run', ok: false, detail: got.problem };
  const first = requests.findIndex(({ target }, index) => target !== wanted[index]);
  const ok = first === -1 && requests.length === wanted.length;
  const detail = `request ${first + 1} was for ${requests[first]?.target ?? 'nothing'}, not for ${wanted[first]}`;
  return {
    got: `${requests.length} requests`,
    ok,
    detail: ok ? '' : first === -1 ? `${wanted.length} were wanted` : detail,
  };
}

/** The paths that the template lists as its references. */
function referencesOf({ folder, template }: CaseTools): readonly string[] {
  const tree = parseYamlTree(readFileSync(join(folder, template), 'utf8'));
  const info = tree.ok && isMap(tree.value) ? tree.value.info : undefined;
  const list = isMap(info) ? info.reference : undefined;
  return isList(list) ? list.map(String) : [];
}

/** A server that answers any request with these bytes and hangs up. */
function reply(bytes: string): CasePlay {
  return async (tools, expect) => {
    const server = tools.own(
      await startSocketServer((socket) => {
        socket.once('data', () => socket.end(bytes, 'latin1'));
      }),
    );
    return judgeCount(await tools.run({ port: server.port }), expect);
  };
}
