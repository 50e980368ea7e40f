import { describe, expect, it } from 'vitest';
import { hex } from '../services/bytes.ts';
import { decodesAnything } from '../testing/decoder-properties.ts';
import { decodeListener, listenerQueryLength, writeListenerQuery } from './multicast-listener.ts';

const reportV2 = hex(
  '8f 00 00 00 00 00 00 02', // version 2 report of two records
  '04 00 00 01', // change to exclude, one source
  'ff02 0000 0000 0000 0000 0000 0000 00fb', // mDNS
  'fe80 0000 0000 0000 0000 0000 0000 0001', // the source
  '04 00 00 00',
  'ff02 0000 0000 0000 0000 0001 ff00 0007',
);
const reportV1 = hex('83 00 00 00 00 00 00 00', 'ff02 0000 0000 0000 0000 0000 0000 00fb');

describe('a message of multicast listeners', () => {
  it('report of version 2, byte by byte', () => {
    expect(decodeListener(reportV2)).toEqual({ kind: 'report', groups: ['ff02::fb', 'ff02::1:ff00:7'] });
    expect(decodeListener(reportV2, 0, 50)).toEqual({ kind: 'report', groups: ['ff02::fb'] });
  });

  it('report and farewell of version 1', () => {
    expect(decodeListener(reportV1)).toEqual({ kind: 'report', groups: ['ff02::fb'] });
    expect(decodeListener(reportV1.with(0, 132))).toEqual({ kind: 'done', groups: ['ff02::fb'] });
    expect(decodeListener(reportV1.with(0, 130))).toEqual({
      kind: 'query',
      maxResponseMs: 0,
      group: 'ff02::fb',
      version: 1,
    });
  });

  it('query reads back as it was written', () => {
    const out = new Uint8Array(64).fill(0xff);
    const end = writeListenerQuery(out, 8, 1000);
    expect(end).toBe(8 + listenerQueryLength);
    expect(decodeListener(out, 8, end)).toEqual({ kind: 'query', maxResponseMs: 1000, group: '::', version: 2 });
  });

  it('decodes anything', () => decodesAnything(decodeListener, [reportV2, reportV1]));
});
