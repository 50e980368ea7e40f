import type { PlayedCase, SuiteReport } from './run-suite.ts';

/** One line of the table: case, what is expected, what came, verdict. */
export function caseText({ one, outcome }: PlayedCase): string {
  const verdict = outcome.ok ? 'pass' : 'FAIL';
  const expected = String(one.expect).slice(0, 30);
  const columns = [
    one.template.replace(/^protocols\//, '').padEnd(52),
    expected.padEnd(31),
    outcome.got.padEnd(14),
    verdict,
  ];
  return `${columns.join(' ')}${outcome.ok ? '' : `  ${outcome.detail.replaceAll('\n', ' ').slice(0, 160)}`}\n`;
}

/** Totals by protocol, and of the expressions. */
export function totalsText({ cases, dsl }: SuiteReport): string {
  const groups = new Map<string, PlayedCase[]>();
  for (const played of cases) {
    const group = groupOf(played.one.template);
    groups.set(group, [...(groups.get(group) ?? []), played]);
  }
  const rows = [...groups].map(([group, list]) => `  ${group.padEnd(12)} ${passed(list)}/${list.length}\n`);
  const faults = dsl.faults.map((fault) => `  ${fault}\n`);
  return `\n${rows.join('')}cases ${passed(cases)}/${cases.length}, expressions ${dsl.right}/${dsl.total}\n${faults.join('')}`;
}

export function passed(cases: readonly PlayedCase[]): number {
  return cases.filter(({ outcome }) => outcome.ok).length;
}

function groupOf(template: string): string {
  return template.split('/').at(-2) ?? '';
}
