import type { EngineEvent } from '@picket/contracts/event';
import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

const event = (number: number): EngineEvent => ({
  type: 'note',
  unit: { phase: 'discovery', subject: '10.0.0.1' },
  time: '2026-01-01T00:00:00.000Z',
  level: 'info',
  code: 'x',
  message: String(number),
});

test('events come out in order, then the end', async () => {
  const queue = new EventQueue();
  for (let number = 0; number < 3000; number += 1) queue.push(event(number));
  queue.end();
  for (let number = 0; number < 3000; number += 1)
    expect(await queue.next()).toMatchObject({ message: String(number) });
  expect(await queue.next()).toBeNull();
});

test('a reader waits for the next event', async () => {
  const queue = new EventQueue();
  const next = queue.next();
  queue.push(event(1));
  expect(await next).toMatchObject({ message: '1' });
});

test('there is no room while a thousand events are unread, and room again when they are read or all is over', async () => {
  const queue = new EventQueue();
  for (let number = 0; number < 1024; number += 1) queue.push(event(number));
  let rooms = 0;
  void queue.room().then(() => (rooms += 1));
  await Promise.resolve();
  expect(rooms).toBe(0);
  await queue.next();
  await Promise.resolve();
  expect(rooms).toBe(1);
  queue.push(event(1024));
  const last = queue.room();
  queue.end();
  await last;
});
