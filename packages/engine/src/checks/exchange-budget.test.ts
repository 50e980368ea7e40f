import { describe, expect, it } from 'vitest';
import { ExchangeBudget } from './exchange-budget.ts';

const limits = { exchangesPerHost: 6, exchangesPerPort: 4, exchangesPerPath: 2 };

describe('the budget of exchanges', () => {
  it('ends for a path first, then for its port, then for the host', () => {
    const budget = new ExchangeBudget(limits);
    const ask = (port: number, path?: string) => budget.spend(port, path);
    expect([ask(80, '/login?a=1'), ask(80, '/login?a=2'), ask(80, '/login')]).toEqual([
      null,
      null,
      '2 exchanges were made about /login',
    ]);
    expect([ask(80, '/a'), ask(80, '/b'), ask(80, '/c')]).toEqual([null, null, '4 exchanges were made with this port']);
    expect([ask(443, '/login'), ask(22), ask(22)]).toEqual([null, null, '6 exchanges were made with this host']);
    expect(budget.spent).toBe(6);
  });
});
