import { request } from 'node:http';

/** Publishes a bundle over the local administration socket, as "picket release publish" does. */
export function sendBundle(socketPath: string, bytes: Uint8Array, query = '') {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': bytes.length };
  // oxlint-disable-next-line no-explicit-any -- tests look into answers of every shape
  return new Promise<{ status: number; json: any }>((resolve, reject) => {
    const options = { socketPath, method: 'POST', path: `/api/v1/releases${query}`, headers };
    const sent = request(options, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ status: answer.statusCode ?? 0, json: JSON.parse(Buffer.concat(chunks).toString()) });
    });
    sent.on('error', reject);
    sent.end(bytes);
  });
}
