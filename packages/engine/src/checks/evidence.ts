import { toText } from '@picket/checks/byte-string';

const bounds = { request: 2000, response: 4000, extracted: 400 } as const;

/** Values that a report must not spread further: what is behind these words is replaced. */
const secretPatterns: readonly RegExp[] = [
  /((?:authorization|proxy-authorization|x-api-key|x-auth-token|cookie|set-cookie)\s*:\s*)[^\r\n]{1,4096}/gi,
  /((?:pass(?:word|wd|phrase)?|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?token|token|credential)[\w.-]{0,40}["']?\s*[=:]>?\s*["']?)[^\s"'&,;<]{1,512}/gi,
  /(:\/\/[^\s:/@]{1,100}:)[^\s@/]{1,200}(?=@)/g,
  /(-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----)[\s\S]{0,20000}?(?=-----END|$)/g,
  /\b((?:AKIA|ASIA))[0-9A-Z]{16}\b/g,
];

/** Replaces what looks like a password, key, cookie or token by `[masked]`. */
export function maskSecrets(text: string): string {
  return secretPatterns.reduce((masked, pattern) => masked.replace(pattern, '$1[masked]'), text);
}

/** Bytes as bounded, printable text without secrets: control bytes as `\x00`. */
export function evidenceText(bytes: string, kind: keyof typeof bounds): string {
  const limit = bounds[kind];
  // Masked before it is cut, so that a cut cannot separate a secret from the word before it.
  const text = maskSecrets(toText(bytes.slice(0, limit * 4)));
  const printable = text
    .replace(/\r\n/g, '\n')
    .replace(
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g,
      (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
  return printable.length > limit ? `${printable.slice(0, limit)}\n[cut]` : printable;
}
