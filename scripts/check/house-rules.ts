import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filesBelow } from './files-below.ts';

/** House rules that no ready-made linter knows. Each fault is one line: where, what, the way out. */
export function houseRuleFaults(root: string): string[] {
  const sources = filesBelow(join(root, 'packages'), root).filter(
    (path) => /\.tsx?$/.test(path) && !/\/(dist|fixtures)\//.test(path),
  );
  return [
    ...sources.flatMap((path) => sourceFaults(path, readFileSync(join(root, path), 'utf8'))),
    ...packageFaults(root, sources),
  ];
}

const vagueNames = /^(utils?|helpers?|misc|common)\.tsx?$/;
const isTest = (path: string) =>
  /\.test\.tsx?$|\/(testing|content-testing|bench|browser|dev)\/|testing\.ts$|^packages\/testkit\//.test(path);
const mayTouchTheMachine = (path: string) =>
  isTest(path) || /\/adapters?\/|\/main\.ts$|^packages\/(web|cli)\/|^packages\/platform\/src\/storage\//.test(path);

/** Faults of one source file. */
export function sourceFaults(path: string, text: string): string[] {
  const faults: string[] = [];
  const lines = text.split('\n').length;
  if (lines > 600) faults.push(`${path}: ${lines} lines; over 600 is refused. Split it by concept.`);
  if (vagueNames.test(basename(path)))
    faults.push(`${path}: the name says nothing. Name the file after the concept it holds.`);
  if (!/^[a-z0-9.$_-]+$/.test(basename(path))) faults.push(`${path}: file names are kebab-case.`);
  if (basename(path).startsWith('index.') && !path.startsWith('packages/web/'))
    faults.push(`${path}: no barrel files. Import from the file that defines.`);
  if (!mayTouchTheMachine(path)) faults.push(...injectedFaults(path, text));
  if (!isTest(path)) faults.push(...tableFaults(path, text));
  return faults;
}

const injected: readonly { readonly pattern: RegExp; readonly instead: string }[] = [
  { pattern: /\bDate\.now\(\)/, instead: 'take a Clock' },
  { pattern: /\bnew Date\(\)/, instead: 'take a Clock' },
  { pattern: /\bMath\.random\(\)/, instead: 'take a Random' },
  { pattern: /(^|[^.\w])fetch\(/, instead: 'use outbound' },
  { pattern: /\bprocess\.env\b/, instead: 'read the environment in main.ts and pass a configuration' },
];

/** Without comments, line for line. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/\/\/[^\n]*/g, '');
}

/** Tables by text are asked for keys that somebody else wrote: a plain index gives what every object inherits, a function named `constructor`. */
function tableFaults(path: string, text: string): string[] {
  const code = codeOf(text);
  const tables = [...code.matchAll(/^(?:export )?const (\w+): (?:Readonly<)?(?:Partial<)?Record<string,/gm)];
  return tables.flatMap(([, name = '']) => {
    const index = new RegExp(`(?<![\\w.])${name}\\[(?!')`);
    const line = code.split('\n').findIndex((each) => index.test(each));
    return line < 0 ? [] : [`${path}:${line + 1}: ${name}[…] finds what objects inherit; use ownValue.`];
  });
}

function injectedFaults(path: string, text: string): string[] {
  const code = codeOf(text);
  return injected.flatMap(({ pattern, instead }) => {
    const line = code.split('\n').findIndex((each) => pattern.test(each));
    return line < 0 ? [] : [`${path}:${line + 1}: ${pattern.source} outside an adapter; ${instead}.`];
  });
}

function packageFaults(root: string, sources: readonly string[]): string[] {
  const names = new Set(sources.map((path) => path.split('/')[1] as string));
  return [...names].flatMap((name) => {
    const readme = join(root, 'packages', name, 'README.md');
    if (!existsSync(readme))
      return [`packages/${name}: no README.md (purpose, what it must not know, entry points, how to test it).`];
    return [];
  });
}
