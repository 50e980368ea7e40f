import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sealingKey } from './sealing-key.ts';

const newKey = () => sealingKey(generateKeyPairSync('ed25519').privateKey);
const plain = new Uint8Array(Buffer.from('a secret of twenty b'));

describe('sealed values', () => {
  it('open again with the same key and record, and are never the same twice', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const [key, later] = [sealingKey(privateKey), sealingKey(privateKey)];
    const sealed = key.seal(plain, 'totp:1:7');
    expect(Buffer.from(sealed).includes(Buffer.from(plain))).toBe(false);
    expect(later.open(sealed, 'totp:1:7')).toEqual(plain);
    expect(key.seal(plain, 'totp:1:7')).not.toEqual(sealed);
  });

  it('do not open in another record, with another key, or changed in any byte', () => {
    const key = newKey();
    const sealed = key.seal(plain, 'totp:1:7');
    expect(() => key.open(sealed, 'totp:1:8')).toThrow();
    expect(() => newKey().open(sealed, 'totp:1:7')).toThrow();
    for (let place = 0; place < sealed.length; place++) {
      const changed = Uint8Array.from(sealed, (byte, index) => (index === place ? byte ^ 1 : byte));
      expect(() => key.open(changed, 'totp:1:7')).toThrow();
      expect(() => key.open(sealed.subarray(0, place), 'totp:1:7')).toThrow();
    }
  });
});
