import { X509Certificate } from 'node:crypto';
import { type TestCa, testCa } from '@picket/testkit/test-ca';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificateFault } from './certificate-at.ts';

const now = Date.UTC(2031, 4, 1);
const day = 86_400_000;
let ca: TestCa;
let leaf: X509Certificate;
beforeAll(async () => {
  ca = await testCa('Test CA', now);
  leaf = new X509Certificate((await ca.issue(['platform.test', '192.0.2.1', '2001:db8::1'])).cert);
});

const judged = (host: string, isAddress: boolean, at = now) =>
  certificateFault({ leaf, ca: new X509Certificate(ca.pem), host, isAddress, at });

describe('a certificate at a time', () => {
  it('is good for its names and addresses while it is in force', () => {
    expect(judged('platform.test', false)).toBeNull();
    expect(judged('192.0.2.1', true)).toBeNull();
    expect(judged('2001:db8::1', true)).toBeNull();
  });

  it.each([
    ['elsewhere.test', false, 'wrong-host'],
    ['192.0.2.2', true, 'wrong-host'],
  ])('is for no other: %s', (host, isAddress, fault) => {
    expect(judged(host, isAddress)).toBe(fault);
  });

  it('has a beginning and an end', () => {
    expect(judged('platform.test', false, now - 0.6 * day)).toBe('not-yet-valid');
    expect(judged('platform.test', false, now + 0.6 * day)).toBe('expired');
  });

  it('counts only with the signature of the pinned authority, whatever name the issuer has', async () => {
    const other = await testCa('Test CA', now);
    const theirs = new X509Certificate((await other.issue(['platform.test'])).cert);
    const question = { ca: new X509Certificate(ca.pem), host: 'platform.test', isAddress: false, at: now };
    expect(certificateFault({ ...question, leaf: theirs })).toBe('unknown-ca');
    expect(certificateFault({ ...question, leaf: new X509Certificate(ca.pem) })).not.toBeNull();
    expect(certificateFault({ ...question, leaf, ca: leaf })).toBe('unknown-ca');
  });
});
