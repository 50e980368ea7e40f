import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { platformKey } from '../server/platform-key.ts';
import { codeBook } from './codes.ts';

const key = platformKey(generateKeyPairSync('ed25519').privateKey);
const salt = new Uint8Array(16);

describe('codeBook', () => {
  it('shows a device the same code again, and another one under another salt', () => {
    const code = codeBook(key).activationCode('device', salt);
    expect(code).toMatch(/^[0-9]{12}$/);
    expect(codeBook(key).activationCode('device', salt)).toBe(code);
    expect(codeBook(key).activationCode('device', salt.with(0, 1))).not.toBe(code);
  });

  it('hashes with a key of the installation and by the kind of code', () => {
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
    const other = platformKey(generateKeyPairSync('ed25519').privateKey);
    const hash = hex(codeBook(key).hashOf('activation', '123456789012'));
    expect(hex(codeBook(other).hashOf('activation', '123456789012'))).not.toBe(hash);
    expect(hex(codeBook(key).hashOf('personalization', '123456789012'))).not.toBe(hash);
  });
});
