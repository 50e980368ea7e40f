import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { fuzzOne } from './fuzz-job.ts';
import { fuzz } from './fuzz-run.ts';
import { nextInput } from './mutation.ts';
import { fuzzTargets } from './registry.ts';

/** Folders whose decoders read what comes from a network or the kernel. */
const folders = ['wire', 'tls', 'services', 'names', 'dns', 'checks/javascript', 'adapters/kernel'];

function decoders(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(import.meta.dirname, '..', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => {
        const source = readFileSync(join(import.meta.dirname, '..', folder, name), 'utf8');
        return [...source.matchAll(/^export function ((?:decode|parse)\w+)/gm)].map((match) => match[1] ?? '');
      }),
  );
}

describe('the registry of decoders under test', () => {
  it('covers every exported decode and parse function of wire, tls, services, names, dns, scripts and the kernel adapter', () => {
    const covered = new Set(fuzzTargets.flatMap(({ covers }) => covers));
    expect(decoders().filter((name) => !covered.has(name))).toEqual([]);
  });

  it('names no function that does not exist, and no target twice', () => {
    const known = new Set(decoders());
    expect(fuzzTargets.flatMap(({ covers }) => covers).filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(fuzzTargets.map(({ name }) => name)).size).toBe(fuzzTargets.length);
  });

  it('gives each target a message that a mutation can start from', () => {
    expect(fuzzTargets.filter(({ corpus }) => corpus.length === 0).map(({ name }) => name)).toEqual([]);
  });
});

describe('a fixed share of random and mutated inputs', () => {
  it.each(fuzzTargets.map((target) => [target.name, target] as const))('does not harm %s', (_name, target) => {
    const run = { count: 100, seed: 1, slowMs: Number.POSITIVE_INFINITY, now: () => 0, processorMs: () => 0 };
    expect(fuzzOne(target, run)).toMatchObject({ inputs: 100, failure: null });
  });
});

describe('the fuzz run', () => {
  const corpus = [Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8])];
  const options = (count: number) => ({
    count,
    random: seededRandom(3),
    now: () => 0,
    processorMs: () => 0,
    slowMs: 10,
  });

  it('makes the same inputs from the same seed', () => {
    const inputs = () => {
      const random = seededRandom(9);
      return Array.from({ length: 50 }, () => [...nextInput(corpus, random, 64)]);
    };
    expect(inputs()).toEqual(inputs());
  });

  it('reports a decoder that throws, with the input', () => {
    const decode = (input: Uint8Array) => {
      if (input.length < 4) throw new Error('too short');
    };
    const { failure } = fuzz({ name: 'x', covers: [], corpus, decode }, options(1000));
    expect(failure).toMatchObject({ kind: 'throw' });
    expect((failure?.input ?? 'none').length).toBeLessThan(8);
  });

  it('reports a decoder that reads what lies behind its view', () => {
    const decode = (input: Uint8Array) => new Uint8Array(input.buffer).at(input.byteOffset + input.length);
    expect(fuzz({ name: 'x', covers: [], corpus: [new Uint8Array(0)], decode }, options(1000)).failure?.kind).toBe(
      'over-read',
    );
  });

  it('reports a decoder that changes its input', () => {
    const decode = (input: Uint8Array) => input.fill(0);
    expect(fuzz({ name: 'x', covers: [], corpus, decode }, options(1000)).failure?.kind).toBe('write');
  });

  it('reports a decoder that takes too long, and not one that had to wait for its turn', () => {
    let time = 0;
    const now = () => (time += 20);
    const target = { name: 'x', covers: [], corpus, decode: () => 0 };
    expect(fuzz(target, { ...options(10), now, processorMs: now }).failure?.kind).toBe('slow');
    expect(fuzz(target, { ...options(10), now }).failure).toBeNull();
  });
});
