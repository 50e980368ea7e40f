import { readFile } from 'node:fs/promises';
import { describeError } from '@picket/base/error';
import type { RangeSet } from '@picket/base/range-set';
import { parseAllowList } from '../gate/allow-list.ts';
import { errnoOf } from './socket-error.ts';

/** Larger files are refused: a list of prefixes is short. Bytes. */
const sizeLimit = 4_000_000;

/** What the appliance's own list says. `error`: it exists but can't be used, so nothing is allowed. */
export interface LocalAllowList {
  /** Null: there is no list, the job's scope stands. */
  readonly ranges: RangeSet | null;
  readonly error?: string;
}

/** Loads the list; a missing file is no list, any other trouble allows nothing. */
export async function loadAllowList(path: string): Promise<LocalAllowList> {
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > sizeLimit)
      return { ranges: [], error: `the local allow-list ${path} is larger than ${sizeLimit} bytes` };
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return { ranges: null };
    return {
      ranges: [],
      error: `the local allow-list ${path} can't be read: ${describeError(error)}. Nothing is scanned until it can.`,
    };
  }
  const parsed = parseAllowList(text);
  if (parsed.ok) return { ranges: parsed.value };
  return {
    ranges: [],
    error: `the local allow-list ${path} has a fault in ${parsed.error}. Nothing is scanned until it is mended.`,
  };
}
