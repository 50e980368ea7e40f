import { Resolver } from 'node:dns/promises';
import { systemRandom } from '@picket/base/adapters/system';
import { oastListener } from '@picket/engine/adapters/oast-listener';
import { type CasePlay, judgeCount } from '../conformance-case.ts';
import { startSocketServer } from '../socket-server.ts';
import { startWeb } from '../web-server.ts';

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = await startSocketServer(() => {});
  await server.close();
  return server.port;
}

/** A web server that looks up the host of the URL in each request's header "url", by the listener's own name server. */
const fetcher: CasePlay = async (tools, expect) => {
  const port = await freePort();
  const oast = oastListener({ address: '127.0.0.1', port, domain: 'calls.example.test', random: systemRandom });
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  const server = tools.own(
    await startWeb(async ({ headers }) => {
      const { hostname } = new URL(headers.url ?? 'http://nowhere.invalid');
      await resolver.resolve4(hostname).catch(() => []);
      return 'fetched';
    }),
  );
  return judgeCount(await tools.run({ port: server.port, oast }), expect);
};

/** Cases in which the target calls back. */
export const oastCases: Readonly<Record<string, CasePlay>> = {
  'protocols/http/interactsh.yaml': fetcher,
  'protocols/http/interactsh-stop-at-first-match.yaml': fetcher,
};
