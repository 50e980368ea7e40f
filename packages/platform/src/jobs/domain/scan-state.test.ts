import { scanStatus } from '@picket/contracts/api/scan';
import { describe, expect, it } from 'vitest';
import { desiredOf, isEnded, nextScanStatus, possibleActions, scanEvents } from './scan-state.ts';

/** Rows: status; columns: granted, pause, resume, cancel, settled, done, failed, shut. */
const whole = `
queued    running pausing -      canceling -        finished error  -
running   running pausing -      canceling -        finished error  queued
pausing   -       -       queued canceling paused   finished error  -
paused    -       -       queued canceling -        finished error  -
canceling -       -       -      -         canceled canceled canceled  -
canceled  -       -       -      -         -        -        -   -
finished  -       -       -      -         -        -        -   -
error     -       -       -      -         -        -        -   -`;

describe('the state machine of a job', () => {
  const rows = whole
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+/));

  it('names every status once', () => {
    expect(rows.map((row) => row[0]).sort()).toEqual([...scanStatus.options].sort());
  });

  it.each(rows)('is the table in %s', (status, ...next) => {
    const from = scanStatus.parse(status);
    expect(scanEvents.map((event) => nextScanStatus(from, event) ?? '-')).toEqual(next);
  });

  it('lets an ended job only be deleted, and no other', () => {
    for (const status of scanStatus.options) {
      expect(possibleActions(status).includes('delete')).toBe(isEnded(status));
    }
    expect(possibleActions('running')).toEqual(['pause', 'cancel']);
    expect(possibleActions('paused')).toEqual(['resume', 'cancel']);
  });

  it('tells holders of a slice what to do in every status', () => {
    expect(scanStatus.options.map((status) => `${status} ${desiredOf(status)}`)).toEqual([
      'queued run',
      'running run',
      'pausing pause',
      'paused pause',
      'canceling stop',
      'canceled stop',
      'finished stop',
      'error stop',
    ]);
  });
});
