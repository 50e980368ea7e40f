import type { ProfileName } from '@picket/plan/profile';

/** Options of `picket scan` and `picket map`, as parsed and before anything is looked up. */
export interface ScanOptions {
  readonly kind: 'map' | 'scan';
  readonly targets: string;
  readonly exclude: string;
  readonly ports: string;
  readonly profile: ProfileName;
  readonly rate: number | null;
  readonly assumeAlive: boolean;
  /** Ask DNS and the hosts themselves for names. */
  readonly names: boolean;
  /** Addresses of WINS servers. */
  readonly winsServers: readonly string[];
  /** Where targets call back to; null: nothing listens. */
  readonly oast: { readonly address: string; readonly port?: number; readonly domain?: string } | null;
  readonly services: boolean;
  readonly checks: boolean;
  readonly intrusive: boolean;
  /** Ask printers and controllers, which may print or stop at a question. */
  readonly askFragile: boolean;
  readonly authorized: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly outputs: readonly OutputRequest[];
  readonly mode: (typeof probeModes)[number];
  /** Raw packets only: send from this port. */
  readonly sourcePort: number | null;
  /** 802.1Q identifier of the frames. Set: raw packets and nothing that needs connections. */
  readonly vlan: number | null;
  readonly contentDir: string;
  /** Folders of templates that run beside the content. */
  readonly templateDirs: readonly string[];
  readonly allowList: string | null;
  /** File of service probes of the user. */
  readonly serviceProbes: string | null;
}

/** How hosts and ports are probed. */
export const probeModes = ['auto', 'raw', 'connect'] as const;

export const outputFormats = ['json', 'nmap-xml', 'grepable'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface OutputRequest {
  readonly format: OutputFormat;
  /** Path, or `-` for standard output. */
  readonly path: string;
}

/**
 * `--output FORMAT FILE` takes two words, which no option parser of the field has as one option; this rewrites it to
 * `--output FORMAT=FILE`. What is missing is left as it is, for the parser to complain about.
 */
export function joinOutputWords(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] as string;
    const format = args[index + 1];
    const path = args[index + 2];
    if (word === '--') return [...joined, ...args.slice(index)];
    if (word === '--output' && format !== undefined && !format.includes('=') && path !== undefined) {
      joined.push(word, `${format}=${path}`);
      index += 2;
    } else joined.push(word);
  }
  return joined;
}

/** Reads `FORMAT=FILE`; the error is a sentence. */
export function parseOutput(text: string): OutputRequest | string {
  const [name = '', ...rest] = text.split('=');
  const path = rest.join('=');
  const format = outputFormats.find((each) => each === name);
  if (!format) return `"${name}" is no output format. Formats are ${outputFormats.join(', ')}.`;
  if (path === '') return `--output ${format} needs a file name, or - for standard output.`;
  return { format, path };
}
