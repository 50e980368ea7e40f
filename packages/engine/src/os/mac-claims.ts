import type { OsClaim } from './claim.ts';

/** Makers whose network interfaces are found in one kind of system. Virtual machines and chip makers tell nothing. */
const makers: readonly { readonly words: RegExp; readonly path: readonly string[]; readonly confidence: number }[] = [
  { words: /^raspberry pi/i, path: ['linux'], confidence: 0.4 },
  { words: /^apple\b/i, path: ['darwin'], confidence: 0.35 },
  { words: /^synology/i, path: ['linux', 'dsm'], confidence: 0.45 },
  { words: /^qnap/i, path: ['linux', 'qts'], confidence: 0.45 },
  { words: /mikrotik|^routerboard/i, path: ['linux', 'routeros'], confidence: 0.5 },
  { words: /^fortinet/i, path: ['fortios'], confidence: 0.45 },
  { words: /^juniper/i, path: ['junos'], confidence: 0.35 },
  { words: /^ubiquiti/i, path: ['linux'], confidence: 0.35 },
];

/** What the maker of the interface suggests; null for most makers. */
export function macClaim(vendor: string | undefined): OsClaim | null {
  const maker = vendor === undefined ? undefined : makers.find((each) => each.words.test(vendor));
  if (!maker || vendor === undefined) return null;
  return { source: 'mac', path: maker.path, confidence: maker.confidence, text: `network interface made by ${vendor}` };
}
