import { formatIp, type IpRange } from '@picket/base/ip';
import { addresses, rangeSet, subtract } from '@picket/base/range-set';
import { blockSizing, blocks } from '@picket/plan/blocks';
import { profiles } from '@picket/plan/profile';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameQuestions } from '../names/questions.ts';
import { type DryProbe, dryRun } from './dry-run.ts';
import type { EngineJob } from './job.ts';
import { jobOf, setOf } from '../testing/run-on.ts';

const base = 0x0a000000n;
const range = fc
  .tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 40 }))
  .map(([first, length]): IpRange => ({ family: 4, first: base + BigInt(first), last: base + BigInt(first + length) }));
const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 30 });

const job = fc
  .record({
    targets: fc.array(range, { minLength: 1, maxLength: 4 }),
    exclude: fc.array(range, { maxLength: 3 }),
    tcp: ports,
    udp: ports,
  })
  .map(({ targets, exclude, tcp, udp }): EngineJob => {
    const wanted = rangeSet(targets);
    return {
      ...jobOf({ targets: '10.0.0.1' }),
      blocks: [...blocks(wanted, blockSizing(wanted))],
      exclusions: rangeSet(exclude),
      ports: { tcp: tcp.sort((a, b) => a - b), udp: udp.sort((a, b) => a - b) },
    };
  });
const list = (run: EngineJob, seed = 1) => [...dryRun(run, { localAllowList: null, seed })];
const key = ({ phase, address, protocol, port }: DryProbe) => `${phase} ${address} ${protocol} ${port}`;

test('every question comes exactly once, and for every address and port of the plan', () => {
  fc.assert(
    fc.property(job, fc.integer(), (run, seed) => {
      const keys = list(run, seed).map(key);
      const planned = [...addresses(subtract(rangeSet(run.blocks), run.exclusions))].map(formatIp);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.filter((text) => text.startsWith('ports')).length).toBe(
        planned.length * (run.ports.tcp.length + run.ports.udp.length),
      );
    }),
    { numRuns: 30 },
  );
});

test('an excluded address is never asked', () => {
  fc.assert(
    fc.property(job, (run) => {
      const excluded = new Set([...addresses(run.exclusions)].map(formatIp));
      expect(list(run).some(({ address }) => excluded.has(address))).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('slices of a job partition its questions', () => {
  fc.assert(
    fc.property(job, fc.integer({ min: 1, max: 5 }), (run, parts) => {
      const slices = Array.from({ length: parts }, (_, part) =>
        run.blocks.filter((_block, index) => index % parts === part),
      );
      const sliced = slices.flatMap((blocksOfSlice) => list({ ...run, blocks: blocksOfSlice }).map(key));
      expect(sliced.sort()).toEqual(list(run).map(key).sort());
    }),
    { numRuns: 30 },
  );
});

test('a /8 is listed lazily', () => {
  const run = dryRun(jobOf({ targets: '10.0.0.0/8', ports: 'all' }), { localAllowList: null, seed: 1 });
  expect(run.next().value).toMatchObject({ phase: 'discovery', address: '10.0.0.0', port: 443 });
});

test('a plan with few ports has no discovery of its own, nor has one that takes every address for a host', () => {
  const few = list(jobOf({ targets: '10.0.0.1', ports: '80,443' }));
  expect(few.map(({ phase }) => phase)).toEqual(['ports', 'ports']);
  const assumed = list(jobOf({ targets: '10.0.0.1', ports: '1-100', assumeAlive: true }));
  expect(assumed.every(({ phase }) => phase === 'ports')).toBe(true);
});

test('ended units are left out, as in a resumed run', () => {
  const run = jobOf({ targets: '10.0.0.1,10.0.0.2', ports: '1-100', profile: profiles.fast });
  const resume = { ...run.resume, ended: [{ phase: 'ports' as const, subject: '10.0.0.1' }] };
  expect(
    list({ ...run, resume })
      .filter(({ phase }) => phase === 'ports')
      .every(({ address }) => address === '10.0.0.2'),
  ).toBe(true);
});

test('the local allow-list narrows what is listed', () => {
  const run = jobOf({ targets: '10.0.0.0/29', ports: '1-3' });
  const listed = [...dryRun(run, { localAllowList: setOf('10.0.0.2'), seed: 1 })];
  expect(new Set(listed.map(({ address }) => address))).toEqual(new Set(['10.0.0.2']));
});

test('questions for names are listed where they are asked, each once, of what a map or a scan with services may touch', () => {
  const options = { localAllowList: null, seed: 1, nameQuestions };
  const listed = [...dryRun(jobOf({ kind: 'map', targets: '10.0.0.1-10.0.0.3', exclude: '10.0.0.2' }), options)];
  const names = listed.filter(({ phase }) => phase === 'names').map(key);
  expect(names).toHaveLength(new Set(names).size);
  expect(names).toHaveLength(2 * 6);
  expect(names).toContain('names 10.0.0.3 udp 137');
  expect([...dryRun(jobOf({ targets: '10.0.0.1' }), options)].some(({ phase }) => phase === 'names')).toBe(false);
});
