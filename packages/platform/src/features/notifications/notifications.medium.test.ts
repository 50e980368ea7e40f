import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { Clock } from '@picket/base/clock';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordEvent } from '../../jobs/outbox.ts';
import { smtpSender } from '../../server/mail.ts';
import { outboundConnector } from '../../server/outbound-connector.ts';
import { secretBox } from '../../server/secret-box.ts';
import { type TestClient, type TestPlatform, withTestPlatform } from '../../server/testing.ts';
import { canRun, databaseKinds, type DatabaseKind } from '../../storage/testing.ts';
import { attemptLimit } from './domain/attempts.ts';
import { lookAtAppliances } from './presence-job.ts';
import { digestMs } from './spread.ts';
import { type NotificationDeps, work } from './worker.ts';

interface Delivered {
  readonly id: string;
  readonly body: { id: string; kind: string; title: string; url: string; data: Record<string, unknown> };
  readonly raw: string;
  readonly signature: string;
}

let ca: TestCa;
beforeAll(async () => {
  ca = await testCa();
});
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A receiver on loopback; `answers` are the statuses of its first answers, 200 after. */
async function receiver(answers: number[] = []): Promise<{ url: string; got: Delivered[]; paths: string[] }> {
  const got: Delivered[] = [];
  const paths: string[] = [];
  const server = createServer(await ca.issue(['127.0.0.1', 'localhost']), (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const raw = Buffer.concat(parts).toString('utf8');
      paths.push(request.url ?? '');
      got.push({
        id: String(request.headers['picket-event-id']),
        body: JSON.parse(raw),
        raw,
        signature: String(request.headers['picket-signature']),
      });
      const status = answers.shift() ?? 200;
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `https://localhost:${(server.address() as AddressInfo).port}/hook?x=1`, got, paths };
}

interface Ground {
  readonly running: TestPlatform;
  readonly manager: TestClient;
  readonly deps: NotificationDeps;
  advance(milliseconds: number): void;
  appliance(name: string): Promise<number>;
  contact(id: number): Promise<void>;
}

/** A platform whose own background work looks but sends to nobody that a test has not set up. */
async function onGround(
  kind: DatabaseKind,
  localReceivers: boolean,
  test: (ground: Ground) => Promise<void>,
): Promise<void> {
  let offset = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + offset };
  await withTestPlatform(
    kind,
    async (running) => {
      const { context } = running.platform;
      const { db } = context.database;
      const { subscriptionId } = context;
      const connect = (allowOwnMachine: boolean) => outboundConnector(context.config, context, { allowOwnMachine });
      await test({
        running,
        manager: await running.signedIn('manager'),
        deps: {
          context,
          box: secretBox(context.keys.platform, systemRandom),
          sendMail: smtpSender(connect(true), clock),
          webhooks: connect(localReceivers),
        },
        advance: (milliseconds) => (offset += milliseconds),
        appliance: async (name) => {
          const row = {
            subscription_id: subscriptionId,
            name,
            state: 'active',
            last_contact: new Date(clock.now()),
          } as const;
          const made = await db
            .insertInto('appliance')
            .values({ ...row, connection: 'polling', poll_interval_seconds: 60 })
            .returning('id')
            .executeTakeFirstOrThrow();
          return made.id;
        },
        contact: async (id) => {
          await db
            .updateTable('appliance')
            .set({ last_contact: new Date(clock.now()) })
            .where('id', '=', id)
            .execute();
        },
      });
    },
    { clock, config: { localReceivers } },
  );
}

async function hook(
  manager: TestClient,
  url: string,
  kinds: readonly string[],
): Promise<{ id: number; secret: string }> {
  const answer = await manager.send('POST', '/api/v1/webhooks', { name: 'Chat', url, kinds, caPem: ca.pem });
  expect(answer.status).toBe(201);
  return { id: answer.json.webhook.id, secret: answer.json.secret };
}

