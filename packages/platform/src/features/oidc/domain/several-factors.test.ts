import { expect, it } from 'vitest';
import { saysSeveralFactors } from './several-factors.ts';

it.each([
  [['mfa'], true],
  [['pwd', 'otp', 'mfa'], true],
  [['pwd', 'otp'], false],
  [['MFA'], false],
  [['mfa', 1], false],
  [[], false],
  ['mfa', false],
  [{ 0: 'mfa' }, false],
  [undefined, false],
])('amr %j says several factors: %s', (amr, expected) => {
  expect(saysSeveralFactors({ sub: 'x', amr })).toBe(expected);
});
