import { anything, assert, object, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginTrial,
  confirmTrial,
  countStart,
  dropInUse,
  emptyRecord,
  fallBack,
  parseRecord,
  parseRequest,
  versionsInUse,
  versionToRun,
} from './update-record.ts';

const release = (version: string) => ({ version, sha256: version.padEnd(64, '0'), now: 0 });
const installed = (...versions: string[]) =>
  versions.reduce((record, version) => confirmTrial(beginTrial(record, release(version))), emptyRecord);

describe('the record of a kind', () => {
  it('runs what is on trial, then what was confirmed', () => {
    const trial = countStart(beginTrial(emptyRecord, release('0.2.0')));
    expect([versionToRun(emptyRecord), versionToRun(trial), trial.trial?.starts]).toEqual([null, '0.2.0', 1]);
    expect(versionToRun(confirmTrial(trial))).toBe('0.2.0');
    expect(versionToRun(fallBack(trial, 'a', 'b'))).toBeNull();
  });

  it('keeps the last two good versions', () => {
    const record = installed('0.2.0', '0.3.0', '0.4.0', '0.5.0');
    expect(record).toMatchObject({ inUse: release('0.5.0'), previous: [release('0.4.0'), release('0.3.0')] });
    expect(versionsInUse(beginTrial(record, release('0.6.0')))).toEqual(['0.5.0', '0.6.0', '0.4.0', '0.3.0']);
  });

  it('goes back to the version before when the confirmed one goes bad, and to the installation at last', () => {
    const once = dropInUse(installed('0.2.0', '0.3.0'), 'updates.crashed', 'it ended');
    expect(once).toMatchObject({
      inUse: release('0.2.0'),
      previous: [],
      bad: [{ version: '0.3.0', outcome: 'fell-back' }],
    });
    expect(dropInUse(once, 'updates.crashed', '').inUse).toBeNull();
    expect(dropInUse(emptyRecord, 'a', 'b')).toEqual(emptyRecord);
  });

  it('remembers a bad version until it was confirmed after all', () => {
    const bad = fallBack(beginTrial(installed('0.1.0'), release('0.2.0')), 'updates.no-call', 'silent');
    expect(bad.bad).toMatchObject([{ version: '0.2.0', code: 'updates.no-call', outcome: 'fell-back' }]);
    expect(confirmTrial(beginTrial(bad, release('0.2.0'))).bad).toEqual([]);
  });

  it('is read back as it was written, and anything else counts as empty', () => {
    const record = beginTrial(
      fallBack(beginTrial(installed('0.1.0', '0.2.0'), release('0.3.0')), 'a', 'b'),
      release('0.4.0'),
    );
    expect(parseRecord(JSON.stringify(record))).toEqual(record);
    expect(parseRecord(null)).toEqual(emptyRecord);
    assert(
      property(string(), (text) => {
        expect(parseRecord(text).inUse).toBeNull();
      }),
    );
    assert(
      property(object({ key: string() }), anything(), (value, trial) => {
        const read = parseRecord(JSON.stringify({ ...value, trial, inUse: { version: '../../etc' } }));
        expect(read.inUse).toBeNull();
        expect(parseRequest(JSON.stringify(trial) ?? null)?.version ?? '1.0').toMatch(/^[0-9.]+$/);
      }),
    );
  });
});
