import type { DoctorReport } from '@picket/contracts/doctor';
import { type ConsoleState, show } from '../machine/console-state.ts';
import type { Screen } from '../machine/screen.ts';
import { type Face, labelLines } from './face.ts';
import { openMenu } from './navigate.ts';

/** Names of the steps on the display. */
export const partLabels = {
  link: 'LINK',
  address: 'ADDRESS',
  gateway: 'GATEWAY',
  dns: 'DNS',
  proxy: 'PROXY',
  platform: 'PLATFORM TLS',
  endpoints: 'ENDPOINTS',
  clock: 'CLOCK',
  transfer: 'TRANSFER',
} as const;

/** How an outcome is written. What was not tested is said. */
export const outcomeTexts = {
  running: 'running...',
  ok: 'ok',
  warning: 'WARNING',
  failed: 'FAILED',
  'not-tested': 'not tested',
  'not-used': 'not used',
} as const;

/** The network doctor step by step; by itself it stays at the step that matters: the one that runs or failed. */
export function doctorFace(state: ConsoleState, screen: Extract<Screen, { kind: 'doctor' }>): Face {
  const report = state.status?.doctor ?? null;
  const back = () => openMenu(state, 'main', 'doctor');
  const help = 'UP, DOWN: steps. ENTER repeats, LEFT: back.';
  const again = () => show(state, { ...screen, page: null }, { type: 'examine' } as const);
  if (report === null)
    return { lines: labelLines('NETWORK DOCTOR'), on: { left: back, escape: back, enter: again }, help };
  const at = Math.min(screen.page ?? telling(report), report.steps.length - 1);
  const step = report.steps[at];
  const turn = (page: number) => () => show(state, { ...screen, page });
  const label = step ? `${at + 1}/${report.steps.length} ${partLabels[step.part]}` : '';
  const { error } = report;
  const failed = step?.outcome === 'failed' && error !== null;
  return {
    lines: [label, failed ? error.description : step ? outcomeTexts[step.outcome] : ''],
    on: {
      left: back,
      escape: back,
      enter: again,
      ...(at > 0 ? { up: turn(at - 1) } : {}),
      ...(at < report.steps.length - 1 ? { down: turn(at + 1) } : {}),
    },
    help,
    detail: failed ? `${error.code} (${error.eCode}): ${error.remedy}` : (step?.detail ?? null),
  };
}

function telling(report: DoctorReport): number {
  for (const outcomes of [['failed', 'running'], ['warning']]) {
    const at = report.steps.findIndex(({ outcome }) => outcomes.includes(outcome));
    if (at >= 0) return at;
  }
  return report.steps.length - 1;
}
