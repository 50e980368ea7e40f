/** Variables of a program's environment, or of a file. An empty value is none. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What variables say about the way to an `https://` address. */
export interface VariableProxy {
  /** Null: no proxy is set. */
  readonly url: string | null;
  /** The list of exceptions; empty: none. */
  readonly noProxy: string;
}

/**
 * Names in the order in which they count for `https://`: our own, then as curl has them, the lower-case form first. `http_proxy` counts last, for systems that
 * set nothing else; never in upper case, which a web server's client could set (`Proxy:` in CGI).
 */
const proxyNames = [
  'picket_https_proxy',
  'PICKET_HTTPS_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
  'all_proxy',
  'ALL_PROXY',
  'http_proxy',
] as const;
const exceptionNames = ['no_proxy', 'NO_PROXY'] as const;

/** The system's proxy from the environment. Total. */
export function variableProxy(variables: Variables): VariableProxy {
  return { url: firstSet(variables, proxyNames), noProxy: firstSet(variables, exceptionNames) ?? '' };
}

function firstSet(variables: Variables, names: readonly string[]): string | null {
  return names.map((name) => variables[name]).find((value) => value !== undefined && value !== '') ?? null;
}
