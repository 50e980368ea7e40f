import { type Attempt, attempts } from '../errors/attempt.ts';
import { type CauseKind, causeTexts } from '../errors/cause.ts';
import { codeTable, description, networkError } from '../errors/network-error.ts';
import { sampleCauses } from './sample-causes.ts';

/** How the manual calls the attempts. */
const attemptNames: Readonly<Record<Attempt, string>> = {
  'in-force': 'with the settings in force, by itself or asked for',
  boot: 'with the configuration found at boot',
  activation: 'ENTER on the activation screen',
  'lan-dhcp': 'DHCP on LAN',
  'lan-static': 'static IP on LAN',
  vlan: 'VLAN on LAN',
  'wan-dhcp': 'DHCP on WAN',
  'wan-static': 'static IP on WAN',
  'wan-disabled': 'WAN disabled',
  'proxy-enabled': 'proxy enabled or changed',
  'proxy-disabled': 'proxy disabled',
  'ip-mode': 'IPv6-only mode or back',
  reset: 'reset',
};

/** The table of codes of `docs/console.md`. */
export function codeTableMarkdown(): string {
  const head = ['attempt', 'link', 'address', 'invalid', 'gateway', 'DNS', 'proxy', 'platform'];
  const rows = attempts.map((attempt) => {
    const { link, address, invalid, gateway, dns, proxy, platform } = codeTable[attempt];
    return [attemptNames[attempt], link, address, invalid, gateway, dns, proxy, platform];
  });
  return table([head, ...rows]);
}

/** The table of descriptions with meaning, remedy and every E-code that may stand beside. */
export function causeTableMarkdown(): string {
  const kinds = [...new Set(sampleCauses.map(({ kind }) => kind))];
  const rows = kinds.map((kind) => {
    const { meaning, remedy } = causeTexts[kind];
    return [descriptions(kind), meaning, remedy, eCodes(kind)];
  });
  return table([['description', 'meaning', 'what helps', 'E-codes'], ...rows]);
}

function descriptions(kind: CauseKind): string {
  const texts = sampleCauses.filter((cause) => cause.kind === kind).map(description);
  return [...new Set(texts)].map((text) => `\`${text}\``).join(', ');
}

function eCodes(kind: CauseKind): string {
  const causes = sampleCauses.filter((cause) => cause.kind === kind);
  const codes = attempts.flatMap((attempt) => causes.map((cause) => networkError(attempt, cause).eCode));
  return [...new Set(codes)].toSorted().join(', ');
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
