import { readFileSync } from 'node:fs';
import { fromFile, sendRequest } from '../harness/send-request.ts';

/** Sends the prepared requests of a file one after the other and prints status and body of each answer as JSON. */
const { origin, ca, requests } = fromFile(readFileSync(process.argv[2] ?? '', 'utf8'));
const answers: { status: number; body: unknown }[] = [];
for (const prepared of requests) {
  const { status, json } = await sendRequest(origin, ca, prepared);
  answers.push({ status, body: json });
}
process.stdout.write(`${JSON.stringify(answers)}\n`);
