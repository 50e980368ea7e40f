import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { type LiveEvent, liveEvent } from '@picket/contracts/api/scan';
import { describe, expect, it } from 'vitest';
import { canRun, databaseKinds } from '../../storage/testing.ts';
import { type TestPlatform, withTestPlatform } from '../../server/testing.ts';
import { wholeScan } from '../testing/events.ts';
import { type PlatformUnderTest, withPlatform } from '../testing/platform-under-test.ts';

interface Follower {
  /** Resolves with the first event that fits; an event is looked at once. */
  until(fits: (event: LiveEvent) => boolean): Promise<LiveEvent>;
  readonly ended: Promise<void>;
  close(): void;
}

/** Follows a stream over the administration socket. */
function follow(under: PlatformUnderTest, path: string): Promise<Follower> {
  const socketPath = join(under.platform.context.config.dataDirectory, 'admin.sock');
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ socketPath, path, headers: { 'last-event-id': '12' } }, (response) => {
      expect(response.headers['content-type']).toContain('text/event-stream');
      const events: LiveEvent[] = [];
      let look = () => {};
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) {
          const data = /^data: (.*)$/m.exec(part)?.[1];
          if (data !== undefined) events.push(liveEvent.parse(JSON.parse(data)));
        }
        look();
      });
      response.on('error', () => {});
      const ended = new Promise<void>((done) => response.once('close', () => done()));
      resolve({
        ended,
        close: () => sent.destroy(),
        until: (fits) =>
          new Promise((found) => {
            look = () => {
              for (let next = events.shift(); next; next = events.shift()) {
                if (!fits(next)) continue;
                // What comes after it is for the next question.
                look = () => {};
                return found(next);
              }
            };
            look();
          }),
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

/** Follows the stream of everything as a signed-in browser. Resolves with the status; `ended` once the platform ended it. */
function followSignedIn(running: TestPlatform, cookie: string | null) {
  const { platform } = running;
  const host = { host: 'localhost', port: platform.port, family: 4, ca: platform.caPem ?? '', agent: false };
  return new Promise<{ status: number; ended: Promise<void>; close(): void }>((resolve, reject) => {
    const sent = httpsRequest({ ...host, path: '/api/v1/stream', headers: { cookie: cookie ?? '' } }, (response) => {
      response.resume();
      response.on('error', () => {});
      const ended = new Promise<void>((done) => response.once('close', () => done()));
      resolve({ status: response.statusCode ?? 0, ended, close: () => sent.destroy() });
    });
    sent.once('error', reject);
    sent.end();
  });
}

describe.each(databaseKinds)('streams of signed-in people on the %s database', (kind) => {
  it.skipIf(!canRun(kind))('end at once with their session, and only with theirs', () =>
    withTestPlatform(kind, async (running) => {
      const leaving = await running.signedIn('manager');
      const staying = await running.signedIn('reader');
      const first = await followSignedIn(running, leaving.cookie);
      const second = await followSignedIn(running, staying.cookie);
      let secondEnded = false;
      void second.ended.then(() => (secondEnded = true));
      const began = performance.now();
      expect((await leaving.send('DELETE', '/api/v1/session')).status).toBe(200);
      await first.ended;
      expect(performance.now() - began).toBeLessThan(2000);
      expect((await staying.send('GET', '/api/v1/overview')).status).toBe(200);
      expect(secondEnded).toBe(false);
      second.close();
    }),
  );

  it.skipIf(!canRun(kind))('are limited for each account, and a closed one makes room', () =>
    withTestPlatform(kind, async (running) => {
      const many = await running.signedIn('manager');
      const other = await running.signedIn('reader');
      const open = await Promise.all(Array.from({ length: 20 }, () => followSignedIn(running, many.cookie)));
      expect(open.every(({ status }) => status === 200)).toBe(true);
      const refused = await many.send('GET', '/api/v1/stream');
      expect(refused).toMatchObject({
        status: 429,
        json: { code: 'live.too-many-streams', hint: 'Close some pages.' },
      });
      expect(refused.headers['retry-after']).toBe('15');
      const another = await followSignedIn(running, other.cookie);
      expect(another.status).toBe(200);
      for (const one of [...open, another]) one.close();
      await expect
        .poll(async () => {
          const again = await followSignedIn(running, many.cookie);
          again.close();
          return again.status;
        })
        .toBe(200);
    }),
  );
});

describe.each(databaseKinds)('live streams on the %s database', (kind) => {
  it.skipIf(!canRun(kind))(
    'a follower of a scan sees its state, its ledger and its findings as they come, and the end of the platform',
    () =>
      withPlatform(kind, async (under) => {
        const network = await under.network('10.0.0.0/24');
        const box = await under.appliance(network);
        const body = { kind: 'scan', networkId: network, targets: '10.0.0.7', ports: '80' };
        const { id } = (await under.api('POST', '/api/v1/scans', body)).json;
        const scan = await follow(under, `/api/v1/scans/${id}/stream`);
        const all = await follow(under, '/api/v1/stream');
        expect(await scan.until((event) => event.type === 'scan')).toMatchObject({ scan: { id, status: 'queued' } });
        const [signed] = (await box.poll()).granted;
        if (!signed) throw new Error('no lease was granted');
        await scan.until((event) => event.type === 'scan' && event.scan.status === 'running');
        await all.until((event) => event.type === 'appliance' && event.applianceId === box.applianceId);
        const lease = box.openLease(signed);
        await box.upload(box.spool(lease, wholeScan(lease, '10.0.0.7', new Date().toISOString(), 'found')));
        const row = await scan.until(
          (event) => event.type === 'ledger' && event.rows.some((one) => one.kind === 'host'),
        );
        expect(row).toMatchObject({ scanId: id });
        await all.until((event) => event.type === 'scan' && event.scan.status === 'finished');
        expect(await all.until((event) => event.type === 'finding')).toMatchObject({
          scanId: id,
          address: '10.0.0.7',
          severity: 'high',
          port: 80,
        });
        expect(await under.api('GET', '/api/v1/scans/999/stream')).toMatchObject({ status: 404 });
        const closed = under.platform.close();
        await Promise.all([scan.ended, all.ended, closed]);
      }),
  );
});
