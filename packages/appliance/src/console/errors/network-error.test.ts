import { describe, expect, it } from 'vitest';
import { sampleCauses } from '../testing/sample-causes.ts';
import { attempts } from './attempt.ts';
import type { Cause } from './cause.ts';
import { causeTexts } from './cause.ts';
import { codeTable, description, networkError } from './network-error.ts';

/** Expected codes of each attempt for: link, address, invalid, gateway, dns, proxy, platform. Read off the documents, not off the code. */
const expected: Readonly<Record<(typeof attempts)[number], string>> = {
  'in-force': '01 01 01 01 01 01 01',
  boot: '06 06 06 06 06 06 06',
  activation: '01 01 01 01 14 01 01',
  'lan-dhcp': '10 10 10 10 09 10 10',
  'lan-static': '10 10 07 07 09 10 10',
  vlan: '13 13 13 13 13 13 13',
  'wan-dhcp': '12 12 12 12 09 12 12',
  'wan-static': '12 12 08 08 09 12 12',
  'wan-disabled': '12 12 12 12 12 12 12',
  'proxy-enabled': '03 03 03 03 03 03 03',
  'proxy-disabled': '04 04 04 04 04 04 04',
  'ip-mode': '10 10 10 10 10 10 10',
  reset: '10 10 10 10 09 10 10',
};

const lanDns = (answered: boolean): Cause => ({ kind: 'dns-failed', port: 'lan', answered });
const invalid = (port: 'lan' | 'wan', loopback: boolean): Cause => ({ kind: 'invalid-config', port, loopback });

describe('the codes of NETWORK ERR', () => {
  it.each(attempts)('after %s are those of the documents', (attempt) => {
    const row = codeTable[attempt];
    const { link, address, invalid: bad, gateway, dns, proxy, platform } = row;
    expect([link, address, bad, gateway, dns, proxy, platform].join(' ')).toBe(expected[attempt]);
  });

  it('never use 02, 05 and 11', () => {
    const used = new Set(attempts.flatMap((attempt) => Object.values(codeTable[attempt])));
    expect([...used].sort()).toEqual(['01', '03', '04', '06', '07', '08', '09', '10', '12', '13', '14']);
  });

  it('have a description of at most 16 characters for every cause, no two the same', () => {
    for (const cause of sampleCauses) expect(description(cause).length).toBeLessThanOrEqual(16);
    expect(new Set(sampleCauses.map(({ kind }) => kind))).toEqual(new Set(Object.keys(causeTexts)));
    const different = new Set(sampleCauses.map(description));
    expect(different.size).toBe(18 + 6 + 5);
  });

  it.each<[(typeof attempts)[number], Cause, string]>([
    ['in-force', { kind: 'proxy-closed', ntlm: true }, 'E00'],
    ['in-force', { kind: 'proxy-status', status: 407, ntlm: true }, 'E01'],
    ['in-force', { kind: 'proxy-closed', ntlm: false }, 'E02'],
    ['proxy-enabled', { kind: 'proxy-timeout', ntlm: false }, 'E03'],
    ['proxy-enabled', { kind: 'proxy-status', status: 407, ntlm: true }, 'E03'],
    ['proxy-enabled', { kind: 'proxy-status', status: 404, ntlm: false }, 'E02'],
    ['proxy-disabled', { kind: 'platform-timeout' }, 'E04'],
    ['proxy-disabled', lanDns(false), 'E13'],
    ['proxy-disabled', lanDns(true), 'E05'],
    ['boot', lanDns(true), 'E05'],
    ['boot', lanDns(false), 'E13'],
    ['boot', { kind: 'no-dns-server', port: 'wan' }, 'E13'],
    ['activation', lanDns(true), 'E14'],
    ['activation', { kind: 'no-dns-server', port: 'lan' }, 'E14'],
    ['in-force', { kind: 'certificate' }, 'E06'],
    ['lan-static', invalid('lan', false), 'E07'],
    ['wan-static', invalid('wan', false), 'E08'],
    ['lan-static', { kind: 'no-gateway', port: 'lan', family: 4 }, 'E07'],
    ['lan-static', invalid('lan', true), 'E09'],
    ['wan-static', invalid('wan', true), 'E11'],
    ['lan-dhcp', { kind: 'no-carrier', port: 'lan' }, 'E10'],
    ['wan-dhcp', { kind: 'no-address', port: 'wan', family: 4 }, 'E12'],
    ['wan-dhcp', invalid('wan', false), 'E12'],
    ['vlan', { kind: 'iface-down', port: 'lan' }, 'E10'],
  ])('after %s with %j go with %s of older models', (attempt, cause, eCode) => {
    expect(networkError(attempt, cause).eCode).toBe(eCode);
  });

  it('is whole: every attempt and cause has a code, a description and an E-code', () => {
    const lines = attempts.flatMap((attempt) =>
      sampleCauses.map((cause) => {
        const { code, description: text, eCode } = networkError(attempt, cause);
        expect(code).toMatch(/^(0[1-46-9]|10|1[234])$/);
        expect(eCode).toMatch(/^E(0[0-9]|1[0-4])$/);
        const more = 'ntlm' in cause && cause.ntlm ? ' (NTLM)' : '';
        const answer = cause.kind === 'dns-failed' ? (cause.answered ? ' (answered)' : ' (no answer)') : '';
        return `${attempt.padEnd(15)} ${code} ${eCode} ${text}${more}${answer}`;
      }),
    );
    expect(lines).toHaveLength(attempts.length * sampleCauses.length);
  });
});
