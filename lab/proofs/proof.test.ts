import { expect, test } from 'vitest';
import { judge } from './proof.ts';
import { proofs } from './registry.ts';

const said: readonly [check: string, output: string, verdict: string][] = [
  ['redis-unauthenticated', 'PONG\n', 'weak'],
  ['redis-unauthenticated', 'NOAUTH Authentication required.\n', 'refused'],
  ['redis-unauthenticated', 'Could not connect to Redis at 10.99.0.15:6379: Connection refused\n', 'unclear'],
  ['tls-1-0-accepted', 'New, (NONE), Cipher is (NONE)\n    Protocol  : TLSv1\nalert protocol version', 'refused'],
  ['tls-1-0-accepted', 'New, TLSv1.0, Cipher is ECDHE-ECDSA-AES256-SHA', 'weak'],
  ['git-config-exposed', 'Everything is here\nstatus 200', 'refused'],
  ['vnc-no-authentication', 'RFB 003.008\n\u0001\u0001', 'weak'],
  ['vnc-no-authentication', 'RFB 003.008\n\u0001\u0002', 'refused'],
];

test.each(said)('what a client of %s says is judged: %j is %s', (check, output, verdict) => {
  const proof = proofs[check];
  expect(proof && judge(proof, output)).toBe(verdict);
});
