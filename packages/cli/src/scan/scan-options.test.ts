import { describe, expect, it } from 'vitest';
import { joinOutputWords, parseOutput } from './scan-options.ts';

describe('--output', () => {
  it('takes two words and leaves the targets alone', () => {
    expect(joinOutputWords(['scan', '--output', 'json', 'a.json', '10.0.0.1'])).toEqual([
      'scan',
      '--output',
      'json=a.json',
      '10.0.0.1',
    ]);
    expect(joinOutputWords(['scan', '10.0.0.1', '--output', 'nmap-xml', '-'])).toEqual([
      'scan',
      '10.0.0.1',
      '--output',
      'nmap-xml=-',
    ]);
    expect(joinOutputWords(['scan', '--', '--output', 'json', 'x'])).toEqual(['scan', '--', '--output', 'json', 'x']);
  });

  it('reads a format and a file, and names what is wrong', () => {
    expect(parseOutput('json=a=b.json')).toEqual({ format: 'json', path: 'a=b.json' });
    expect(parseOutput('pdf=x')).toContain('json, nmap-xml, grepable');
    expect(parseOutput('json=')).toContain('needs a file name');
  });
});
