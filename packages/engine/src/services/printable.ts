/** Control characters, and those that turn the direction of text: neither may reach a terminal or a page. */
// oxlint-disable-next-line no-control-regex -- finding control characters is the purpose
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text from a hostile network, made fit to print: control characters as `\r`, `\n`, `\t` or `\xNN`; at most `limit` characters. */
export function printable(text: string, limit: number): string {
  const escaped = text.slice(0, limit).replaceAll(unsafe, escapeChar).toWellFormed();
  if (escaped.length <= limit) return escaped;
  return escaped.slice(0, limit).toWellFormed();
}

function escapeChar(char: string): string {
  if (char === '\r') return '\\r';
  if (char === '\n') return '\\n';
  if (char === '\t') return '\\t';
  const code = char.charCodeAt(0);
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** One line for a field: unsafe characters and runs of white space become one blank. */
export function oneLine(text: string, limit: number): string {
  return text
    .slice(0, limit * 4)
    .replaceAll(unsafe, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, limit)
    .toWellFormed();
}
