import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseServiceProbes } from './parse-service-probes.ts';
import { ServiceProbeMatcher } from './service-probe-matcher.ts';
import { fillCpe, fillTemplate } from './version-template.ts';

/** Made for this test: a protocol of gadgets, in the syntax that users bring. */
const gadgets = String.raw`# gadgets
Exclude T:9100-9107,U:30000

Probe TCP NULL q||
totalwaitms 6000
tcpwrappedms 3000
match gadget m/^GADGET v(\d+)\.(\d+) "([^"]*)"\r\n/s p/Gadget server/ v/$1.$2/ i/label $P(3)/ h/$3/ o/GadgetOS/ d/toy/ cpe:/a:acme:gadget:$1.$2/ cpe:/o:acme:gadgetos/a
softmatch gadget m|^GADGET |i

Probe TCP AskGadget q|\x01WHO\r\n\0\\|
rarity 3
ports 7000,7100-7110
sslports 7443
fallback Other,NULL
match gadget m=^OK_(\d+)_(\d+)$= p@Gadget @ v/$SUBST(2,"0","o")/ i/size $I(1,">")/
match ssl/gadget m/^SECURE/

Probe TCP Other q/?/
match other m/^other\b/

Probe UDP Ping q|ping|
ports 7001
match gadget-ping m/^pong/ p/Gadget/
`;

const file = parseServiceProbes(gadgets);
const matcher = new ServiceProbeMatcher(file);
const probe = (name: string) => {
  const found = file.probes.find((each) => each.name === name);
  if (!found) throw new Error(name);
  return found;
};
const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('a file of service probes', () => {
  it('is read with all its directives', () => {
    expect(file.problems).toEqual([]);
    expect(file.exclude).toEqual({ tcp: [[9100, 9107]], udp: [[30_000, 30_000]] });
    expect(file.probes.map(({ protocol, name }) => `${protocol} ${name}`)).toEqual([
      'tcp NULL',
      'tcp AskGadget',
      'tcp Other',
      'udp Ping',
    ]);
    expect(probe('NULL')).toMatchObject({ payload: new Uint8Array(0), totalWaitMs: 6000, rarity: 5 });
    expect(probe('AskGadget')).toMatchObject({
      payload: new Uint8Array([1, 0x57, 0x48, 0x4f, 13, 10, 0, 0x5c]),
      rarity: 3,
      ports: [
        [7000, 7000],
        [7100, 7110],
      ],
      tlsPorts: [[7443, 7443]],
      fallback: ['Other', 'NULL'],
    });
  });

  it('names the line of everything that it does not understand, and reads the rest', () => {
    const broken = [
      'match x m/a/',
      'Probe TCP A q|a|',
      'Probe TCP A q|b|',
      'Probe SCTP B q|b|',
      'Probe TCP C q|\\q|',
      'Probe TCP D q|unfinished',
      'Probe TCP E q|e|',
      'ports 1-2,70000',
      'rarity 10',
      'match nothing',
      'match open m/abc',
      'match flags m/a/x',
      'match field m/a/ z/b/',
      'match twice m/a/ p/b/ p/c/',
      'match glued m/a/ p/b/v/c/',
      'fallback Nowhere',
      'sleep 5',
      'match good m/a/ p/b/',
    ];
    const { probes, problems } = parseServiceProbes(broken.join('\r\n'));
    expect(problems.map((each) => each.line).toSorted((a, b) => a - b)).toEqual([
      1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 17,
    ]);
    expect(problems.map((each) => each.message).join('\n')).toContain('falls back on Nowhere');
    expect(probes.map((each) => [each.name, each.matches.length])).toEqual([
      ['A', 0],
      ['E', 1],
    ]);
  });

  it('never throws on random lines, and numbers every problem rightly', () => {
    const word = fc.constantFrom(
      'Probe',
      'match',
      'softmatch',
      'TCP',
      'q|',
      'm/',
      '/',
      '|',
      'p/',
      'cpe:/',
      '$1',
      ' ',
      '\n',
      '\\',
      '\0',
      'ports',
      '1-',
      ',',
      'x',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const text = words.join('');
        const read = parseServiceProbes(text);
        const lines = text.split('\n').length;
        expect(read.problems.every((each) => each.line >= 1 && each.line <= lines)).toBe(true);
        new ServiceProbeMatcher(read).unusable.every((each) => each.line <= lines);
      }),
      { numRuns: 400 },
    );
  });
});

