import { generateKeyPairSync } from 'node:crypto';
import { systemRandom } from '@picket/base/adapters/system';
import { describe, expect, it } from 'vitest';
import { platformKey } from './platform-key.ts';
import { secretBox } from './secret-box.ts';

const newBox = () => secretBox(platformKey(generateKeyPairSync('ed25519').privateKey), systemRandom);

describe('secretBox', () => {
  it('opens what it sealed, at the same place alone', () => {
    const box = newBox();
    const sealed = box.seal('correct horse', 'webhook:7');
    expect(box.open(sealed, 'webhook:7').reveal()).toBe('correct horse');
    expect(Buffer.from(sealed).includes('correct horse')).toBe(false);
    expect(() => box.open(sealed, 'webhook:8')).toThrow(/does not open/);
  });

  it('seals the same secret differently each time', () => {
    const box = newBox();
    expect(box.seal('same', 'a')).not.toEqual(box.seal('same', 'a'));
  });

  it('opens nothing that was altered, cut, or sealed by another platform', () => {
    const box = newBox();
    const sealed = box.seal('secret', 'a');
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Uint8Array.from(sealed);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(() => box.open(altered, 'a')).toThrow(/does not open/);
      expect(() => box.open(sealed.subarray(0, at), 'a')).toThrow(/does not open/);
    }
    expect(() => newBox().open(sealed, 'a')).toThrow(/does not open/);
  });
});
