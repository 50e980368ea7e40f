import { request } from 'node:https';
import { z } from 'zod';
import type { PreparedRequest } from './device.ts';

/** An answer, read whole. Tests say what they expect of its JSON body; null when it is none. */
export interface SentAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers of every shape
  readonly json: any;
}

/** Sends a request over HTTPS as it is, the platform's certificate verified with `ca`. */
export function sendRequest(origin: string, ca: string, prepared: PreparedRequest): Promise<SentAnswer> {
  return new Promise((resolve, reject) => {
    const { method, target, headers, body } = prepared;
    const sent = request(`${origin}${target}`, { method, ca, headers, agent: false, timeout: 60_000 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        const json = /json/.test(answer.headers['content-type'] ?? '') && text !== '' ? JSON.parse(text) : null;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
      });
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 s')));
    sent.on('error', reject);
    sent.end(body);
  });
}

const wire = z.object({
  method: z.string(),
  target: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
const file = z.object({ origin: z.string(), ca: z.string(), requests: z.array(wire) });

/** For `send-requests.ts`, which sends from another namespace. */
export function toFile(origin: string, ca: string, requests: readonly PreparedRequest[]): string {
  const written = requests.map((each) => ({ ...each, body: Buffer.from(each.body).toString('base64') }));
  return JSON.stringify({ origin, ca, requests: written });
}

export function fromFile(text: string): { origin: string; ca: string; requests: PreparedRequest[] } {
  const { origin, ca, requests } = file.parse(JSON.parse(text));
  return { origin, ca, requests: requests.map((each) => ({ ...each, body: Buffer.from(each.body, 'base64') })) };
}
