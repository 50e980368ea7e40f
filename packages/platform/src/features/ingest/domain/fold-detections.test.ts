import { describe, expect, it } from 'vitest';
import { firstSighting } from './detection-life.ts';
import { foldDetections, type KnownDetection } from './fold-detections.ts';
import type { Observation } from './fold-types.ts';

const unit = { phase: 'checks', subject: '10.0.0.7' } as const;
const time = '2026-11-21T05:00:00.000Z';
const assets = new Map([['10.0.0.7', 70]]);
const finding = (check: string, instance = ''): Observation => ({
  kind: 'found',
  at: 500,
  event: {
    type: 'finding',
    unit,
    time,
    address: '10.0.0.7',
    protocol: 'tcp',
    port: 80,
    check,
    contentVersion: '1',
    name: check,
    severity: 'high',
    proof: 'behaviour',
    instance,
    evidence: {},
  },
});
const checked = (passed: string[], notEvaluable: string[] = []): Observation => ({
  kind: 'checked',
  at: 500,
  event: {
    type: 'checked',
    unit,
    time,
    address: '10.0.0.7',
    protocol: 'tcp',
    port: 80,
    contentVersion: '1',
    passed,
    notEvaluable: notEvaluable.map((check) => ({ check, reason: 'timeout' })),
  },
});
const known = (checkId: string, instance = ''): KnownDetection => ({
  id: 9,
  place: { assetId: 70, checkId, protocol: 'tcp', port: 80, instance },
  state: firstSighting({ scanId: 1, at: 100 }),
});
const where = { at: 500, address: '10.0.0.7', protocol: 'tcp' };

describe('foldDetections', () => {
  it('makes a new detection once, however often the batch tells it', () => {
    const changes = foldDetections([], [finding('a'), finding('a')], assets, 2);
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      id: null,
      state: { status: 'new', timesFound: 1 },
      content: { severityRank: 4 },
    });
    expect(changes[0]?.steps).toEqual([{ from: null, to: 'new', at: 500 }]);
  });

  it('closes a detection whose check ran and passed, and no other', () => {
    const changes = foldDetections([known('a'), known('b')], [checked(['a'])], assets, 2);
    expect(changes.map((one) => `${one.place.checkId} ${one.state.status}`)).toEqual(['a fixed']);
  });

  it('leaves a detection open whose check did not run, and one on a filtered port', () => {
    const silent = foldDetections([known('a')], [checked([], ['a'])], assets, 2);
    expect(silent).toMatchObject([{ state: { status: 'new', notEvaluable: 'timeout' } }]);
    const filtered = foldDetections([known('a')], [{ kind: 'filtered', ...where, ports: new Set([80]) }], assets, 2);
    expect(filtered).toMatchObject([{ state: { status: 'new', notEvaluable: 'filtered' }, steps: [] }]);
  });

  it('closes a detection whose port was tested closed', () => {
    const changes = foldDetections([known('a')], [{ kind: 'closed', ...where, ports: new Set([80]) }], assets, 2);
    expect(changes).toMatchObject([{ state: { status: 'fixed' }, steps: [{ from: 'new', to: 'fixed' }] }]);
  });

  it('closes an instance that its check did not report again, once the checks of the host are done', () => {
    const done: Observation = { kind: 'checks-done', at: 600, address: '10.0.0.7' };
    const changes = foldDetections([known('a', '/old'), known('b')], [finding('a', '/new'), done], assets, 2);
    expect(changes.map((one) => `${one.place.instance} ${one.state.status}`)).toEqual(['/old fixed', '/new new']);
  });

  it('does not touch anything when the scan that reports is older than what is known', () => {
    expect(foldDetections([known('a')], [checked(['a'])], assets, 0)).toEqual([]);
  });
});
