import fc from 'fast-check';
import { expect, it } from 'vitest';
import { berObjectId } from './ber.ts';
import { hex } from './bytes.ts';

it('an object identifier is read in dotted form, its first byte as two numbers', () => {
  expect(berObjectId(hex('2b 06 01 04 01 bf 08 03 02 0a'))).toBe('1.3.6.1.4.1.8072.3.2.10');
  expect(berObjectId(hex('88 37 03'))).toBe('2.999.3');
});

it('an object identifier that is cut short, empty or too large is none', () => {
  expect(berObjectId(hex('2b 06 81'))).toBeNull();
  expect(berObjectId(new Uint8Array(0))).toBeNull();
  expect(berObjectId(hex('2b ff ff ff ff ff 7f'))).toBeNull();
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => void berObjectId(bytes)));
});
