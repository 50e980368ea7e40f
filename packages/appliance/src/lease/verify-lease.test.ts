import { keyPairFromPem, newPrivateKeyPem, verifierOf } from '@picket/base/adapters/ed25519';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaseFor } from '../testing/lease-for.ts';
import { verifyLease } from './verify-lease.ts';

const key = keyPairFromPem(newPrivateKeyPem());
const now = Date.now();
const check = { verify: verifierOf(key.publicKey), applianceId: 7, nowMs: now, renewedUntil: null };

function sign(text: string) {
  const bytes = Buffer.from(text);
  return {
    payload: bytes.toString('base64url'),
    signature: Buffer.from(key.sign(bytes)).toString('base64url'),
    keyId: key.keyId,
  };
}
const signed = (changes: Parameters<typeof leaseFor>[0] = {}) => sign(JSON.stringify(leaseFor(changes)));

describe('verifyLease', () => {
  it('accepts what the platform signed for this appliance', () => {
    expect(verifyLease(signed(), check)).toMatchObject({ ok: true, value: { applianceId: 7 } });
  });

  it.each([
    ['lease.appliance', { applianceId: 8 }],
    ['lease.level', { level: 2 }],
    ['lease.expired', { expiresAt: new Date(now - 1).toISOString() }],
    ['lease.malformed', { leaseId: '../../etc' }],
    ['lease.malformed', { blocks: ['10.0.0.0/99'] }],
  ])('refuses with %s', (code, changes) => {
    expect(verifyLease(signed(changes), check)).toMatchObject({ ok: false, error: { code } });
  });

  it('takes a lease that a poll renewed', () => {
    const lease = signed({ expiresAt: new Date(now - 1).toISOString() });
    expect(verifyLease(lease, { ...check, renewedUntil: new Date(now + 1000).toISOString() }).ok).toBe(true);
  });

  it('refuses a lease with any bit changed, or of another key', () => {
    const good = signed();
    const bytes = Buffer.from(good.payload, 'base64url');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length * 8 - 1 }), (bit) => {
        const changed = Buffer.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const lease = { ...good, payload: changed.toString('base64url') };
        expect(verifyLease(lease, check)).toMatchObject({ ok: false, error: { code: 'lease.signature' } });
      }),
      { numRuns: 30 },
    );
    const other = keyPairFromPem(newPrivateKeyPem());
    expect(verifyLease(good, { ...check, verify: verifierOf(other.publicKey) }).ok).toBe(false);
  });

  it('never throws, whatever was signed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        expect(verifyLease(sign(text), check)).toMatchObject({ ok: false, error: { code: 'lease.malformed' } });
      }),
      { numRuns: 40 },
    );
  });
});
