/**
 * One line of CSV (RFC 4180), CRLF at its end. A field that a spreadsheet would take for a formula gets an apostrophe before it:
 * what people and devices call themselves ends up in these files.
 */
export function csvLine(fields: readonly string[]): string {
  return `${fields.map(field).join(',')}\r\n`;
}

function field(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
