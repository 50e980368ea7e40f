import { parsePorts } from '@picket/plan/port-set';

/** How many ports a compressed list of the coverage names; `''` is none. */
export function countPorts(list: string): number {
  const parsed = list === '' ? null : parsePorts(list);
  return parsed?.ok ? parsed.value.tcp.length : 0;
}
