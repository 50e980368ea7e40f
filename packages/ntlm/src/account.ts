/** Who logs in. */
export interface NtlmAccount {
  /** Empty: the server's own, or the one after the `@` of the name. */
  readonly domain: string;
  readonly name: string;
  readonly password: string;
}

/** `DOMAIN\name`, `name@domain` (which servers take apart themselves) or a name alone. */
export function ntlmAccount(name: string, password: string): NtlmAccount {
  const at = name.indexOf('\\');
  return at < 0 ? { domain: '', name, password } : { domain: name.slice(0, at), name: name.slice(at + 1), password };
}
