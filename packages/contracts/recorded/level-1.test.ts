import { createHash, createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { helloAnswer, helloRequest, identity, personalizeRequest } from '../src/enrolment.ts';
import { spooledEvent } from '../src/event.ts';
import { type SignatureCrypto, type Verifier, verifyAnswer, verifyRequest } from '../src/http-signature.ts';
import { lease } from '../src/lease.ts';
import { pollAnswer, pollRequest, uploadAnswer } from '../src/poll.ts';
import { problem } from '../src/problem.ts';
import { appliancePaths } from '../src/protocol.ts';
import { bundleRangeRequest } from '../src/updates.ts';

/** What an appliance and a platform of level 1 said to each other must be understood for as long as level 1 is served. */
const folder = join(import.meta.dirname, 'level-1');
const message = z.record(z.string(), z.string());
const recording = z.object({
  name: z.string(),
  deviceKey: z.string(),
  platformKey: z.string(),
  request: z.object({ path: z.string(), query: z.string(), headers: message, body: z.base64() }),
  answer: z.object({ status: z.number(), headers: message, body: z.base64() }),
});

const requests: Readonly<Record<string, z.ZodType>> = {
  [appliancePaths.hello]: helloRequest,
  [appliancePaths.personalize]: personalizeRequest,
  [appliancePaths.poll]: pollRequest,
  [appliancePaths.bundle]: bundleRangeRequest,
};
const answers: Readonly<Record<string, z.ZodType>> = {
  [appliancePaths.hello]: helloAnswer,
  [appliancePaths.personalize]: identity,
  [appliancePaths.poll]: pollAnswer,
  [appliancePaths.events]: uploadAnswer,
};

const sha256: SignatureCrypto = { sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()) };

function verifier(rawKey: string): Verifier {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: rawKey }, format: 'jwk' });
  return (bytes, signature) => verify(null, bytes, key, signature);
}

const recordings = readdirSync(folder).map((file) =>
  recording.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
);

describe.each(recordings)('$name of level 1', ({ request, answer, deviceKey, platformKey }) => {
  const requestBody = new Uint8Array(Buffer.from(request.body, 'base64'));
  const answerBody = new Uint8Array(Buffer.from(answer.body, 'base64'));
  // Parts of bundles are bytes.
  const isJson = answer.headers['content-type'] !== 'application/octet-stream';
  const json = isJson ? JSON.parse(Buffer.from(answerBody).toString('utf8')) : null;

  it('is signed by both sides, and by neither once a bit is changed', () => {
    const asked = { method: 'POST', path: request.path, query: request.query, body: requestBody };
    const field = (name: string) => request.headers[name];
    expect(verifyRequest(asked, field, verifier(deviceKey), sha256)).toBeNull();
    expect(verifyRequest({ ...asked, path: `${asked.path}x` }, field, verifier(deviceKey), sha256)).toEqual({
      kind: 'signature',
    });
    const given = { status: answer.status, body: answerBody };
    const signature = request.headers['signature'] ?? '';
    expect(verifyAnswer(given, (name) => answer.headers[name], signature, verifier(platformKey), sha256)).toBeNull();
    const other = { ...given, status: answer.status + 1 };
    expect(verifyAnswer(other, (name) => answer.headers[name], signature, verifier(platformKey), sha256)).toEqual({
      kind: 'signature',
    });
  });

  it('is understood', () => {
    const readsRequest = requests[request.path];
    if (readsRequest) readsRequest.parse(JSON.parse(Buffer.from(requestBody).toString('utf8')));
    else
      for (const line of gunzipSync(requestBody).toString('utf8').trim().split('\n'))
        spooledEvent.parse(JSON.parse(line));
    if (!isJson) expect(answerBody.length).toBeGreaterThan(0);
    else if (answer.status === 200) answers[request.path]?.parse(json);
    else problem.parse(json);
    if (request.path === appliancePaths.events) uploadAnswer.parse(json);
  });

  it('carries leases whose exact bytes the platform signed', () => {
    const granted = answer.status === 200 && request.path === appliancePaths.poll ? pollAnswer.parse(json).granted : [];
    for (const signed of granted) {
      const bytes = new Uint8Array(Buffer.from(signed.payload, 'base64url'));
      expect(verifier(platformKey)(bytes, new Uint8Array(Buffer.from(signed.signature, 'base64url')))).toBe(true);
      expect(lease.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))).toMatchObject({ level: 1, attempt: 1 });
    }
    expect(granted.length).toBe(recordings.find((one) => one.request === request)?.name === 'poll-granted' ? 1 : 0);
  });
});

describe('the recordings of level 1', () => {
  it('hold every kind of exchange', () => {
    expect(recordings.map((one) => one.name).sort()).toEqual([
      'bundle-gone',
      'bundle-part',
      'events',
      'events-gap',
      'events-trimmed',
      'hello-activated',
      'hello-waiting',
      'personalize',
      'personalize-refused',
      'poll-communication-failures',
      'poll-doctor',
      'poll-examine',
      'poll-granted',
      'poll-idle',
      'poll-network-errors',
      'poll-renewed',
      'poll-replayed',
      'poll-updates',
    ]);
  });
});
