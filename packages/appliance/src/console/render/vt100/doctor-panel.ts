import type { ConsoleState } from '../../machine/console-state.ts';
import { outcomeTexts, partLabels } from '../../screens/doctor-screen.ts';

/** The steps of the network doctor, each with what was seen, and what is wrong. */
export function doctorLines(state: ConsoleState): string[] {
  const report = state.status?.doctor ?? null;
  if (report === null) return ['Not run yet: NETWORK DOCTOR in the menu.'];
  const lines = report.steps.flatMap((step, index) => {
    const head = `${index + 1} ${partLabels[step.part].padEnd(13)}${outcomeTexts[step.outcome]}`;
    return step.detail === '' ? [head] : [head, `  ${step.detail}`];
  });
  const { error } = report;
  return error === null ? lines : [...lines, `ERR ${error.code} ${error.description} (${error.eCode})`];
}
