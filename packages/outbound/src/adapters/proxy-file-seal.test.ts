import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseProxyFile } from '../proxy/proxy-file.ts';
import { openProxyFile, sealProxyFile } from './proxy-file-seal.ts';

const key = new Uint8Array(32).fill(7);
let made = 0;
const nonce = () => new Uint8Array(12).fill((made += 1));
const file = `# ours: http://not@touched
export https_proxy="http://CORP%5Cada:s%40cret@proxy.example:3128"
picket_https_proxy=10.0.0.8:3128
all_proxy = bob:pw@[fd00::8]:3128;\r
no_proxy=.example.org
`;

describe('a proxy file with encrypted logins', () => {
  it('hides user and password, keeps all else, and reads as before', () => {
    const { text, sealed } = sealProxyFile(file, key, nonce);
    expect(sealed).toBe(2);
    expect(text).not.toMatch(/ada|cret|bob|:pw/);
    expect(text).toMatch(/^export https_proxy="http:\/\/sealed\.v1\.[\w-]+@proxy\.example:3128"$/m);
    expect(text.split('\n')).toHaveLength(file.split('\n').length);
    expect(openProxyFile(text, key)).toEqual({ ok: true, value: file });
    expect(sealProxyFile(text, key, nonce)).toEqual({ text, sealed: 0 });
    const opened = openProxyFile(text, key);
    expect(opened.ok && parseProxyFile(opened.value)).toEqual(parseProxyFile(file));
  });

  it('of which nothing is encrypted needs no key', () => {
    expect(openProxyFile(file, null)).toEqual({ ok: true, value: file });
  });

  it.each([
    ['without its key', (text: string) => text, null],
    ['with another key', (text: string) => text, new Uint8Array(32)],
    ['with a key that was cut', (text: string) => text, key.subarray(1)],
    ['whose login was taken to another proxy', (text: string) => text.replace('proxy.example', 'evil.example'), key],
    ['whose scheme was changed', (text: string) => text.replace('http://sealed', 'https://sealed'), key],
    ['whose login was cut', (text: string) => text.replace(/[\w-]{4}@proxy/, '@proxy'), key],
  ])('%s is refused by the number of its line, without a value', (_, change, with_) => {
    const opened = openProxyFile(change(sealProxyFile(file, key, nonce).text), with_);
    expect(opened.ok ? opened.value : opened.error).toMatch(/^Line 2 of the proxy file/);
  });

  it('whatever login it is, comes back', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\x21-\x7e]{1,40}$/), (raw) => {
        const line = `https_proxy=http://${encodeURIComponent(raw)}:x@h:1`;
        const opened = openProxyFile(sealProxyFile(line, key, nonce).text, key);
        expect(opened).toEqual({ ok: true, value: line });
      }),
    );
  });
});
