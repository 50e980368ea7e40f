import { decodeLine, encodeLine } from './segment.ts';
import type { SpoolStorage } from './storage.ts';
import { trimEvent } from './trim-event.ts';

/** Where a trimmed copy is written before it takes the place of its segment; opening a spool removes what a crash left of it. */
export const trimmedCopy = 'trimmed.part';
/** Room that is kept so that a trimmed copy can be written on a full disk. */
export const reserveName = 'reserve';

export interface TrimmedLines {
  readonly bytes: Uint8Array;
  /** Events that lost evidence. */
  readonly events: number;
}

/** Lines of events with their evidence trimmed, as far as that makes them shorter. As many lines, with the same numbers. */
export function trimLines(bytes: Uint8Array): TrimmedLines {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: Uint8Array[] = [];
  let events = 0;
  for (let offset = 0; offset < buffer.length; ) {
    const end = buffer.indexOf(10, offset);
    const line = buffer.subarray(offset, end < 0 ? buffer.length : end + 1);
    offset += line.length;
    const shorter = trimLine(line);
    if (shorter !== null) events += 1;
    lines.push(shorter ?? line);
  }
  return { bytes: Buffer.concat(lines), events };
}

function trimLine(line: Buffer): Uint8Array | null {
  // A plain look first: most events have no evidence, and parsing a full segment takes long.
  if (!line.includes('"evidence":{')) return null;
  const event = decodeLine(line);
  const trimmed = event === null ? null : trimEvent(event);
  const bytes = trimmed === null ? null : encodeLine(trimmed);
  return bytes !== null && bytes.length < line.length ? bytes : null;
}

/**
 * Puts `bytes` in the place of a file: written beside it, durable, then renamed over it, so that a crash leaves one of the two whole.
 * On a full disk the reserve gives its room.
 */
export async function replaceFile(storage: SpoolStorage, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(storage, trimmedCopy, bytes);
  } catch {
    await storage.remove(reserveName);
    await writeWhole(storage, trimmedCopy, bytes);
  }
  await storage.rename(trimmedCopy, name);
}

/** Keeps so many bytes for `replaceFile`; a disk without that much has none. */
export async function keepReserve(storage: SpoolStorage, bytes: number): Promise<void> {
  const held = (await storage.list()).includes(reserveName) ? await storage.size(reserveName) : 0;
  if (held >= bytes) return;
  await writeWhole(storage, reserveName, new Uint8Array(bytes)).catch(() => {});
}

async function writeWhole(storage: SpoolStorage, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await storage.create(name);
    await storage.append(name, 0, bytes);
    await storage.sync(name);
  } catch (error) {
    await storage.remove(name).catch(() => {});
    throw error;
  }
}
