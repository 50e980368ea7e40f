import { decodeText } from './decode-text.ts';
import { FingerprintDb } from './fingerprint-db.ts';
import type { Fingerprint, FingerprintExample, FingerprintFile } from './fingerprint-file.ts';

export interface ExampleFailure {
  readonly source: string;
  readonly item: string;
  readonly message: string;
}

export interface ExampleReport {
  readonly examples: number;
  readonly examplesPassed: number;
  readonly values: number;
  readonly valuesPassed: number;
  readonly failures: readonly ExampleFailure[];
}

/** Bytes of a file named by an example, or null. Given by the caller: this package does no I/O. */
export type ReadExampleFile = (source: string, fileName: string) => Uint8Array | null;

/**
 * Runs each example against its own fingerprint, as recog's self-test does, and with `firstMatch` also against the whole file:
 * then the example must meet its own fingerprint before any other.
 */
export function checkExamples(
  file: FingerprintFile,
  readFile: ReadExampleFile,
  options: { readonly firstMatch: boolean },
): ExampleReport {
  const failures: ExampleFailure[] = [];
  const totals = { examples: 0, examplesPassed: 0, values: 0, valuesPassed: 0 };
  const whole = options.firstMatch ? new FingerprintDb([file]) : null;
  for (const fingerprint of file.fingerprints) {
    const alone = new FingerprintDb([{ ...file, fingerprints: [fingerprint], problems: [] }]);
    const fail = (message: string) => failures.push({ source: file.source, item: fingerprint.description, message });
    for (const example of fingerprint.examples) {
      totals.examples += 1;
      totals.values += Object.keys(example.expected).length;
      const text = exampleText(file.source, example, readFile);
      if (text === null) {
        fail(`The example's file "${example.fileName ?? ''}" can't be read.`);
        continue;
      }
      const match = alone.match(file.database, text);
      if (match === null) {
        fail(`The pattern ${fingerprint.pattern} does not match the example ${JSON.stringify(text.slice(0, 200))}.`);
        continue;
      }
      totals.examplesPassed += 1;
      totals.valuesPassed += compare(example, match.fields, fail);
      checkFirst(whole, file, fingerprint, text, fail);
    }
  }
  return { ...totals, failures };
}

function exampleText(source: string, example: FingerprintExample, readFile: ReadExampleFile): string | null {
  if (example.fileName !== null) {
    const bytes = readFile(source, example.fileName);
    return bytes === null ? null : decodeText(bytes);
  }
  return example.encoding === 'base64' ? decodeText(Buffer.from(example.text, 'base64')) : example.text;
}

function compare(
  example: FingerprintExample,
  fields: Readonly<Record<string, string>>,
  fail: (message: string) => void,
): number {
  let passed = 0;
  for (const [name, wanted] of Object.entries(example.expected)) {
    if (fields[name] === wanted) passed += 1;
    else fail(`${name} is ${JSON.stringify(fields[name])}, the example wants ${JSON.stringify(wanted)}.`);
  }
  return passed;
}

function checkFirst(
  whole: FingerprintDb | null,
  file: FingerprintFile,
  fingerprint: Fingerprint,
  text: string,
  fail: (message: string) => void,
): void {
  const first = whole?.match(file.database, text);
  if (first && first.description !== fingerprint.description) {
    fail(`The example meets "${first.description}" before its own fingerprint.`);
  }
}
