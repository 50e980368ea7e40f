import type { Connection, Dialer } from '@picket/base/dialer';
import { err, ok } from '@picket/base/result';

/** A dialer whose every port answers HTTP: each request is told to `asked`, which says the body of its answer. */
export function answeringDialer(asked: (port: number, path: string) => string | Promise<string>): Dialer {
  return {
    connectTcp: async ({ address, port }) => ok(connection(address, port, asked)),
    exchangeUdp: async () => err({ kind: 'timeout', detail: '' }),
  };
}

function connection(address: string, port: number, asked: Parameters<typeof answeringDialer>[0]): Connection {
  let request = '';
  return {
    address,
    port,
    write: async (bytes) => {
      request += Buffer.from(bytes).toString('latin1');
      return ok(undefined);
    },
    read: async ({ until }) => {
      const path = request.split(' ', 2)[1] ?? '';
      request = '';
      const body = await asked(port, path);
      const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 'latin1');
      until?.(bytes);
      return { bytes, end: 'complete' };
    },
    startTls: async () => err({ kind: 'reset', detail: 'no TLS here' }),
    close: () => {},
  };
}
