import { ownValue } from '@picket/base/own-value';
import { isList, JqFault, type JqValue, textOfValue } from './value.ts';

const html: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' };

function row(value: JqValue, cell: (text: string) => string, separator: string): string {
  if (!isList(value)) throw new JqFault('only an array can be a row');
  return value
    .map((item) => (typeof item === 'string' ? cell(item) : item === null ? '' : textOfValue(item)))
    .join(separator);
}

function percent(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => String.fromCharCode(byte))
    .map((character) =>
      /[A-Za-z0-9_.~-]/.test(character)
        ? character
        : `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}

/** `@base64` and its like (jq manual, "Format strings and escaping"). */
export const textFormats: Readonly<Record<string, (value: JqValue) => string>> = {
  text: textOfValue,
  json: (value) => JSON.stringify(value),
  html: (value) => textOfValue(value).replace(/[<>&'"]/g, (character) => ownValue(html, character) ?? character),
  uri: (value) => percent(textOfValue(value)),
  csv: (value) => row(value, (text) => `"${text.replaceAll('"', '""')}"`, ','),
  tsv: (value) =>
    row(value, (text) => text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n'), '\t'),
  base64: (value) => Buffer.from(textOfValue(value)).toString('base64'),
  base64d: (value) => Buffer.from(textOfValue(value), 'base64').toString('utf8'),
};
