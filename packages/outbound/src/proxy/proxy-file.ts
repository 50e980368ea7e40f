import type { VariableProxy } from './proxy-variables.ts';

/** What a proxy file says, and what in it was not understood. */
export interface ProxyFile extends VariableProxy {
  /** One sentence each; never a value of the file. */
  readonly warnings: readonly string[];
}

/** Longest file that is read, bytes. */
export const longestProxyFile = 65_536;

/** Ours wins over the general one. `qualys_https_proxy` is the name that files written for another product have. */
const proxyNames = ['picket_https_proxy', 'qualys_https_proxy', 'https_proxy', 'all_proxy'] as const;
const known = new Set<string>([...proxyNames, 'no_proxy', 'http_proxy', 'ftp_proxy']);

/**
 * A proxy file: lines `NAME=VALUE`, with or without `export` before them, quotes around the value, and a semicolon behind it. Blank lines and
 * lines that begin with `#` count for nothing. Of two lines with one name the last counts. The case of a name does not matter. Total.
 */
export function parseProxyFile(text: string): ProxyFile {
  const values = new Map<string, string>();
  const warnings: string[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const [, name = '', value = ''] =
      /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/.exec(trimmed) ?? [];
    if (!known.has(name.toLowerCase()))
      warnings.push(`Line ${index + 1} of the proxy file sets nothing that is known.`);
    else values.set(name.toLowerCase(), unquoted(value));
  }
  const named = proxyNames.find((name) => (values.get(name) ?? '') !== '');
  const url = named === undefined ? null : (values.get(named) ?? null);
  return { url, noProxy: values.get('no_proxy') ?? '', warnings: warnings.slice(0, 10) };
}

function unquoted(value: string): string {
  const [, quoted] = /^(?:"([^"]*)"|'[^']*');?$/.exec(value) ?? [];
  if (quoted !== undefined) return quoted;
  if (/^'[^']*';?$/.test(value)) return value.slice(1, value.lastIndexOf("'"));
  return value.replace(/[ \t]*;$/, '').trim();
}

/** What is wrong with who may read the file; null: nothing. It holds a password: owner root, mode 660 or stricter. */
export function proxyFilePermissions(file: { readonly uid: number; readonly mode: number }): string | null {
  const faults = [
    ...(file.uid === 0 ? [] : ['it does not belong to root']),
    ...((file.mode & 0o117) === 0 ? [] : [`its mode is ${(file.mode & 0o777).toString(8)}, not 660 or stricter`]),
  ];
  return faults.length === 0 ? null : `The proxy file may be read by others: ${faults.join(', and ')}.`;
}

/** The same of the key that its logins are encrypted with: root alone, mode 600 or stricter. */
export function sealKeyPermissions(file: { readonly uid: number; readonly mode: number }): string | null {
  const isPrivate = file.uid === 0 && (file.mode & 0o177) === 0;
  return isPrivate ? null : 'The key of the proxy file may be read by others: it needs the owner root and mode 600.';
}