const presence = ['appliance.offline', 'appliance.back'];

describe.each(databaseKinds)('notifications on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('tell one outage once, and its end once with how long it took, signed', () =>
    onGround(kind, true, async ({ manager, deps, advance, appliance, contact }) => {
      const { url, got } = await receiver();
      const { secret } = await hook(manager, url, presence);
      const id = await appliance('one');
      const { context } = deps;
      await lookAtAppliances(context);
      // Looks go on, as in real life: a gap in them would mean that the platform was away.
      for (let seconds = 0; seconds < 180; seconds += 45) {
        advance(45_000);
        await Promise.all([lookAtAppliances(context), lookAtAppliances(context)]);
        await Promise.all([work(deps), work(deps)]);
      }
      expect(got.map(({ body }) => body.kind)).toEqual(['appliance.offline']);
      await contact(id);
      await lookAtAppliances(context);
      await Promise.all([work(deps), work(deps), lookAtAppliances(context)]);
      expect(got.map(({ body }) => body.kind)).toEqual(presence);
      expect(got[1]?.body).toMatchObject({
        title: expect.stringMatching(/^Appliance one is back after 3 min/),
        data: { seconds: expect.toSatisfy((seconds: number) => seconds >= 180) },
      });
      for (const { id: eventId, body, raw, signature } of got) {
        const [, seconds = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
        expect(mac).toBe(createHmac('sha256', secret).update(`${seconds}.${raw}`).digest('hex'));
        expect(body.id).toBe(eventId);
      }
    }),
  );

  it.skipIf(!canRun(kind))('blame no appliance when the platform itself was away', () =>
    onGround(kind, true, async ({ deps, advance, appliance }) => {
      const { context } = deps;
      for (const name of ['one', 'two', 'three']) await appliance(name);
      await lookAtAppliances(context);
      advance(3_600_000);
      await lookAtAppliances(context);
      advance(50_000);
      await lookAtAppliances(context);
      const { db } = context.database;
      expect(await db.selectFrom('outbox_event').select('kind').execute()).toEqual([]);
      for (let round = 0; round < 3; round += 1) {
        advance(50_000);
        await lookAtAppliances(context);
      }
      expect(await db.selectFrom('outbox_event').select('kind').execute()).toHaveLength(3);
    }),
  );

  it.skipIf(!canRun(kind))(
    'are tried again under the same id until the receiver takes them, one attempt at a time',
    () =>
      onGround(kind, true, async ({ manager, deps, advance }) => {
        const { url, got, paths } = await receiver([500, 302]);
        await hook(manager, url, ['appliance.suspect']);
        const { context } = deps;
        const scope = { subscriptionId: context.subscriptionId };
        const event = { kind: 'appliance.suspect', applianceId: 1, name: 'one' } as const;
        await recordEvent(scope, context.database.db, event, new Date(context.clock.now()));
        for (let round = 0; round < 3; round += 1) {
          await Promise.all([work(deps), work(deps), work(deps)]);
          advance(300_000);
        }
        expect(got).toHaveLength(3);
        expect(new Set(got.map(({ id }) => id)).size).toBe(1);
        expect(paths).toEqual(['/hook?x=1', '/hook?x=1', '/hook?x=1']);
        const { json } = await manager.send('GET', '/api/v1/deliveries');
        expect(json.items).toMatchObject([{ state: 'sent', attempts: 3, to: 'Chat' }]);
      }),
  );

  it.skipIf(!canRun(kind))('land in the list of those given up, and can be tried again from there', () =>
    onGround(kind, true, async ({ running, manager, deps, advance }) => {
      const { url, got } = await receiver(Array.from({ length: 3 * attemptLimit }, () => 503));
      await hook(manager, url, ['appliance.suspect']);
      const { context } = deps;
      const scope = { subscriptionId: context.subscriptionId };
      const event = { kind: 'appliance.suspect', applianceId: 1, name: 'one' } as const;
      await recordEvent(scope, context.database.db, event, new Date(context.clock.now()));
      const { db } = context.database;
      const state = async () => (await db.selectFrom('delivery').select('state').executeTakeFirst())?.state;
      for (let round = 0; (await state()) !== 'dead' && round < 3 * attemptLimit; round += 1) {
        await work(deps);
        advance(5 * 3_600_000);
      }
      const tried = got.length;
      // The session of before is over by now.
      const later = await running.signedIn('manager');
      const dead = (await later.send('GET', '/api/v1/deliveries?state=dead')).json.items;
      expect(dead).toMatchObject([{ attempts: attemptLimit, lastError: 'The receiver answered 503.' }]);
      expect((await later.send('POST', `/api/v1/deliveries/${dead[0].id}/retry`)).status).toBe(204);
      // The platform's own worker may be the one that tries it.
      while (got.length === tried) await work(deps);
      expect(got[tried]?.id).toBe(got[0]?.id);
      expect((await later.send('POST', `/api/v1/deliveries/${dead[0].id}/retry`)).status).toBe(404);
    }),
  );

  it.skipIf(!canRun(kind))('gather critical detections for five minutes into one', () =>
    onGround(kind, true, async ({ manager, deps, advance }) => {
      const { url, got } = await receiver();
      await hook(manager, url, ['detection.critical']);
      const { context } = deps;
      const scope = { subscriptionId: context.subscriptionId };
      for (let detectionId = 1; detectionId <= 30; detectionId += 1) {
        const one = {
          detectionId,
          scanId: 1,
          networkId: 1,
          name: `Hole ${detectionId}`,
          severity: 'critical',
          address: '10.0.0.7',
          port: 80,
        } as const;
        await recordEvent(
          scope,
          context.database.db,
          { kind: 'detection.critical', count: 1, detections: [one] },
          new Date(context.clock.now()),
        );
      }
      await work(deps);
      expect(got).toEqual([]);
      advance(digestMs + 1000);
      await Promise.all([work(deps), work(deps)]);
      expect(got).toHaveLength(1);
      expect(got[0]?.body).toMatchObject({ title: '30 new critical detections', data: { count: 30 } });
    }),
  );
});

