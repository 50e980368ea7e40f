import { err, ok } from '@picket/base/result';
import { describe, expect, it } from 'vitest';
import { type InitOutcome, ScriptInits } from './script-inits.ts';

const given: InitOutcome = ok({ payloads: null, variables: new Map() });
const cancelled: InitOutcome = err({ reason: 'cancelled', detail: '' });
const alive = new AbortController().signal;

describe('the init scripts of a scan', () => {
  it('run once for each key, also where they failed', async () => {
    const inits = new ScriptInits();
    let runs = 0;
    const run = (outcome: InitOutcome) => async () => {
      runs += 1;
      return outcome;
    };
    const failed: InitOutcome = err({ reason: 'local-limit', detail: 'x' });
    await Promise.all(Array.from({ length: 50 }, () => inits.get('a', run(given), alive)));
    expect(await inits.get('b', run(failed), alive)).toBe(failed);
    expect(await inits.get('b', run(given), alive)).toBe(failed);
    expect(runs).toBe(2);
  });

  it('run again for the others when the host that ran them was cancelled', async () => {
    const inits = new ScriptInits();
    const gate = Promise.withResolvers<InitOutcome>();
    const ended = AbortSignal.abort();
    const first = inits.get('a', () => gate.promise, ended);
    const others = Array.from({ length: 3 }, () => inits.get('a', async () => given, alive));
    const gone = inits.get('a', async () => given, ended);
    gate.resolve(cancelled);
    expect(await first).toBe(cancelled);
    expect(await gone).toBe(cancelled);
    expect(await Promise.all(others)).toEqual([given, given, given]);
  });
});
