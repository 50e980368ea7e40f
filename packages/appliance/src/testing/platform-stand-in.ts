import { generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { type SpooledEvent, spooledEvent } from '@picket/contracts/event';
import { claimedKeyId, signAnswer, verifyRequest } from '@picket/contracts/http-signature';
import type { Lease, SignedLease } from '@picket/contracts/lease';
import { type PollRequest, pollRequest } from '@picket/contracts/poll';
import { appliancePaths } from '@picket/contracts/protocol';
import {
  type KeyPair,
  keyIdOf,
  keyPairFromPem,
  newPrivateKeyPem,
  nodeCrypto,
  verifierOf,
} from '@picket/base/adapters/ed25519';
import { signedAuthorityText } from '@picket/contracts/signed-authority';
import { signedTimeText } from '@picket/contracts/signed-time';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { leaseFor } from './lease-for.ts';

/** An answer to be signed and sent. */
interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export type Desired = 'run' | 'pause' | 'stop';

/**
 * A tiny platform for tests: real HTTPS with its own CA, verified requests, signed answers. The test scripts what it
 * grants and desires, and looks at what came in.
 */
export class PlatformStandIn {
  readonly ca: TestCa;
  readonly #server: Server;
  readonly #sockets = new Set<Duplex>();
  readonly #key: KeyPair;
  readonly #used = new Set<string>();
  readonly #held = new Set<() => void>();
  /** Public key of the enrolled device, base64url. */
  deviceKey: string | null = null;
  activated = false;
  readonly polls: PollRequest[] = [];
  readonly instances = new Set<string>();
  /** Each request that came in, signed or not: method and path. */
  readonly asked: string[] = [];
  /** Events by sequence number, as stored. */
  readonly events: SpooledEvent[] = [];
  stream: string | null = null;
  uploads = 0;
  grants: SignedLease[] = [];
  readonly desired = new Map<string, { desired: Desired; expiresAt: string }>();
  /** Answers every signed request with this refusal. */
  refusal: { status: number; code: string } | null = null;
  /** Destroys the connection of so many uploads halfway through their body. */
  cutUploads = 0;
  /** Stores so many uploads, then destroys the connection instead of answering. */
  cutAnswers = 0;
  /** Forgets the events from this number on at the next upload, as a database that was set back. */
  rewindTo: number | null = null;
  /** Cuts a held poll after so many milliseconds, as an impatient proxy does. */
  cutPollsAfterMs: number | null = null;
  /** Signs answers with a key that is not the platform's. */
  forge = false;
  /** A path that something in between answers in its place. */
  blocked: string | null = null;
  /** Measurements with a larger body get no answer, as on a way that loses packets of full size; bytes. */
  largestMessage = Number.POSITIVE_INFINITY;
  /** Where it says that it is now. */
  movedTo: string | null = null;
  /** How far its time is ahead of this machine's, milliseconds. */
  aheadMs = 0;
  /** Repeats the answer to an earlier request. */
  replayAnswer = false;
  #lastAnswer: { headers: Record<string, string>; body: Buffer } | null = null;
  pollIntervalSeconds = 60;
  longPoll = true;

  private constructor(ca: TestCa, server: Server, key: KeyPair) {
    this.#key = key;
    this.ca = ca;
    this.#server = server;
  }

  static async start(
    options: {
      names?: readonly string[];
      daysAgo?: number;
      port?: number;
      ca?: TestCa;
      aheadMs?: number;
      key?: KeyPair;
      /** Another authority than its own that its certificate is of. */
      certificateOf?: TestCa;
    } = {},
  ): Promise<PlatformStandIn> {
    const ca = options.ca ?? (await testCa('Test CA', Date.now() + (options.aheadMs ?? 0)));
    const server = createServer(
      await (options.certificateOf ?? ca).issue(options.names ?? ['localhost', '127.0.0.1'], options.daysAgo),
    );
    const platform = new PlatformStandIn(ca, server, options.key ?? keyPairFromPem(newPrivateKeyPem()));
    platform.aheadMs = options.aheadMs ?? 0;
    server.on('connection', (socket) => {
      platform.#sockets.add(socket);
      socket.once('close', () => platform.#sockets.delete(socket));
    });
    server.on('request', (request, response) => void platform.#serve(request, response));
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return platform;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  get enrolment(): string {
    return `${this.url}#ca=sha256:${this.ca.sha256}`;
  }

  get key(): KeyPair {
    return this.#key;
  }

  async stop(): Promise<void> {
    this.release();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Ends all connections and refuses new ones until `reconnect`. */
  async disconnect(): Promise<number> {
    const { port } = this;
    await this.stop();
    return port;
  }

  async reconnect(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
  }

  /** Answers all held polls now, as when something changed. */
  release(): void {
    for (const wake of this.#held) wake();
    this.#held.clear();
  }

  grant(lease: Partial<Lease> = {}): Lease {
    const full = leaseFor(lease);
    this.grants.push(this.sign(full));
    this.desired.set(full.leaseId, { desired: 'run', expiresAt: full.expiresAt });
    this.release();
    return full;
  }

  sign(lease: Lease): SignedLease {
    const bytes = Buffer.from(JSON.stringify(lease));
    return {
      payload: bytes.toString('base64url'),
      signature: Buffer.from(this.#key.sign(bytes)).toString('base64url'),
      keyId: this.#key.keyId,
    };
  }

  want(leaseId: string, desired: Desired, expiresAt?: string): void {
    const current = this.desired.get(leaseId);
    this.desired.set(leaseId, { desired, expiresAt: expiresAt ?? current?.expiresAt ?? new Date().toISOString() });
    this.release();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    response.on('error', () => {});
    const url = new URL(request.url ?? '/', this.url);
    this.asked.push(`${request.method} ${url.pathname}`);
    if (url.pathname === this.blocked) {
      response.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Blocked</h1>');
      return;
    }
    if (url.pathname === appliancePaths.caCertificate) {
      response.setHeader('content-type', 'application/x-pem-file').end(this.ca.pem);
      return;
    }
    if (url.pathname === appliancePaths.time) {
      const nonce = url.searchParams.get('nonce');
      if (nonce === null) return this.#send(request, response, refusal(400, 'enrolment.nonce-invalid'));
      response.end(JSON.stringify(await this.#signedTime(nonce)));
      return;
    }
    if (url.pathname === appliancePaths.authority) {
      const nonce = url.searchParams.get('nonce');
      if (nonce === null) return this.#send(request, response, refusal(400, 'enrolment.nonce-invalid'));
      const text = signedAuthorityText(nonce, this.ca.sha256);
      const byPlatform = Buffer.from(this.#key.sign(this.forge ? Buffer.of(1) : text)).toString('base64url');
      response.end(JSON.stringify({ caSha256: this.ca.sha256, byPlatform }));
      return;
    }
    if (url.pathname === appliancePaths.events && this.cutUploads > 0) {
      this.cutUploads -= 1;
      request.once('data', () => request.socket.destroy());
      return;
    }
    const body = await collect(request).catch(() => null);
    if (body === null) return;
    if (request.headers['signature'] === undefined) return this.#send(request, response, refusal(401, 'unsigned'));
    const fault = this.#authenticate(request, url, body);
    const reply = fault ?? (await this.#answer(url, body, request));
    if (url.pathname === appliancePaths.events && this.cutAnswers > 0) {
      this.cutAnswers -= 1;
      request.socket.destroy();
      return;
    }
    if (reply !== null) this.#send(request, response, reply);
  }

  /** Digest, signature and replay, as a platform checks them. */
  #authenticate(request: IncomingMessage, url: URL, body: Buffer): Reply | null {
    const header = (name: string) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    };
    const announced = url.pathname === appliancePaths.hello || url.pathname === appliancePaths.personalize;
    const publicKey = announced ? (JSON.parse(body.toString('utf8')).publicKey as string) : this.deviceKey;
    if (publicKey === null || claimedKeyId(header) !== keyIdOf(publicKey)) return refusal(401, 'appliance.revoked');
    const message = { method: request.method ?? '', path: url.pathname, query: url.search.slice(1), body };
    if (verifyRequest(message, header, verifierOf(publicKey), nodeCrypto) !== null)
      return refusal(401, 'request.signature');
    const instance = header('picket-instance') ?? '';
    this.instances.add(instance);
    const number = `${instance} ${header('picket-sequence')}`;
    if (this.#used.has(number)) return refusal(401, 'appliance.replayed');
    this.#used.add(number);
    if (announced) this.deviceKey = publicKey;
    return announced || this.refusal === null ? null : refusal(this.refusal.status, this.refusal.code);
  }

  async #answer(url: URL, body: Buffer, request: IncomingMessage): Promise<Reply | null> {
    switch (url.pathname) {
      case appliancePaths.hello:
        return { status: 200, body: this.activated ? this.#identity() : waiting() };
      case appliancePaths.personalize:
        if (JSON.parse(body.toString('utf8')).code !== '12345678901234') return refusal(400, 'enrolment.code-wrong');
        this.activated = true;
        return { status: 200, body: this.#identity() };
      case appliancePaths.poll:
        return this.#poll(pollRequest.parse(JSON.parse(body.toString('utf8'))), request);
      case appliancePaths.events:
        return this.#store(url, body);
      case appliancePaths.measure:
        if (body.length <= this.largestMessage)
          return { status: 200, body: Buffer.alloc(Number(url.searchParams.get('answer'))) };
        request.socket.destroy();
        return null;
      default:
        return refusal(404, 'not-found');
    }
  }

  #move(poll: PollRequest) {
    return this.movedTo === null || poll.enrolment === this.movedTo ? {} : { enrolment: this.movedTo };
  }

  #now(): string {
    return new Date(Date.now() + this.aheadMs).toISOString();
  }

  async #signedTime(nonce: string) {
    const time = this.#now();
    const text = signedTimeText(nonce, time);
    const signer = this.forge ? await testCa() : this.ca;
    const byAuthority = Buffer.from(await signer.sign(text)).toString('base64url');
    return {
      time,
      byAuthority,
      byPlatform: Buffer.from(this.#key.sign(this.forge ? Buffer.of(1) : text)).toString('base64url'),
    };
  }

  #identity() {
    return {
      state: 'activated',
      applianceId: 7,
      name: 'is_test',
      platformKey: this.#key.publicKey,
      platformKeyId: this.#key.keyId,
    };
  }

  async #poll(poll: PollRequest, request: IncomingMessage): Promise<Reply | null> {
    this.polls.push(poll);
    const news = () =>
      (poll.capacity > 0 && this.grants.length > 0) ||
      poll.leases.some((each) => {
        const { desired } = this.desired.get(each.leaseId) ?? { desired: 'stop' };
        return (
          (desired === 'pause' && each.state === 'running') ||
          (desired === 'run' && each.state === 'paused') ||
          (desired === 'stop' && each.state !== 'ending')
        );
      });
    if (poll.waitSeconds > 0 && !news()) await this.#hold(poll.waitSeconds * 1000, request);
    if (this.refusal !== null) return refusal(this.refusal.status, this.refusal.code);
    if (request.socket.destroyed) return null;
    return {
      status: 200,
      body: {
        level: 1,
        serverTime: this.#now(),
        settings: {
          name: 'is_test',
          pollIntervalSeconds: this.pollIntervalSeconds,
          longPoll: this.longPoll,
          ...this.#move(poll),
        },
        leases: poll.leases.map(({ leaseId }) => ({
          leaseId,
          ...(this.desired.get(leaseId) ?? { desired: 'stop', expiresAt: new Date().toISOString() }),
        })),
        granted: this.grants.splice(0, poll.capacity),
      },
    };
  }

  #hold(milliseconds: number, request: IncomingMessage): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        clearTimeout(cut);
        this.#held.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      const cut =
        this.cutPollsAfterMs === null ? undefined : setTimeout(() => request.socket.destroy(), this.cutPollsAfterMs);
      this.#held.add(finish);
      request.socket.once('close', finish);
    });
  }

  #store(url: URL, body: Buffer): Reply {
    this.uploads += 1;
    this.stream = url.searchParams.get('stream');
    const first = Number(url.searchParams.get('first'));
    if (this.rewindTo !== null) {
      this.events.splice(this.rewindTo - 1);
      this.rewindTo = null;
    }
    const next = this.events.length + 1;
    if (first > next) return { status: 409, body: { next } };
    const lines = gunzipSync(body).toString('utf8').trimEnd().split('\n');
    for (const line of lines) {
      const event = spooledEvent.parse(JSON.parse(line));
      if (event.seq === this.events.length + 1) this.events.push(event);
    }
    return { status: 200, body: { next: this.events.length + 1 } };
  }

  #send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    const body = reply.body instanceof Uint8Array ? Buffer.from(reply.body) : Buffer.from(JSON.stringify(reply.body));
    const forged = generateKeyPairSync('ed25519').privateKey;
    const sign = this.forge ? (bytes: Uint8Array) => new Uint8Array(signBytes(null, bytes, forged)) : this.#key.sign;
    const params = { created: Math.floor(Date.now() / 1000), keyId: this.#key.keyId };
    const requestSignature = String(request.headers['signature']);
    const headers = signAnswer({ status: reply.status, body }, requestSignature, params, sign, nodeCrypto);
    const answer = this.replayAnswer && this.#lastAnswer ? this.#lastAnswer : { headers, body };
    this.#lastAnswer ??= { headers, body };
    const type = reply.status >= 400 && reply.status !== 409 ? 'application/problem+json' : 'application/json';
    response.writeHead(reply.status, { ...answer.headers, 'content-type': type });
    response.end(answer.body);
  }
}

function waiting() {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  return { state: 'waiting', activationCode: '123456789012', expiresAt, retryAfterSeconds: 1 };
}

function refusal(status: number, code: string): Reply {
  return {
    status,
    body: {
      type: 'about:blank',
      title: code,
      status,
      code,
      detail: `Refused: ${code}.`,
      hint: 'None.',
      requestId: 'r1',
    },
  };
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
