import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { Agent, request as httpsRequest } from 'node:https';
import { gzipSync } from 'node:zlib';
import type { SpooledEvent } from '@picket/contracts/event';
import { helloAnswer, identity } from '@picket/contracts/enrolment';
import { signRequest, verifyAnswer } from '@picket/contracts/http-signature';
import { type Lease, lease as leaseSchema, type SignedLease } from '@picket/contracts/lease';
import { type PollAnswer, pollAnswer, type PollRequest } from '@picket/contracts/poll';
import { type Problem, problem } from '@picket/contracts/problem';
import { appliancePaths, protocolHeaders } from '@picket/contracts/protocol';
import { keyIdOf, nodeCrypto, verifierOf } from '@picket/base/adapters/ed25519';

/** An appliance that says exactly what a test tells it to, properly signed unless told otherwise. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly json: unknown;
  /** Null when the answer is none. */
  readonly problem: Problem | null;
  /** The answer carries the platform's signature over it and this request. */
  readonly signed: boolean;
}

/** One exchange as it was on the wire; bodies are base64. */
export interface RecordedExchange {
  readonly request: {
    readonly path: string;
    readonly query: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

export interface SendOptions {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of the next number. */
  readonly sequence?: number;
  readonly level?: string;
  /** Changed after signing. */
  readonly tamper?: (body: Uint8Array) => Uint8Array;
  readonly signal?: AbortSignal;
}

/** What it says of itself unless a test has it say something else. */
export const facts = {
  softwareVersion: '0.1.0',
  contentVersion: '1',
  kind: 'virtual',
  lanAddress: '127.0.0.1',
  hostname: 'scripted',
} as const;

export class ScriptedAppliance {
  readonly #key: KeyObject;
  readonly #agent: Agent;
  /** Where the platform is; another replica's may be set. */
  origin: string;
  readonly publicKey: string;
  readonly keyId: string;
  platformKey = '';
  applianceId = 0;
  /** A new one is a restart of the daemon. */
  instance = randomUUID();
  sequence = 0;
  stream = randomUUID();
  seq = 0;
  /** Gets every exchange, for recordings. */
  onExchange: (exchange: RecordedExchange) => void = () => {};

  constructor(origin: string, caPem: string, key = generateKeyPairSync('ed25519').privateKey) {
    this.origin = origin;
    this.#key = key;
    this.#agent = new Agent({ ca: caPem, keepAlive: true });
    this.publicKey = rawPublicKey(key);
    this.keyId = keyIdOf(this.publicKey);
  }

  /** Another machine with the same key. */
  clone(caPem: string): ScriptedAppliance {
    const copy = new ScriptedAppliance(this.origin, caPem, this.#key);
    copy.platformKey = this.platformKey;
    copy.applianceId = this.applianceId;
    return copy;
  }

  close(): void {
    this.#agent.destroy();
  }

  async send(path: string, body: Uint8Array, options: SendOptions = {}): Promise<ScriptedAnswer> {
    const answer = await this.#raw(path, body, options);
    const json: unknown = JSON.parse(new TextDecoder().decode(answer.body));
    return { status: answer.status, json, problem: problem.safeParse(json).data ?? null, signed: answer.signed };
  }

  /** For answers that are no JSON. */
  bytes(
    path: string,
    value: unknown,
    options: SendOptions = {},
  ): Promise<{ status: number; body: Uint8Array; signed: boolean }> {
    const body = value instanceof Uint8Array ? value : new TextEncoder().encode(JSON.stringify(value));
    return this.#raw(path, body, options);
  }

  async #raw(path: string, body: Uint8Array, options: SendOptions) {
    const fields = {
      [protocolHeaders.level]: options.level ?? '1',
      [protocolHeaders.instance]: this.instance,
      [protocolHeaders.sequence]: String(options.sequence ?? (this.sequence += 1)),
    };
    const query = options.query ?? '';
    const signer = (bytes: Uint8Array) => new Uint8Array(sign(null, bytes, this.#key));
    const params = { created: 1_790_000_000, keyId: this.keyId };
    const signature = signRequest({ method: 'POST', path, query, body, headers: fields }, params, signer, nodeCrypto);
    const headers = { 'content-type': 'application/json', ...fields, ...signature, ...options.headers };
    const target = query === '' ? path : `${path}?${query}`;
    const answer = await this.#exchange(target, headers, options.tamper?.(body) ?? body, options.signal);
    this.onExchange({
      request: { path, query, headers, body: Buffer.from(body).toString('base64') },
      answer: {
        ...answer,
        headers: signatureFields(answer.headers),
        body: Buffer.from(answer.body).toString('base64'),
      },
    });
    const verifier = verifierOf(this.platformKey);
    const fault = verifyAnswer(answer, (name) => answer.headers[name], signature.signature ?? '', verifier, nodeCrypto);
    return { status: answer.status, body: answer.body, signed: this.platformKey !== '' && fault === null };
  }

  #exchange(target: string, headers: Record<string, string>, body: Uint8Array, signal?: AbortSignal) {
    return new Promise<{ status: number; body: Uint8Array; headers: Record<string, string> }>((resolve, reject) => {
      const options = {
        method: 'POST',
        agent: this.#agent,
        headers: { ...headers, 'content-length': String(body.length) },
        ...(signal ? { signal } : {}),
      };
      const sent = httpsRequest(`${this.origin}${target}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
          resolve({
            status: response.statusCode ?? 0,
            body: new Uint8Array(Buffer.concat(chunks)),
            headers: Object.fromEntries(flat),
          });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  json(path: string, value: unknown, options: SendOptions = {}): Promise<ScriptedAnswer> {
    return this.send(path, new TextEncoder().encode(JSON.stringify(value)), options);
  }

  helloMessage() {
    return { level: 1, publicKey: this.publicKey, facts };
  }

  async hello() {
    const answer = await this.json(appliancePaths.hello, this.helloMessage());
    const parsed = helloAnswer.parse(answer.json);
    if (parsed.state === 'activated') this.#take(parsed);
    return parsed;
  }

  async personalize(code: string): Promise<ScriptedAnswer> {
    const answer = await this.json(appliancePaths.personalize, { ...this.helloMessage(), code });
    const parsed = identity.safeParse(answer.json);
    if (parsed.success) this.#take(parsed.data);
    return answer;
  }

  #take(given: { applianceId: number; platformKey: string }): void {
    this.applianceId = given.applianceId;
    this.platformKey = given.platformKey;
  }

  pollMessage(change: Partial<PollRequest> = {}): PollRequest {
    return {
      level: 1,
      facts,
      waitSeconds: 0,
      capacity: 1,
      availablePercent: 100,
      leases: [],
      spool: { events: 0, bytes: 0, full: false },
      trouble: [],
      ...change,
    };
  }

  /** A poll that must be answered with 200 and the platform's signature. */
  async poll(change: Partial<PollRequest> = {}, options: SendOptions = {}): Promise<PollAnswer> {
    const answer = await this.json(appliancePaths.poll, this.pollMessage(change), options);
    if (answer.status !== 200 || !answer.signed)
      throw new Error(`poll: ${answer.status} signed ${answer.signed} ${JSON.stringify(answer.json)}`);
    return pollAnswer.parse(answer.json);
  }

  rawPoll(change: Partial<PollRequest> = {}, options: SendOptions = {}): Promise<ScriptedAnswer> {
    return this.json(appliancePaths.poll, this.pollMessage(change), options);
  }

  /** Verifies the platform's signature over the exact bytes and reads them. */
  openLease(signed: SignedLease): Lease {
    const bytes = Buffer.from(signed.payload, 'base64url');
    const genuine = verifierOf(this.platformKey)(bytes, Buffer.from(signed.signature, 'base64url'));
    const keyId = createHash('sha256').update(Buffer.from(this.platformKey, 'base64url')).digest('base64url');
    if (!genuine || keyId !== signed.keyId) throw new Error('the lease is not signed by the platform');
    return leaseSchema.parse(JSON.parse(bytes.toString('utf8')));
  }

  /** Numbers events as its spool would. */
  spool(lease: Lease, events: readonly SpooledEvent['event'][]): SpooledEvent[] {
    return events.map((event) => ({
      seq: (this.seq += 1),
      scan: lease.scanId,
      slice: lease.sliceId,
      lease: lease.leaseId,
      event,
    }));
  }

  upload(
    batch: readonly SpooledEvent[],
    change: { first?: number; count?: number; body?: Uint8Array } = {},
  ): Promise<ScriptedAnswer> {
    const body = change.body ?? new Uint8Array(gzipSync(batch.map((event) => `${JSON.stringify(event)}\n`).join('')));
    const first = change.first ?? batch[0]?.seq ?? 1;
    const query = `stream=${this.stream}&first=${first}&count=${change.count ?? batch.length}`;
    return this.send(appliancePaths.events, body, {
      query,
      headers: { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' },
    });
  }
}

function rawPublicKey(key: KeyObject): string {
  const jwk = key.export({ format: 'jwk' });
  return jwk.x ?? '';
}

/** The fields of an answer that belong to the protocol. */
function signatureFields(headers: Readonly<Record<string, string>>): Record<string, string> {
  const kept = ['content-type', 'content-digest', 'signature-input', 'signature'];
  return Object.fromEntries(kept.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])));
}
