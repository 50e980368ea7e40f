import { expect, test } from 'vitest';
import { ApiError } from '../../shared/api/api-error.ts';
import { type BulkOutcome, runBulk } from './bulk-run.ts';

const appliances = [
  { id: 1, name: 'one' },
  { id: 2, name: 'two' },
  { id: 3, name: 'three' },
];
const refusal = new ApiError({
  type: 'about:blank',
  title: 'Refused',
  status: 404,
  code: 'appliance.not-found',
  detail: 'There is no appliance 2.',
  hint: 'Reload the list.',
  requestId: '',
});

test('one that is refused keeps none of the others back and says why', async () => {
  const asked: unknown[] = [];
  const outcomes: BulkOutcome[] = [];
  const send = async (_schema: unknown, method: string, path: string, body?: unknown) => {
    asked.push([method, path, body]);
    if (path.endsWith('/2')) throw refusal;
    return undefined as never;
  };
  const watch = { onOutcome: (one: BulkOutcome) => outcomes.push(one), signal: new AbortController().signal };
  await runBulk({ send }, appliances, { kind: 'change', change: { pollIntervalSeconds: 60 } }, watch);
  expect(asked).toEqual([1, 2, 3].map((id) => ['PATCH', `/appliances/${id}`, { pollIntervalSeconds: 60 }]));
  expect(outcomes).toEqual([
    { id: 1, name: 'one', detail: null },
    { id: 2, name: 'two', detail: 'There is no appliance 2. Reload the list.' },
    { id: 3, name: 'three', detail: null },
  ]);
});

test('it stops between two of them when somebody wants it to', async () => {
  const stop = new AbortController();
  const outcomes: BulkOutcome[] = [];
  const send = async () => undefined as never;
  const onOutcome = (one: BulkOutcome) => {
    outcomes.push(one);
    stop.abort();
  };
  await runBulk({ send }, appliances, { kind: 'delete' }, { onOutcome, signal: stop.signal });
  expect(outcomes).toHaveLength(1);
});