describe('an answer, judged by the lines of a file', () => {
  it('fills product, version, information, names and CPE names', () => {
    expect(matcher.match(probe('NULL'), bytes('GADGET v2.7 "toy\u0001 box"\r\n'))).toEqual({
      service: 'gadget',
      tls: false,
      soft: false,
      line: 7,
      product: 'Gadget server',
      version: '2.7',
      info: 'label toy box',
      hostname: 'toy\u0001 box',
      os: 'GadgetOS',
      device: 'toy',
      cpes: ['cpe:/a:acme:gadget:2.7', 'cpe:/o:acme:gadgetos'],
    });
  });

  it('takes a soft match where no other fits, and says so', () => {
    expect(matcher.match(probe('NULL'), bytes('gadget new'))).toMatchObject({
      service: 'gadget',
      soft: true,
      product: null,
    });
  });

  it('tries the lines of the probe, then of those it falls back on, then of greetings', () => {
    expect(matcher.match(probe('AskGadget'), bytes('OK_12_100'))).toMatchObject({
      product: 'Gadget',
      version: '1oo',
      info: 'size 12594',
    });
    expect(matcher.match(probe('AskGadget'), bytes('other one'))?.service).toBe('other');
    expect(matcher.match(probe('Other'), bytes('GADGET x'))?.soft).toBe(true);
    expect(matcher.match(probe('Ping'), bytes('GADGET x'))).toBeNull();
    expect(matcher.match(probe('AskGadget'), bytes('SECURE'))).toMatchObject({ service: 'gadget', tls: true });
  });

  it('leaves out lines of other services once the service is known', () => {
    expect(matcher.match(probe('AskGadget'), bytes('other one'), 'gadget')).toBeNull();
    expect([...matcher.services(probe('AskGadget'))]).toEqual(['gadget']);
  });

  it('lists the lines that it can not use', () => {
    const odd = parseServiceProbes('Probe TCP NULL q||\nmatch a m/(a)\\1/\nmatch b m/b(?=c)/\nmatch c m/c/');
    expect(new ServiceProbeMatcher(odd).unusable).toEqual([
      { line: 2, message: 'it refers back to a group' },
      { line: 3, message: 'it looks ahead' },
    ]);
  });

  it('looks at a bounded part of an endless answer', () => {
    expect(matcher.match(probe('NULL'), Buffer.alloc(50_000_000, 'a'))).toBeNull();
  });
});

describe('a template', () => {
  it.each([
    ['$1-$2', 'one-tw\u0000o'],
    ['$P(2)', 'two'],
    ['$SUBST(1,"n","m")', 'ome'],
    ['$I(3,">")/$I(3,"<")', '258/513'],
    ['a $ sign', 'a $ sign'],
    ['$7', null],
    ['$I(1,">") $I(4,">")', null],
  ])('%s becomes %j', (template, filled) => {
    expect(fillTemplate(template, ['', 'one', 'tw\u0000o', '\u0001\u0002', null])).toBe(filled);
  });

  it('quotes what it puts into a CPE name', () => {
    expect(fillCpe('cpe:/a:v:p:$1', ['', '1.0:Evil Name'])).toBe('cpe:/a:v:p:1.0%3aevil_name'.replace('%3a', '%3A'));
    expect(fillCpe('cpe:/a:v:p:$1', ['', null])).toBeNull();
    expect(fillCpe('cpe:/a:v:p:$1', ['', 'x'.repeat(500)])).toBeNull();
  });
});
