import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OsClaim, OsSource } from './claim.ts';
import { judgeOs } from './judge-os.ts';

function claim(source: OsSource, path: string, confidence: number, more: Partial<OsClaim> = {}): OsClaim {
  return { source, path: path.split('/'), confidence, text: `${source} says ${path}`, ...more };
}

describe('the judge of operating systems', () => {
  it('says nothing without evidence, or with evidence that is too weak', () => {
    expect(judgeOs([], null)).toBeNull();
    expect(judgeOs([claim('mac', 'linux', 0.2)], null)).toBeNull();
  });

  it('names the most special system that the evidence bears, with its CPE', () => {
    const claims = [claim('ssh', 'linux/debian/12', 0.9), claim('stack', 'linux', 0.6)];
    expect(judgeOs(claims, null)).toEqual({
      vendor: 'Debian',
      product: 'Linux',
      version: '12',
      cpe: 'cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*',
      confidence: 0.9,
      evidence: 'ssh says linux/debian/12; stack says linux',
    });
  });

  it('stays general where only the special is in dispute, and says so', () => {
    const claims = [claim('ssh', 'linux/debian/12', 0.9), claim('http', 'linux/ubuntu', 0.85)];
    expect(judgeOs(claims, null)).toMatchObject({ product: 'Linux', vendor: 'Linux', confidence: 0.9 });
    expect(judgeOs(claims, null)?.evidence).toMatch(/a proxy, a container or forwarded ports/);
  });

  it('is less sure when another system answers too, and then names the container or proxy', () => {
    const answer = judgeOs([claim('smb', 'windows/10.0/20348', 0.95), claim('stack', 'linux', 0.6)], null);
    expect(answer).toMatchObject({ product: 'Windows Server 2022', version: '10.0.20348' });
    expect(answer?.confidence).toBeLessThan(0.7);
    expect(answer?.evidence).toMatch(/against it: stack says linux/);
  });

  it('does not decide between two systems that are equally well shown', () => {
    expect(judgeOs([claim('ssh', 'linux', 0.9), claim('smb', 'windows', 0.9)], null)).toBeNull();
  });

  it('takes a stack that several systems share for no contradiction', () => {
    const answer = judgeOs([claim('snmp', 'esxi', 0.9), claim('stack', 'freebsd', 0.5, { alike: ['esxi'] })], null);
    expect(answer).toMatchObject({ product: 'ESXi', confidence: 0.9 });
    expect(answer?.evidence).not.toMatch(/against/);
  });

  it('names a choice where a Windows build was sold for desk and computer room, and one of them once the role is known', () => {
    const claims = [claim('smb', 'windows/10.0/17763', 0.95)];
    expect(judgeOs(claims, null)).toMatchObject({
      product: 'Windows 10 1809 or Windows Server 2019',
      cpe: 'cpe:2.3:o:microsoft:windows:-:*:*:*:*:*:*:*',
    });
    expect(judgeOs(claims, 'server')).toMatchObject({
      product: 'Windows Server 2019',
      cpe: 'cpe:2.3:o:microsoft:windows_server_2019:-:*:*:*:*:*:*:*',
    });
  });

  it('never throws, never claims more than its best evidence, and does not depend on the order of the evidence', () => {
    const paths = [
      'linux',
      'linux/debian',
      'linux/debian/12',
      'linux/ubuntu',
      'windows',
      'windows/10.0/1',
      'x',
      'é/\u0000',
    ];
    const sources: OsSource[] = ['stack', 'ssh', 'smb', 'http', 'mac', 'snmp'];
    const any = fc
      .record({
        source: fc.constantFrom(...sources),
        path: fc.oneof(fc.constantFrom(...paths), fc.string({ maxLength: 20 })),
        confidence: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(Number.NaN, -1, 2)),
        text: fc.string({ maxLength: 2000 }),
      })
      .map(({ source, path, confidence, text }) => claim(source, path, confidence, { text }));
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), fc.constantFrom(null, 'client', 'server'), (claims, role) => {
        const answer = judgeOs(claims, role);
        const valid = claims.map(({ confidence }) => confidence).filter((each) => each > 0 && each <= 1);
        expect(answer?.confidence ?? 0).toBeLessThanOrEqual(Math.max(0, ...valid));
        expect(answer?.evidence.length ?? 0).toBeLessThanOrEqual(1024);
        const reversed = judgeOs(claims.toReversed(), role);
        expect([reversed?.product, reversed?.confidence]).toEqual([answer?.product, answer?.confidence]);
      }),
      { numRuns: 500 },
    );
  });
});
