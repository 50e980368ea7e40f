import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineEvent } from '@picket/contracts/event';
import { resumeFrom } from '@picket/contracts/resume';
import { expect, it, onTestFinished } from 'vitest';
import { leaseStore } from './lease-store.ts';

const address = '10.0.0.1';
const unit = { phase: 'checks' as const, subject: address };
const time = '2026-11-29T00:00:00.000Z';
const checked: EngineEvent = {
  type: 'checked',
  unit,
  time,
  address,
  protocol: 'tcp',
  port: 80,
  contentVersion: '1',
  passed: Array.from({ length: 500 }, (_, index) => `check-${index}`),
  notEvaluable: [{ check: 'other', reason: 'timeout' }],
};

it('journals how far the checks of a host are, and not what they said', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'picket-lease-store-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'one'));
  const store = leaseStore(folder);
  await store.journal('one', [checked, { ...checked, plan: 'p', done: '0-99', part: 1 }]);
  await store.journal('one', [{ type: 'note', unit, time, level: 'info', code: 'a', message: 'b' }]);
  const events = await store.readJournal('one');
  expect(events).toMatchObject([{ type: 'checked', passed: [], notEvaluable: [], done: '0-99' }]);
  expect(resumeFrom(events).checks).toEqual([
    { address, protocol: 'tcp', port: 80, plan: 'p', done: '0-99', parts: 2 },
  ]);
});
