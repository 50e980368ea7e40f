import type { RangeSet } from '@picket/base/range-set';
import { isWide, sweptPart } from '@picket/plan/wide-range';
import { inScope } from '../gate/scope.ts';
import type { AddressBook, AddressKey } from './address-book.ts';
import { KeyRanges } from './key-ranges.ts';

/** Tells whether packets may go to an address. */
export interface AllowedKeys {
  has(key: AddressKey): boolean;
}

/** The scope of a job for the packet loop. Ranges that are too large to sweep hold more prefixes than a book: they are compared as they are. */
export function allowedKeys(allowed: RangeSet, book: AddressBook): AllowedKeys {
  const swept = KeyRanges.of(sweptPart(allowed), book);
  const wide = allowed.filter(isWide);
  if (wide.length === 0) return swept;
  return { has: (key) => swept.has(key) || inScope(wide, book.addressOf(key)) };
}
