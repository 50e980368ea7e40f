import { printable, table } from '../terminal/output.ts';
import { type Coverage, reasonGroups } from './coverage.ts';

/** Ids of one line of the table; `--json` has them all. */
const shownIds = 4;

/** Coverage as a person reads it: the four counts, what the safe profile leaves out, and what is missing, the most frequent first. */
export function coverageText(coverage: Coverage): string {
  const { total, intrusive, onFiles, unverified, notRunnable } = coverage;
  const share = (count: number) => `${count}/${total} (${((count / total) * 100).toFixed(1)} %)`;
  const counts = table([
    ['loaded', share(coverage.loaded)],
    ['compiled', share(coverage.compiled)],
    ['runnable', share(coverage.runnable)],
    ['of these not in the safe profile', `${intrusive.length}`],
    ['of these on files only, not in scans', `${onFiles.length}`],
    ['signature not verified', `${unverified}`],
  ]);
  const rows = reasonGroups(notRunnable).map(({ what, templates }) => [
    `  ${printable(what)}`,
    `${templates.length}`,
    printable(listOf(templates)),
  ]);
  return rows.length === 0 ? counts : `${counts}\nNot runnable, by what is missing or wrong:\n${table(rows)}`;
}

function listOf(ids: readonly string[]): string {
  const more = ids.length - shownIds;
  return `${ids.slice(0, shownIds).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
