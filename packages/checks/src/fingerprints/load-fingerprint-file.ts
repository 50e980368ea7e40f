import { err, type Result } from '@picket/base/result';
import { SaxesParser } from 'saxes';
import type { FingerprintFile, FingerprintFileError } from './fingerprint-file.ts';
import { FingerprintReader } from './fingerprint-reader.ts';

/** Longest file in UTF-16 units. The largest public one has 1.1 million. */
const maxFingerprintFileLength = 16 * 1024 * 1024;

export interface LoadFingerprintOptions {
  /** Examples are for tests; leaving them out (the default is to keep them) saves about half of the memory. */
  readonly keepExamples?: boolean;
}

/**
 * Reads a file in the XML format of the recog project. Total: a file that is no such XML is an error with its reason, an
 * item that is not understood a problem in the result. Only the five predefined entities exist (XML 1.0 section 4.6):
 * a document type declaration is refused, so nothing can be defined or fetched.
 */
export function loadFingerprintFile(
  xml: string,
  source: string,
  options: LoadFingerprintOptions = {},
): Result<FingerprintFile, FingerprintFileError> {
  if (xml.length > maxFingerprintFileLength) {
    return err({ source, message: `The file is longer than ${maxFingerprintFileLength} characters.` });
  }
  const reader = new FingerprintReader(source, options.keepExamples ?? true);
  let fatal: string | null = null;
  const parser = new SaxesParser({ xmlns: false, position: true });
  parser.on('error', (error) => {
    fatal ??= error.message;
  });
  parser.on('doctype', () => {
    fatal ??= 'a document type declaration is not accepted';
  });
  parser.on('opentag', (tag) => reader.open(tag.name, tag.attributes, parser.line));
  parser.on('text', (text) => reader.text(text));
  parser.on('cdata', (text) => reader.text(text));
  parser.on('closetag', (tag) => reader.close(tag.name, parser.line));
  try {
    parser.write(xml).close();
  } catch (error) {
    fatal ??= error instanceof Error ? error.message : 'the parser gave up';
  }
  if (fatal !== null) return err({ source, message: `The file is not well-formed XML: ${fatal}` });
  return reader.finish();
}
