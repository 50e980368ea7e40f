import { systemClock } from '@picket/base/adapters/system';
import { expect, it } from 'vitest';
import { withPlatform } from '../features/testing/platform-under-test.ts';
import type { NotificationHandler } from '../storage/notifications.ts';
import { openWakeHub } from './wake-hub.ts';

it('after lost notifications everybody looks, a few at a time, first and by name those who may be scanning', () =>
  withPlatform('embedded', async (under) => {
    const networkId = await under.network('10.0.0.0/24');
    const box = await under.appliance(networkId);
    await under.api('POST', '/api/v1/scans', { kind: 'scan', networkId, targets: '10.0.0.7', ports: '80' });
    expect((await box.poll()).granted).toHaveLength(1);

    let tell: NotificationHandler = () => {};
    const listen = async (_channel: string, handler: NotificationHandler) => {
      tell = handler;
      return async () => {};
    };
    const hub = await openWakeHub({ ...under.database, listen }, systemClock);
    const looks: string[] = [];
    const more: (() => void)[] = [];
    const over = new AbortController();
    /** One who looks when it is woken, and waits again when it is told to. */
    const wait = async (name: string, applianceId: number) => {
      const news = hub.subscribe([`appliance:${applianceId}`]);
      while (await news.next(60_000, over.signal)) {
        looks.push(`${name}${news.called ? ' by name' : ''}`);
        await new Promise<void>((resolve) => more.push(resolve));
      }
      news.close();
    };
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const waiting = [
      ...names.map((name, index) => wait(name, box.applianceId + 1 + index)),
      wait('scanning', box.applianceId),
    ];
    tell(null);
    await expect.poll(() => looks.length).toBe(4);
    expect(looks).toEqual(['scanning by name', 'a', 'b', 'c']);
    while (looks.length < 7) {
      const next = more.shift();
      if (next) next();
      else await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(looks.slice(4)).toEqual(['d', 'e', 'f']);
    over.abort();
    for (const next of more) next();
    await Promise.all(waiting);
    await hub.close();
  }));
