import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCpe23 } from './cpe23.ts';
import { FingerprintDb } from './fingerprint-db.ts';
import { loadFingerprintFile } from './load-fingerprint-file.ts';
import { requiredLiteral } from './required-literal.ts';
import { compileRubyPattern } from './ruby-pattern.ts';

function db(body: string, root = 'matches="t.banner" protocol="t"'): FingerprintDb {
  const file = loadFingerprintFile(`<fingerprints ${root}>${body}</fingerprints>`, 't.xml');
  if (!file.ok) throw new Error(file.error.message);
  return new FingerprintDb([file.value]);
}

describe('a fingerprint file', () => {
  it('gives constants, captures and interpolated values of the first match', () => {
    const match = db(`
      <fingerprint pattern="^Foo/([\\d.]+)$"><description>Foo</description>
        <param pos="0" name="service.product" value="Foo"/><param pos="1" name="service.version"/>
        <param pos="0" name="service.cpe23" value="cpe:/a:foo:foo:{service.version}"/></fingerprint>
      <fingerprint pattern="Foo"><description>Any</description><param pos="0" name="service.product" value="Any"/></fingerprint>`).match(
      't.banner',
      'Foo/1.2',
    );
    expect(match?.fields).toEqual({
      'service.product': 'Foo',
      'service.version': '1.2',
      'service.cpe23': 'cpe:/a:foo:foo:1.2',
      'service.protocol': 't',
    });
  });

  it('writes "-" for a version that a CPE misses', () => {
    const match =
      db(`<fingerprint pattern="^Foo(?:/([\\d.]+))?$"><description>Foo</description><param pos="1" name="service.version"/>
      <param pos="0" name="service.cpe23" value="cpe:/a:foo:foo:{service.version}"/></fingerprint>`).match(
        't.banner',
        'Foo',
      );
    expect(match?.fields['service.cpe23']).toBe('cpe:/a:foo:foo:-');
  });

  it('reports unknown elements, attributes and flags and keeps the rest', () => {
    const loaded = loadFingerprintFile(
      '<fingerprints matches="t"><fingerprint pattern="a" colour="red" flags="REG_ODD"><description>A</description><sound>x</sound><param pos="0" name="x" value="y"/></fingerprint></fingerprints>',
      't.xml',
    );
    expect(loaded.ok && loaded.value.problems.map((problem) => problem.message)).toEqual([
      expect.stringContaining('"colour"'),
      expect.stringContaining('"REG_ODD"'),
      expect.stringContaining('<sound>'),
    ]);
    expect(loaded.ok && loaded.value.fingerprints).toHaveLength(1);
  });

  it('reports a pattern that does not compile and goes on', () => {
    const made = db(
      '<fingerprint pattern="(a"><description>Bad</description></fingerprint><fingerprint pattern="a"><description>Good</description></fingerprint>',
    );
    expect(made.match('t.banner', '(a')?.description).toBe('Good');
    expect(made.problems[0]?.item).toBe('Bad');
  });

  it('refuses a document type declaration, so that no entity can be defined', () => {
    expect(loadFingerprintFile('<!DOCTYPE x [<!ENTITY a "b">]><fingerprints/>', 't.xml').ok).toBe(false);
    expect(loadFingerprintFile('<fingerprints>&a;</fingerprints>', 't.xml').ok).toBe(false);
  });

  it('never throws, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => void loadFingerprintFile(`<fingerprints>${text}`, 't.xml')),
    );
  });
});

describe('a pattern', () => {
  const finds = (pattern: string, text: string) => {
    const compiled = compileRubyPattern(pattern, { ignoreCase: false, dotAll: false });
    return compiled.ok && compiled.value.matcher(text).find();
  };

  it('has the semantics of Ruby: anchors at lines, (?m) for dot-all', () => {
    expect(finds('^b$', 'a\nb\nc')).toBe(true);
    expect(finds('a.b', 'a\nb')).toBe(false);
    expect(finds('(?m)a.b', 'a\nb')).toBe(true);
    expect(finds('(?mi:A.b)', 'a\nb')).toBe(true);
  });

  it('tells a literal that every match holds', () => {
    expect(requiredLiteral('^OpenSSH_([\\d.]+)$')).toBe('openssh_');
    expect(requiredLiteral('ab?cd+e')).toBe('cd');
    expect(requiredLiteral('foo|bar')).toBe('');
    expect(requiredLiteral('[x|]foo(?:a|b)\\.bar')).toBe('.bar');
  });
});

describe('a CPE name', () => {
  it('is turned from a URI into the formatted string', () => {
    expect(toCpe23('cpe:/a:openbsd:openssh:9.2p1')).toBe('cpe:2.3:a:openbsd:openssh:9.2p1:*:*:*:*:*:*:*');
    expect(toCpe23('cpe:/o:debian:debian_linux:-')).toBe('cpe:2.3:o:debian:debian_linux:-:*:*:*:*:*:*:*');
    expect(toCpe23('cpe:/a:x:y:1%2b2~3')).toBe('cpe:2.3:a:x:y:1\\+2\\~3:*:*:*:*:*:*:*');
    expect(toCpe23('rubbish')).toBeNull();
  });
});
