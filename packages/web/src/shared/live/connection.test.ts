import { expect, test } from 'vitest';
import { initialLive, liveReducer, staleMs } from './connection.ts';

test('a connection that opens is live', () => {
  expect(liveReducer(initialLive, { kind: 'opened', at: 5 })).toEqual({ connection: 'live', heardAt: 5 });
});
test('a lost connection reconnects, then is stale, then live again', () => {
  let state = liveReducer({ connection: 'live', heardAt: 1000 }, { kind: 'lost', at: 2000 });
  expect(state.connection).toBe('reconnecting');
  state = liveReducer(state, { kind: 'tick', at: 1000 + staleMs });
  expect(state.connection).toBe('reconnecting');
  state = liveReducer(state, { kind: 'tick', at: 1001 + staleMs });
  expect(state.connection).toBe('stale');
  expect(liveReducer(state, { kind: 'lost', at: 99_000 }).connection).toBe('stale');
  expect(liveReducer(state, { kind: 'heard', at: 99_000 })).toEqual({ connection: 'live', heardAt: 99_000 });
});
test('a quiet live connection stays live', () => {
  expect(liveReducer({ connection: 'live', heardAt: 0 }, { kind: 'tick', at: 1e9 }).connection).toBe('live');
});
test('a connection that never opened becomes stale too', () => {
  const lost = liveReducer(initialLive, { kind: 'lost', at: 7000 });
  expect(liveReducer(lost, { kind: 'tick', at: 7001 + staleMs }).connection).toBe('stale');
});
