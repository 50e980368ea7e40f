import type { Attempt } from '../../packages/appliance/src/console/errors/attempt.ts';
import { causeTexts } from '../../packages/appliance/src/console/errors/cause.ts';
import { errorRows, unmade } from './error-rows.ts';

/** After what the appliance tried to connect, as the console's options call it. */
const attemptTexts: Readonly<Record<Attempt, string>> = {
  'in-force': 'settings in force',
  boot: 'start of the appliance',
  activation: 'ENTER at ACTIVATION CODE',
  'lan-dhcp': 'ENABLE DHCP ON LAN',
  'lan-static': 'ENABLE STATIC IP ON LAN',
  vlan: 'ENABLE VLAN ON LAN',
  'wan-dhcp': 'ENABLE DHCP ON WAN',
  'wan-static': 'ENABLE STATIC IP ON WAN',
  'wan-disabled': 'DISABLE WAN INTERFACE',
  'proxy-enabled': 'ENABLE PROXY',
  'proxy-disabled': 'DISABLE PROXY',
  'ip-mode': 'ENABLE IPV6-ONLY MODE',
  reset: 'RESET NETWORK CONFIG',
};

/** The table of `docs/network-errors.md`, by code: each fault that a test makes, and what is said of it. */
export function errorManual(): string {
  const made = errorRows.map(({ code, description, eCode, attempt, fault, kind }) => [
    code,
    `\`${description}\``,
    eCode,
    attemptTexts[attempt],
    `${fault[0]?.toUpperCase()}${fault.slice(1)}.`,
    causeTexts[kind].meaning,
    causeTexts[kind].remedy,
  ]);
  const others = unmade.map(({ code, description, eCode, attempt, reason, kind }) => [
    code,
    `\`${description}\``,
    eCode,
    attemptTexts[attempt],
    `Not made by the test: ${reason}.`,
    causeTexts[kind].meaning,
    causeTexts[kind].remedy,
  ]);
  const head = ['code', 'description', 'E-code', 'attempt', 'fault', 'cause', 'remedy'];
  const rows = [...made, ...others].toSorted((one, other) => (one[0] ?? '').localeCompare(other[0] ?? ''));
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
