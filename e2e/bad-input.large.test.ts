import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { appliancePaths } from '@picket/contracts/protocol';
import { keyPairFromPem, newPrivateKeyPem } from '@picket/base/adapters/ed25519';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  canRunPostgres,
  type PostgresServer,
  startPostgres,
} from '../packages/platform/src/storage/server/testing-postgres.ts';
import { Device, deviceFacts, type DeviceMessage, pollBody } from './harness/device.ts';
import { HttpsVisitor } from './harness/https-visitor.ts';
import { LoopbackPlatform } from './harness/loopback-platform.ts';
import { type SentAnswer, sendRequest } from './harness/send-request.ts';

/** What comes in with requests of every kind, refused or not. */
const comesAndGoes = new Set(['rate_limit', 'appliance_instance', 'session']);
const stream = '11111111-2222-4333-8444-555555555555';

/** What a refusal must say: its status and code, and words of its reason (`detail` or the message of a field). */
interface Expected {
  readonly status: number;
  readonly code: string;
  readonly reason: RegExp;
}

describe.skipIf(!canRunPostgres())('bad input to the running product', () => {
  let postgres: PostgresServer;
  let data: string;
  let platform: LoopbackPlatform;
  let manager: HttpsVisitor;
  let device: Device;
  let networkId: number;

  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.administer('create database bad_input');
    data = await mkdtemp(join(tmpdir(), 'picket-bad-input-'));
    platform = await LoopbackPlatform.start(data, postgres.socketUrl('bad_input'));
    manager = new HttpsVisitor(platform.status.url, platform.ca);
    const { login, oneTimePassword } = platform.status.firstManager ?? { login: '', oneTimePassword: '' };
    await manager.settleIn(login, oneTimePassword, 'a long enough password');
    const network = { name: 'Lab', ranges: '10.0.0.0/8\nfd00::/16', exclusions: '' };
    networkId = (await manager.call('POST', '/api/v1/networks', network)).json.id;
    device = await enrol();
  }, 120_000);

  afterAll(async () => {
    await platform?.[Symbol.asyncDispose]();
    await postgres?.stop();
    await rm(data, { recursive: true, force: true });
  }, 30_000);

  const invalid = { status: 422, code: 'scan.request-invalid' };
  it.each<[string, object, Expected]>([
    ['a prefix beyond its length', { targets: '10.0.0.0/33' }, { ...invalid, reason: /10\.0\.0\.0\/33.*(0 to 32|32)/ }],
    ['a leading zero', { targets: '010.1.2.3' }, { ...invalid, reason: /010\.1\.2\.3.*(zero|octal)/i }],
    ['a hexadecimal address', { targets: '0x7f.1' }, { ...invalid, reason: /0x7f\.1/ }],
    ['a reversed range', { targets: '10.0.0.9-10.0.0.1' }, { ...invalid, reason: /10\.0\.0\.9-10\.0\.0\.1/ }],
    [
      'a name that does not resolve',
      { targets: 'no-such-host.invalid' },
      { ...invalid, reason: /no-such-host\.invalid.*resolve/ },
    ],
    ['2^40 addresses', { targets: 'fd00::/88' }, { ...invalid, reason: /address/ }],
    ['a port beyond 65535', { ports: '70000' }, { ...invalid, reason: /70000/ }],
    ['an unknown name of a port set', { ports: 'nonsense' }, { ...invalid, reason: /nonsense/ }],
    ['a reversed port range', { ports: '90-80' }, { ...invalid, reason: /90-80/ }],
    ['a network that is not there', { networkId: 999 }, { ...invalid, reason: /no such network/i }],
    [
      'an unregistered target',
      { targets: '192.168.77.1' },
      { status: 422, code: 'scan.target-not-registered', reason: /192\.168\.77\.1.*registered/ },
    ],
    ['no target', { targets: '' }, { ...invalid, reason: /No targets are given/ }],
    ['an unknown profile', { profile: 'warp' }, { status: 400, code: 'request.invalid', reason: /profile/ }],
  ])('a scan of %s is refused with reason and way out, and nothing is started', async (_what, wrong, expected) => {
    const body = { kind: 'scan', networkId, targets: '10.0.0.1', ports: '80', ...wrong };
    await expectRefused(() => manager.call('POST', '/api/v1/scans', body), expected);
    await expectRefused(() => manager.call('POST', '/api/v1/plans', body), expected);
  });

  it.each<[string, string, unknown, Expected]>([
    [
      'a network of 10.0.0.0/33',
      '/networks',
      { name: 'N', ranges: '10.0.0.0/33' },
      { status: 400, code: 'network.invalid', reason: /10\.0\.0\.0\/33/ },
    ],
    [
      'a network of a name',
      '/networks',
      { name: 'N', ranges: 'host.example' },
      { status: 400, code: 'network.invalid', reason: /host\.example.*name/ },
    ],
    [
      'an unknown activation code',
      '/appliances/activate',
      { code: '123456789012' },
      { status: 422, code: 'appliance.code-unknown', reason: /activation code/ },
    ],
    [
      'letters for an activation code',
      '/appliances/activate',
      { code: 'letters' },
      { status: 422, code: 'appliance.code-unknown', reason: /activation code/ },
    ],
    [
      'an appliance in an unknown network',
      '/appliances/provision',
      { name: 'box', networkIds: [999] },
      { status: 422, code: 'appliance.network-unknown', reason: /999/ },
    ],
    [
      'an appliance name too long',
      '/appliances/provision',
      { name: 'x'.repeat(16) },
      { status: 400, code: 'request.invalid', reason: /name/ },
    ],
    ['a body that is no JSON', '/networks', '{"name":', { status: 400, code: 'request.malformed', reason: /JSON/ }],
    [
      'a body of 3 MB',
      '/networks',
      { name: 'x'.repeat(3_000_000) },
      { status: 413, code: 'request.too-large', reason: /large/i },
    ],
  ])('%s is refused with reason and way out', async (_what, path, body, expected) => {
    await expectRefused(() => manager.call('POST', `/api/v1${path}`, body), expected);
  });

  it.each<[string, unknown, Expected]>([
    ['unknown', '00000000000000', { status: 403, code: 'enrolment.code-unknown', reason: /does not exist/ }],
    ['too short', '123', { status: 400, code: 'request.malformed', reason: /code/ }],
  ])('a personalization code that is %s is refused', async (_what, code, expected) => {
    const stranger = new Device(keyPairFromPem(newPrivateKeyPem()));
    await expectRefused(() => personalize(stranger, code), expected);
  });

  it.each<[string, () => DeviceMessage, Expected]>([
    [
      'of an unknown protocol level',
      () => ({ ...poll(), level: 99 }),
      { status: 426, code: 'protocol.level-unsupported', reason: /99.*1/ },
    ],
    [
      'that is no JSON',
      () => ({ ...poll(), body: Buffer.from('{') }),
      { status: 400, code: 'request.malformed', reason: /JSON|object/ },
    ],
    [
      'upload of more than the limit',
      () => batch(Buffer.alloc(1_200_000)),
      { status: 413, code: 'request.too-large', reason: /large/i },
    ],
    [
      'upload that unpacks to too much',
      () => batch(gzipSync(Buffer.alloc(9_000_000, 10))),
      { status: 413, code: 'events.too-large', reason: /8388608/ },
    ],
    [
      'upload cut in its gzip',
      () => batch(gzipSync(lines(20)).subarray(0, 60)),
      { status: 400, code: 'events.malformed', reason: /cut short/ },
    ],
    [
      'upload with fewer events than announced',
      () => batch(gzipSync(lines(3)), 5),
      { status: 400, code: 'events.wrong-count', reason: /5 events.*3/ },
    ],
    [
      'upload of events cut in the middle',
      () => batch(gzipSync(lines(2).subarray(0, -30)), 2),
      { status: 400, code: 'events.malformed', reason: /Event 2/ },
    ],
    [
      'upload that is not compressed',
      () => ({ ...batch(lines(1)), contentEncoding: 'identity' }),
      { status: 415, code: 'events.not-compressed', reason: /gzip/ },
    ],
    [
      'upload without its numbers',
      () => ({ ...batch(gzipSync(lines(1))), query: 'stream=1' }),
      { status: 400, code: 'request.malformed', reason: /stream/ },
    ],
  ])('a signed request %s is refused', async (_what, message, expected) => {
    await expectRefused(() => send(device.sign(message())), expected);
  });

  it('a request that comes twice, or altered, is refused', async () => {
    const good = device.sign(poll());
    expect((await send(good)).status).toBe(200);
    await expectRefused(() => send(good), { status: 401, code: 'appliance.replayed', reason: /used before/ });
    const altered = { ...device.sign(poll()), body: Buffer.from(JSON.stringify(pollBody({ capacity: 9 }))) };
    await expectRefused(() => send(altered), {
      status: 401,
      code: 'appliance.digest-mismatch',
      reason: /changed or cut/,
    });
    const forged = { ...new Device(keyPairFromPem(newPrivateKeyPem())).sign(poll()) };
    await expectRefused(() => send(forged), {
      status: 401,
      code: 'appliance.revoked',
      reason: /no appliance with this key/,
    });
  });

  /** A refusal says what is wrong and how to mend it, and leaves every table as it was. */
  async function expectRefused(act: () => Promise<SentAnswer>, expected: Expected): Promise<void> {
    const before = await rowCounts();
    const answer = await act();
    const { status, json } = answer;
    expect({ status, code: json?.code }, answer.text.slice(0, 500)).toEqual({
      status: expected.status,
      code: expected.code,
    });
    const fields: { field: string; item?: string; message: string }[] = json.errors ?? [];
    const said = [json.detail, ...fields.map((fault) => `${fault.field} ${fault.item ?? ''} ${fault.message}`)].join(
      '\n',
    );
    expect(said).toMatch(expected.reason);
    expect(json.hint.length).toBeGreaterThan(15);
    expect(await rowCounts()).toEqual(before);
  }

  async function rowCounts(): Promise<Readonly<Record<string, number>>> {
    const client = new pg.Client({ connectionString: postgres.socketUrl('bad_input') });
    await client.connect();
    try {
      const tables = await client.query(
        "select tablename as name from pg_tables where schemaname = 'public' order by 1",
      );
      const counts: Record<string, number> = {};
      for (const { name } of tables.rows) {
        if (comesAndGoes.has(name)) continue;
        counts[name] = Number((await client.query(`select count(*) as n from "${name}"`)).rows[0].n);
      }
      return counts;
    } finally {
      await client.end();
    }
  }

  function send(prepared: Parameters<typeof sendRequest>[2]): Promise<SentAnswer> {
    return sendRequest(platform.status.url, platform.ca, prepared);
  }

  function personalize(who: Device, code: unknown): Promise<SentAnswer> {
    const body = { level: 1, publicKey: who.key.publicKey, facts: deviceFacts, code };
    return send(who.json(appliancePaths.personalize, body));
  }

  async function enrol(): Promise<Device> {
    const made = await manager.call('POST', '/api/v1/appliances/provision', { name: 'box', networkIds: [networkId] });
    const enrolled = new Device(keyPairFromPem(newPrivateKeyPem()));
    expect((await personalize(enrolled, made.json.personalizationCode)).status).toBe(200);
    expect((await send(enrolled.sign(poll()))).status).toBe(200);
    return enrolled;
  }
});

function poll(): DeviceMessage {
  return { path: appliancePaths.poll, body: Buffer.from(JSON.stringify(pollBody())) };
}

function batch(body: Uint8Array, count = 1): DeviceMessage {
  const query = `stream=${stream}&first=1&count=${count}`;
  return { path: appliancePaths.events, query, body, contentType: 'application/x-ndjson', contentEncoding: 'gzip' };
}

/** Well-formed events of a lease that nobody has. */
function lines(count: number): Buffer {
  const unit = { phase: 'discovery', subject: '10.0.0.1-10.0.0.1' };
  const texts = Array.from({ length: count }, (_, index) => {
    const event = { type: 'unit', unit, time: new Date().toISOString(), state: 'done' };
    return `${JSON.stringify({ seq: index + 1, scan: 1, slice: 1, lease: stream, event })}\n`;
  });
  return Buffer.from(texts.join(''));
}
