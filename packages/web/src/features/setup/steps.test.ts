import { expect, test } from 'vitest';
import { currentStep } from './steps.ts';

const user = {
  id: 1,
  login: 'm',
  name: 'M',
  role: 'manager',
  passwordChangeNeeded: false,
  termsAccepted: true,
  secondFactorNeeded: false,
  sees: 'everything',
  businessUnitId: null,
  hasPassword: true,
} as const;

test('the one-time password comes first, whatever the URL says', () => {
  expect(currentStep({ user: { ...user, passwordChangeNeeded: true, termsAccepted: false } }, 'scan')).toBe('password');
});
test('then the terms', () => {
  expect(currentStep({ user: { ...user, termsAccepted: false } }, 'scan')).toBe('terms');
});
test('after that the URL decides, and cannot lead back to what is done', () => {
  expect(currentStep({ user }, 'scan')).toBe('scan');
  expect(currentStep({ user }, undefined)).toBe('networks');
  expect(currentStep({ user }, 'password')).toBe('networks');
});
