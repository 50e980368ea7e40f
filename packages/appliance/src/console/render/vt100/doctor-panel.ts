import type { ConsoleState } from '../../machine/console-state.ts';
import { outcomeTexts, partLabels } from '../../screens/doctor-screen.ts';

/** The steps of the network doctor, each in a line with what was seen; what is wrong has a second line for it. */
export function doctorLines(state: ConsoleState): string[] {
  const report = state.status?.doctor ?? null;
  if (report === null) return ['Not run yet: NETWORK DOCTOR in the menu.'];
  const lines = report.steps.flatMap(({ part, outcome, detail }, index) => {
    const head = `${index + 1} ${partLabels[part].padEnd(13)}${outcomeTexts[outcome]}`;
    if (detail === '') return [head];
    return outcome === 'failed' || outcome === 'warning' ? [head, `  ${detail}`] : [`${head} ${detail}`];
  });
  const { error } = report;
  return error === null ? lines : [...lines, `ERR ${error.code} ${error.description} (${error.eCode})`];
}
