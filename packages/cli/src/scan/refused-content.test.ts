import { type Log, silentLog } from '@picket/base/log';
import { expect, it } from 'vitest';
import { RefusedContent } from './refused-content.ts';

function heard(files: readonly string[]): { lines: string[]; logged: string[] } {
  const logged: string[] = [];
  const keeping: Log = { write: (_level, event) => void logged.push(event), with: () => keeping };
  const refused = new RefusedContent();
  const log = refused.hear(keeping).with({});
  log.write('warning', 'allow-list.unusable', { detail: 'x' });
  for (const file of files)
    for (const message of ['first.', 'second.'])
      log.write('warning', 'content.item-refused', { file, kind: 'x', message });
  return { lines: refused.lines(), logged };
}

it('tells how many files of content are not run and of the first ones why, and logs all the same', () => {
  const { lines, logged } = heard(['a', 'b', 'c', 'd', 'e', 'f\u001b[2J']);
  expect(lines.slice(0, 2)).toEqual(['content that is not run in this scan: 6 files', '  a: first.']);
  expect(lines).toHaveLength(6);
  expect(lines[5]).toContain('and 2 more');
  expect(logged).toHaveLength(13);
});

it('says nothing when everything is used', () => {
  expect(heard([]).lines).toEqual([]);
  expect(new RefusedContent().hear(silentLog)).toBeDefined();
});

it('writes no control characters of a file name to the terminal', () => {
  expect(heard(['f\u001b[2J']).lines.join('')).not.toContain('\u001b');
});
