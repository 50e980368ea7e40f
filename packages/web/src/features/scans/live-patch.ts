import type { LiveEvent, ledgerRow } from '@picket/contracts/api/scan';
import type { z } from 'zod';
import type { ListData } from '../../shared/api/use-list.ts';

/** A row of the ledger as the API gives it. */
export type LedgerRow = z.infer<typeof ledgerRow>;
/** A finding as it streams in. */
export type LiveFinding = Extract<LiveEvent, { type: 'finding' }>;

/** Puts changed rows into a cached list in place; unknown rows go to the end of its last page when that is the whole list. Pure. */
export function patchLedger(
  data: ListData<LedgerRow> | undefined,
  rows: readonly LedgerRow[],
  kind: 'block' | 'host',
): ListData<LedgerRow> | undefined {
  if (!data) return data;
  const changed = new Map(rows.filter((row) => row.kind === kind).map((row) => [row.subject, row]));
  if (changed.size === 0) return data;
  const pages = data.pages.map((one) => ({
    ...one,
    items: one.items.map((item) => {
      const next = changed.get(item.subject);
      changed.delete(item.subject);
      return next ?? item;
    }),
  }));
  const last = pages.at(-1);
  if (last && last.nextCursor === null && changed.size > 0) {
    pages[pages.length - 1] = { ...last, items: [...last.items, ...changed.values()] };
    return { ...data, pages: pages.map((one) => ({ ...one, total: one.total + changed.size })) };
  }
  return { ...data, pages };
}

/** Findings kept in the live feed. */
const feedLimit = 200;

/** What the feed shows, and what waits because the pointer is on it. */
export interface Feed {
  readonly shown: readonly LiveFinding[];
  readonly waiting: readonly LiveFinding[];
}

export const emptyFeed: Feed = { shown: [], waiting: [] };

/** Adds a finding on top, or holds it back. A finding told twice is kept once. Pure. */
export function addFinding(feed: Feed, finding: LiveFinding, hold: boolean): Feed {
  const known = [...feed.shown, ...feed.waiting].some((one) => one.detectionId === finding.detectionId);
  if (known) return feed;
  if (hold) return { ...feed, waiting: [finding, ...feed.waiting].slice(0, feedLimit) };
  return { ...feed, shown: [finding, ...feed.shown].slice(0, feedLimit) };
}

/** Brings in what waited. Pure. */
export function releaseFeed(feed: Feed): Feed {
  return { shown: [...feed.waiting, ...feed.shown].slice(0, feedLimit), waiting: [] };
}
