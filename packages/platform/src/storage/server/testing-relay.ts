import { connect, createServer, type Socket } from 'node:net';

/** A way to a database server that a test can break while the server goes on for others. */
export interface DatabaseRelay {
  /** The same URL, through the relay. */
  readonly url: string;
  /** Ends every connection and takes no other, until `mend`. */
  cut(): void;
  mend(): void;
  /** Ends connections that listen, and every one that begins to, until `mend`; others are as ever. */
  refuseListeners(): void;
  /** Connections that listen stay open and carry nothing any more; new ones are as ever. */
  silenceListeners(): void;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  listens: boolean;
}

/** For a URL with a host and a port on loopback. */
export async function startRelay(url: string): Promise<DatabaseRelay> {
  const target = new URL(url);
  const pairs = new Set<Pair>();
  let broken = false;
  let deaf = false;
  const server = createServer((near) => {
    near.on('error', () => {});
    if (broken) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    const pair: Pair = { near, far, listens: false };
    pairs.add(pair);
    far.on('error', () => {});
    near.on('data', (bytes) => {
      pair.listens ||= bytes.includes('listen "');
      if (deaf && pair.listens) near.destroy();
    });
    near.pipe(far).pipe(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const)
      one.once('close', () => {
        pairs.delete(pair);
        other.destroy();
      });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  const through = new URL(url);
  through.port = String(address.port);
  const endAll = () => {
    for (const { near } of pairs) near.destroy();
  };
  return {
    url: through.href,
    cut() {
      broken = true;
      endAll();
    },
    mend() {
      broken = false;
      deaf = false;
    },
    refuseListeners() {
      deaf = true;
      for (const { near, listens } of pairs) if (listens) near.destroy();
    },
    silenceListeners() {
      for (const { near, far } of [...pairs].filter(({ listens }) => listens)) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
    },
    async close() {
      endAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
