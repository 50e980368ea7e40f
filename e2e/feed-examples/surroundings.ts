import { systemRandom } from '@picket/base/adapters/system';
import { nodeDnsPort } from '@picket/engine/adapters/node-dns-port';
import { oastListener } from '@picket/engine/adapters/oast-listener';
import { scriptThreads } from '@picket/engine/adapters/script-thread';
import type { CheckSurroundings } from '@picket/engine/checks/check-session';
import { startExampleServer } from '@picket/engine/content-testing/example-server';
import { nameServer } from '@picket/engine/testing/name-server';
import type { FeedServer } from './feed-example.ts';
import { recordData } from './record-data.ts';

/** The name of the target of templates that ask name servers. */
const targetName = 'example.test';
/** The domain that leads to the listener for calls: names below it are places. */
const callDomain = 'oast.example.test';

const scripts = scriptThreads();

/** A server of an example, and what a check has beside it: all of it on the loopback. */
export interface Surroundings {
  readonly port: number;
  /** The target's name; null: it has none. */
  readonly name: string | null;
  readonly tools: Partial<CheckSurroundings>;
  close(): Promise<void>;
}

/** Starts the server of an example with a listener for calls, open while a check waits, and for DNS a resolver that knows its records. */
export async function surroundings(server: FeedServer): Promise<Surroundings> {
  if (server.protocol === 'dns') {
    const records = server.records.map(recordData);
    const resolver = await nameServer((name, type) =>
      name === targetName ? records.filter((record) => record.type === type).map(({ data }) => data) : [],
    );
    const dns = nodeDnsPort({ servers: [resolver.at], timeoutMs: 500 });
    return { port: 53, name: targetName, tools: { scripts, dns }, close: () => resolver.close() };
  }
  let listening: number | null = null;
  const listener = oastListener({ address: '127.0.0.1', domain: callDomain, random: systemRandom });
  const oast = {
    open: async (target: string) => {
      const place = await listener.open(target);
      listening = place?.port ?? null;
      return place;
    },
  };
  const running = await startExampleServer(server, () => listening);
  return { port: running.port, name: null, tools: { scripts, oast }, close: () => running.close() };
}
