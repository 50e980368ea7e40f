import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Record data of the answers to a question, as bytes; null: no answer at all. */
export type NameAnswers = (name: string, type: number) => readonly Uint8Array[] | null;

export interface NameServer {
  /** `address:port`. */
  readonly at: string;
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A tiny name server over UDP on loopback (RFC 1035 section 4): answers what a test says, wrong things too. */
export async function nameServer(answers: NameAnswers): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const { name, end } = questionOf(query);
    const type = query.readUInt16BE(end);
    asked.push(`${name} ${type}`);
    const records = answers(name, type);
    if (records !== null) socket.send(response(query.subarray(0, end + 4), type, records), peer.port, peer.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const close = async () => {
    socket.close();
    await once(socket, 'close');
  };
  return { at: `127.0.0.1:${socket.address().port}`, asked, close };
}

function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** Header and question of the query, then a record for each datum; its name is a pointer to the question. */
function response(asked: Buffer, type: number, records: readonly Uint8Array[]): Buffer {
  const head = Buffer.from(asked);
  // A response, recursion available; without records: no such name.
  head.writeUInt16BE(records.length > 0 ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt16BE(0, 10);
  const bodies = records.map((data) =>
    Buffer.concat([
      Uint8Array.from([0xc0, 12, type >> 8, type & 255, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255]),
      data,
    ]),
  );
  return Buffer.concat([head, ...bodies]);
}

/** A name in wire form (RFC 1035 section 3.1). */
export function wireName(name: string): Uint8Array {
  return Buffer.from(
    `${name
      .split('.')
      .map((label) => String.fromCharCode(label.length) + label)
      .join('')}\0`,
    'latin1',
  );
}