describe('webhooks', () => {
  it('go to no address of the platform itself, its link or a metadata service', () =>
    onGround('embedded', false, async ({ manager }) => {
      const { url, got } = await receiver();
      for (const target of [
        url,
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://169.254.169.254/latest',
        'https://[::ffff:7f00:1]/',
        'https://2130706433/',
      ]) {
        const { id } = await hook(manager, target, []);
        const answer = await manager.send('POST', `/api/v1/webhooks/${id}/test`);
        expect([target, answer.json.ok, answer.json.detail]).toEqual([
          target,
          false,
          expect.stringContaining('does not connect to its own machine'),
        ]);
      }
      expect(got).toEqual([]);
    }));

  it('are refused without TLS or with a login in the URL, and never show their secret again', () =>
    onGround('embedded', true, async ({ running, manager }) => {
      const body = { name: 'Chat', kinds: [] };
      expect((await manager.send('POST', '/api/v1/webhooks', { ...body, url: 'http://example.org/' })).status).toBe(
        400,
      );
      const login = await manager.send('POST', '/api/v1/webhooks', { ...body, url: 'https://a:b@example.org/' });
      expect(login).toMatchObject({ status: 422, json: { code: 'webhook.url-with-login' } });
      const { url } = await receiver();
      const { secret } = await hook(manager, url, []);
      expect((await manager.send('GET', '/api/v1/webhooks')).text).not.toContain(secret);
      const rows = await running.platform.context.database.db.selectFrom('webhook').select('secret').execute();
      expect(Buffer.from(rows[0]?.secret ?? []).toString('latin1')).not.toContain(secret.slice(6));
    }));
});
