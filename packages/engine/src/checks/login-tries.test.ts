import { expect, it } from 'vitest';
import { loginTriesOf, memoryLoginTries } from './login-tries.ts';

it('lets an account be tried three times a day, and another account or host apart from it', () => {
  const clock = { now: Date.UTC(2026, 10, 29, 23, 59) };
  const store = memoryLoginTries();
  const tries = loginTriesOf(store, '10.0.0.1', () => clock.now);
  const three = () => Array.from({ length: 4 }, () => tries.mayTry('ssh', 22, 'root'));
  expect(three()).toEqual([true, true, true, false]);
  expect(tries.mayTry('ssh', 22, 'admin')).toBe(true);
  expect(tries.mayTry('ssh', 2222, 'root')).toBe(false);
  expect(loginTriesOf(store, '10.0.0.2', () => clock.now).mayTry('ssh', 22, 'root')).toBe(true);
  clock.now += 120_000;
  expect(three()).toEqual([true, true, true, false]);
});

it('counts together what several jobs keep in one store', () => {
  const store = memoryLoginTries();
  const job = () => loginTriesOf(store, '10.0.0.1', () => 0, 1);
  expect([job().mayTry('redis', 6379, ''), job().mayTry('redis', 6379, '')]).toEqual([true, false]);
});
