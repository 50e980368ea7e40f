import { err, ok, type Result } from '@picket/base/result';

const limit = 32;

/**
 * Reads a file of release keys: one raw Ed25519 public key (32 bytes, base64url) a line, with whatever stands after a blank as a note;
 * lines that are empty or begin with `#` say nothing. The error is a clause.
 */
export function parseReleaseKeys(text: string): Result<readonly string[], string> {
  const keys: string[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const [key = ''] = line.trim().split(/\s/);
    if (key === '' || key.startsWith('#')) continue;
    if (!/^[A-Za-z0-9_-]{43}$/.test(key)) return err(`line ${at + 1} holds no Ed25519 public key`);
    keys.push(key);
  }
  if (keys.length === 0) return err('it holds no key');
  return keys.length > limit ? err(`it holds more than ${limit} keys`) : ok(keys);
}
