import { ownValue } from '@picket/base/own-value';
import { compileOperators } from '../../template/operators.ts';
import type { MapReader } from '../../template/reader.ts';
import type { FileBlock } from './file-block.ts';

/** Most of one file that is looked at, bytes, whatever a template asks for. */
export const mostOfFile = 16 * 1024 * 1024;

const units: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** Compiles one entry of `file:`. Archives are not opened, and the kind of a file is known by its name alone. */
export function compileFile(reader: MapReader): FileBlock {
  for (const key of ['archive', 'mime-type'])
    if (reader.flag(key)) reader.unsupported(key, `field:${key}`, 'this is not supported');
  const extensions = reader.texts('extensions').map((text) => text.trim().toLowerCase());
  if (extensions.length === 0) reader.wrong('extensions', 'it is empty');
  const block: FileBlock = {
    protocol: 'file',
    extensions: extensions.includes('all') || extensions.includes('*') ? null : extensions.map(withDot),
    denied: reader.texts('denylist').map((text) => denied(reader, text.trim().toLowerCase())),
    maxSize: readSize(reader),
    recursive: !reader.flag('no-recursive'),
    operators: compileOperators(reader, 'raw'),
  };
  reader.node('id');
  reader.finish();
  return block;
}

const withDot = (ending: string) => (ending.startsWith('.') ? ending : `.${ending}`);

/** An ending, with its dot or without, or the name of a file. */
function denied(reader: MapReader, text: string): string {
  if (/[/\\*?[]/.test(text))
    reader.unsupported(
      'denylist',
      'file:denylist',
      `"${text.slice(0, 60)}" is neither an ending nor the name of a file`,
    );
  return text.includes('.') ? text : `.${text}`;
}

/** `5Mb`, `512 kB` or a number of bytes. */
function readSize(reader: MapReader): number {
  const text = (reader.text('max-size') ?? '').trim();
  if (text === '') return mostOfFile;
  const match = /^([0-9]{1,12}) ?([bkmg])?i?b?$/i.exec(text);
  if (!match) reader.wrong('max-size', `"${text.slice(0, 40)}" is no size such as 5Mb`);
  const bytes = Number(match?.[1] ?? 0) * (ownValue(units, (match?.[2] ?? 'b').toLowerCase()) ?? 1);
  return Math.min(mostOfFile, bytes);
}
