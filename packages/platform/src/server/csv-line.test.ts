import { expect, it } from 'vitest';
import { csvLine } from './csv-line.ts';

it('a line of CSV quotes what needs it and disarms what a spreadsheet would run', () => {
  expect(csvLine(['a', 'b,c', 'say "x"', 'two\nlines', ''])).toBe('a,"b,c","say ""x""","two\nlines",\r\n');
  expect(csvLine(['=1+1', '+1', '-1', '@x', '\tx', '\rx', '=a,"b"'])).toBe(
    `'=1+1,'+1,'-1,'@x,'\tx,"'\rx","'=a,""b"""\r\n`,
  );
  expect(csvLine([' = 1'])).toBe('" = 1"\r\n');
});
