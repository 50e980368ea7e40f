import { fromText } from '../byte-string.ts';
import { checkNames } from './matcher.ts';
import type { MapReader } from './reader.ts';
import { compileText, namesOfText, type TemplateText } from './text.ts';

/** Compiles a text and reports what is unknown in it. */
export function text(reader: MapReader, key: string, source: string): TemplateText {
  const compiled = compileText(source.replace(/§([A-Za-z_]\w*)§/g, '{{$1}}'));
  checkNames(reader, key, namesOfText(compiled));
  return compiled;
}

/** The literal start of a text: what safety rules can see without values. */
export function literalOf(value: TemplateText | null): string {
  if (value === null) return '';
  if ('literal' in value) return value.literal;
  const node = value.node;
  return node.kind === 'call'
    ? node.args.map((arg) => (arg.kind === 'string' ? fromText(arg.value) : '')).join('')
    : '';
}
