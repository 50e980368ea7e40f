import { createCipheriv, createDecipheriv } from 'node:crypto';
import { err, ok, type Result } from '@picket/base/result';

/** Length of the key beside a proxy file, bytes. */
export const sealKeyBytes = 32;
export const sealNonceBytes = 12;
const tagBytes = 16;
/** Stands in the place of `user:password`. No character of it means anything in a URL. */
const mark = 'sealed.v1.';

/** `NAME=[quote]scheme://user:password@rest`: what comes before the login, the login, and what comes behind it. */
const loginLine =
  /^([ \t]*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*=[ \t]*["']?(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/)?)([^\r\n/]+)(@[^@\n]*)$/;

/** The key file that belongs to a proxy file. */
export function sealKeyPath(proxyFile: string): string {
  return `${proxyFile}.key`;
}

/**
 * The text of a proxy file with user and password of each line encrypted (AES-256-GCM). Line by line the rest stays as it is, and is bound to them: the
 * login can't be taken to another proxy. What is encrypted already stays. `sealed`: lines that were encrypted now.
 */
export function sealProxyFile(
  text: string,
  key: Uint8Array,
  nonce: () => Uint8Array,
): { readonly text: string; readonly sealed: number } {
  let sealed = 0;
  const lines = text.split('\n').map((line) => {
    const parts = loginLine.exec(line);
    if (parts === null || line.trimStart().startsWith('#') || parts[2]?.startsWith(mark)) return line;
    const [, before = '', login = '', behind = ''] = parts;
    sealed += 1;
    return `${before}${mark}${sealLogin(login, { key, nonce: nonce(), bound: boundTo(before, behind) })}${behind}`;
  });
  return { text: lines.join('\n'), sealed };
}

/** The text with its logins decrypted. An error names the line, never a value. A text without any needs no key. */
export function openProxyFile(text: string, key: Uint8Array | null): Result<string, string> {
  const lines: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const parts = loginLine.exec(line);
    if (!parts?.[2]?.startsWith(mark)) {
      lines.push(line);
      continue;
    }
    const [, before = '', login = '', behind = ''] = parts;
    if (key === null) return err(`Line ${index + 1} of the proxy file is encrypted, and its key file can't be read.`);
    const opened = openLogin(login.slice(mark.length), key, boundTo(before, behind));
    if (opened === null)
      return err(
        `Line ${index + 1} of the proxy file can't be decrypted: the key is another one, or the line was changed.`,
      );
    lines.push(`${before}${opened}${behind}`);
  }
  return ok(lines.join('\n'));
}

interface Seal {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
  readonly bound: Uint8Array;
}

function sealLogin(login: string, { key, nonce, bound }: Seal): string {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes }).setAAD(bound);
  const text = Buffer.concat([cipher.update(login, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
}

function openLogin(sealed: string, key: Uint8Array, bound: Uint8Array): string | null {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < sealNonceBytes + tagBytes || key.length !== sealKeyBytes) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, sealNonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(bound).setAuthTag(bytes.subarray(sealNonceBytes, sealNonceBytes + tagBytes));
    return Buffer.concat([decipher.update(bytes.subarray(sealNonceBytes + tagBytes)), decipher.final()]).toString(
      'utf8',
    );
  } catch {
    return null;
  }
}

/** Scheme, host and port: not the quotes and blanks around them. */
function boundTo(before: string, behind: string): Uint8Array {
  const scheme = /([A-Za-z][A-Za-z0-9+.-]*):\/\/$/.exec(before)?.[1] ?? '';
  return Buffer.from(`${scheme.toLowerCase()} ${behind.replace(/["';\s]+$/, '').toLowerCase()}`, 'utf8');
}
