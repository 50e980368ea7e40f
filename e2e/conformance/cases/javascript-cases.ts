import type { Daemon } from '@picket/engine/services/testing/daemon';
import { runDaemon } from '@picket/engine/services/testing/run-daemon';
import { type CasePlay, judgeCount } from '../conformance-case.ts';
import { startSocketServer, steps } from '../socket-server.ts';
import { javascriptDaemons } from './javascript-daemons.ts';

/** The template on a real service that is started for it. */
function on(daemon: Daemon): CasePlay {
  return async (tools, expect) => {
    const running = await runDaemon(daemon);
    tools.own({ close: () => running.stop() });
    return judgeCount(await tools.run({ port: running.port }), expect);
  };
}

/** `javascript/*`: real services of Debian, and a scripted one. */
export const javascriptCases: Readonly<Record<string, CasePlay>> = {
  'protocols/javascript/net-multi-step.yaml': async (tools, expect) => {
    const server = tools.own(await startSocketServer(steps(['FIRST', 'PING'], ['SECOND', 'PONGNUCLEI'])));
    return judgeCount(await tools.run({ port: server.port }), expect);
  },
  'protocols/javascript/redis-pass-brute.yaml': on(javascriptDaemons.redis),
  'protocols/javascript/ssh-server-fingerprint.yaml': on(javascriptDaemons.ssh),
  'protocols/javascript/postgres-pass-brute.yaml': on(javascriptDaemons.postgres),
  'protocols/javascript/mysql-connect.yaml': on(javascriptDaemons.mariadb),
  'protocols/javascript/rsync-test.yaml': on(javascriptDaemons.rsync),
  'protocols/javascript/vnc-pass-brute.yaml': on(javascriptDaemons.vnc),
  'protocols/javascript/telnet-auth-test.yaml': on(javascriptDaemons.telnet),
};
