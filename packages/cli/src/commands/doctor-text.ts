import type { DoctorReport } from '@picket/contracts/doctor';
import { printable, table } from '../terminal/output.ts';

const labels = {
  link: 'link',
  address: 'address',
  gateway: 'gateway',
  dns: 'DNS',
  proxy: 'proxy',
  platform: 'platform TLS',
  endpoints: 'endpoints',
  clock: 'clock',
  transfer: 'transfer',
} as const;

/** The report for people: a line for each step, then what is wrong and what helps. */
export function doctorText({ steps, error }: DoctorReport): string {
  const rows = steps.map(({ part, outcome, detail }) => [
    labels[part],
    outcome === 'failed' ? 'FAILED' : outcome === 'warning' ? 'WARNING' : outcome.replace('-', ' '),
    printable(detail),
  ]);
  if (error === null) return table(rows);
  return `${table(rows)}\nNETWORK ERR ${error.code} ${error.description} (${error.eCode} of older models)\n${error.remedy}\n`;
}
