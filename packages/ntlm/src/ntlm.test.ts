import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ntlmAccount } from './account.ts';
import { fileTime, ntlmAuthenticate, responseKey } from './authenticate.ts';
import { avIds, decodeAvPairs, encodeAvPairs } from './av-pairs.ts';
import { decodeChallenge, findChallenge } from './challenge.ts';
import { md4 } from './md4.ts';
import { ntlmNegotiate } from './negotiate.ts';

const hex = (...parts: readonly string[]) => Uint8Array.from(Buffer.from(parts.join('').replaceAll(/\s+/g, ''), 'hex'));
const toHex = (bytes: Uint8Array | null) => Buffer.from(bytes ?? []).toString('hex');

it.each([
  ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
  ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
  ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
  ['1234567890'.repeat(8), 'e33b4ddc9c38f2199c3e7b164fcc0536'],
])('MD4 of "%s" is what RFC 1320 has', (text, digest) => {
  expect(toHex(md4(Buffer.from(text)))).toBe(digest);
});

it.each([55, 56, 63, 64, 65])('MD4 pads %i bytes into whole blocks', (length) => {
  // The digest of a text and that of the same text with a NUL more must differ wherever the padding falls.
  expect(toHex(md4(new Uint8Array(length)))).not.toBe(toHex(md4(new Uint8Array(length + 1))));
});

/** The server of MS-NLMP section 4.2.4.3: challenge 0123456789abcdef, target `Server`, pairs `Domain` and `Server`. */
const dare = hex(
  '4e544c4d53535000 02000000', // signature, type
  '0c000c00 38000000', // target name: 12 bytes at 56
  '33828ae2', // flags
  '0123456789abcdef 0000000000000000', // challenge, reserved
  '24002400 44000000', // target info: 36 bytes at 68
  '0600701700 00000f', // version 6.0.6000
  '5300 6500 7200 7600 6500 7200', // Server
  '0200 0c00 44006f006d00610069006e00', // 2: Domain
  '0100 0c00 530065007200760065007200', // 1: Server
  '0000 0000',
);
const account = { domain: 'Domain', name: 'User', password: 'Password' };
const fresh = { nonce: hex('aaaaaaaaaaaaaaaa'), time: new Uint8Array(8) };
const found = decodeChallenge(dare);
if (found === null) throw new Error('no challenge');
const challenge = found;

describe('the vectors of MS-NLMP section 4.2.4', () => {
  it('NTOWFv2', () => {
    expect(toHex(responseKey(account))).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
  });

  it('the answers to the challenge and the session key', () => {
    const { message, key } = ntlmAuthenticate(challenge, account, fresh);
    expect(toHex(fieldOf(message, 0))).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(toHex(fieldOf(message, 1)).slice(0, 32)).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(toHex(key)).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  });
});

/** The bytes of a field of AUTHENTICATE: 0 LM, 1 NT, 2 domain, 3 user. */
function fieldOf(message: Uint8Array, index: number): Uint8Array {
  const view = new DataView(message.buffer, message.byteOffset);
  const place = 12 + 8 * index;
  const from = view.getUint32(place + 4, true);
  return message.subarray(from, from + view.getUint16(place, true));
}

describe('a challenge', () => {
  it('tells names, version and pairs', () => {
    expect(challenge).toMatchObject({ computer: 'Server', domain: 'Domain', dnsDomain: null, osVersion: '6.0.6000' });
    expect([...decodeAvPairs(challenge.targetInfo).keys()]).toEqual([avIds.domain, avIds.computer]);
    expect(challenge.time).toBeNull();
  });

  it('is found inside other bytes, behind something that only looks like it', () => {
    const inside = Buffer.concat([hex('6001a1 4e544c4d53535000 01000000'), dare]);
    expect(findChallenge(inside)).toEqual(challenge);
    expect(decodeChallenge(inside)).toBeNull();
    expect(findChallenge(ntlmNegotiate)).toBeNull();
  });

  it('may be short, and may point out of itself', () => {
    expect(decodeChallenge(dare.subarray(0, 31))).toBeNull();
    expect(decodeChallenge(dare.subarray(0, 32))).toMatchObject({ computer: null, osVersion: null });
    const outside = dare.slice();
    outside.set(hex('ffffffff'), 44);
    expect(decodeChallenge(outside)).toMatchObject({ computer: null, osVersion: '6.0.6000' });
  });
});

describe('a log-in', () => {
  const time = fileTime(1_700_000_000_000);
  const timed = encodeAvPairs([...decodeAvPairs(challenge.targetInfo), [avIds.timestamp, time] as const]);
  const dated = Buffer.concat([dare.subarray(0, 68), timed]);
  dated.writeUInt16LE(timed.length, 40);
  const own = decodeChallenge(dated);
  if (own === null) throw new Error('no challenge');

  it('carries a MIC over the three messages and says so in its pairs, when the server tells the time', () => {
    const exchange = { negotiate: ntlmNegotiate, challenge: Uint8Array.from(dated) };
    const { message, key } = ntlmAuthenticate(own, account, { ...fresh, exchange });
    const mic = message.slice(72, 88);
    const blank = message.slice();
    blank.fill(0, 72, 88);
    const hmac = createHmac('md5', key ?? '')
      .update(ntlmNegotiate)
      .update(dated)
      .update(blank)
      .digest('hex');
    expect(toHex(mic)).toBe(hmac);
    const pairs = decodeAvPairs(fieldOf(message, 1).subarray(44));
    expect(toHex(pairs.get(avIds.flags) ?? null)).toBe('02000000');
    expect(toHex(pairs.get(avIds.channelBindings) ?? null)).toBe('00'.repeat(16));
    expect(toHex(fieldOf(message, 0))).toBe('00'.repeat(24));
    expect(toHex(fieldOf(message, 1).subarray(24, 32))).toBe(toHex(time));
  });

  it('has none where the server tells no time, or the exchange is not known', () => {
    const exchange = { negotiate: ntlmNegotiate, challenge: dare };
    const without = ntlmAuthenticate(challenge, account, { ...fresh, exchange }).message;
    expect(new DataView(without.buffer).getUint32(16, true)).toBe(72);
    expect(new DataView(ntlmAuthenticate(own, account, fresh).message.buffer).getUint32(16, true)).toBe(72);
  });

  it('as nobody has no key', () => {
    expect(ntlmAuthenticate(challenge, null, fresh).key).toBeNull();
  });

  it('writes domain and user as they were typed', () => {
    const { message } = ntlmAuthenticate(challenge, ntlmAccount('Lab\\Ada', 'x'), fresh);
    expect(Buffer.from(fieldOf(message, 2)).toString('utf16le')).toBe('Lab');
    expect(Buffer.from(fieldOf(message, 3)).toString('utf16le')).toBe('Ada');
  });
});

it.each([
  ['LAB\\ada', 'LAB', 'ada'],
  ['ada', '', 'ada'],
  ['ada@lab.example', '', 'ada@lab.example'],
  ['LAB\\a\\b', 'LAB', 'a\\b'],
  ['\\ada', '', 'ada'],
])('the account %j', (typed, domain, name) => {
  expect(ntlmAccount(typed, 'x')).toEqual({ domain, name, password: 'x' });
});

it('a file time is counted from 1601 in 100 ns', () => {
  expect(toHex(fileTime(0))).toBe('00803ed5deb19d01');
});

it('NEGOTIATE is laid out as section 2.2.1.1 has it', () => {
  expect(toHex(ntlmNegotiate)).toBe(
    toHex(hex('4e544c4d53535000 01000000 058288a2 00000000 28000000 00000000 28000000 0a00614a0000000f')),
  );
});

describe('every decoder', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 160 }),
    fc
      .tuple(fc.array(fc.tuple(fc.nat(dare.length - 1), fc.nat(255)), { maxLength: 6 }), fc.nat(dare.length))
      .map(([changes, cut]) => {
        const changed = dare.slice();
        for (const [at, value] of changes) changed[at] = value;
        return changed.subarray(0, cut);
      }),
  );

  it('takes whatever the bytes are, and changes none', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const before = toHex(input);
        decodeChallenge(input);
        findChallenge(input);
        decodeAvPairs(input);
        expect(toHex(input)).toBe(before);
      }),
    );
  });

  it('and whatever it made of them can be answered', () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const read = decodeChallenge(input);
        if (read === null) return;
        const exchange = { negotiate: ntlmNegotiate, challenge: input };
        expect(ntlmAuthenticate(read, account, { ...fresh, exchange }).key).toHaveLength(16);
      }),
    );
  });

  it('reads back what was written', () => {
    const pair = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.uint8Array({ maxLength: 30 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 8 }), (list) => {
        const pairs = new Map(list);
        const read = decodeAvPairs(encodeAvPairs(pairs));
        expect([...read].map(([id, value]) => [id, toHex(value)])).toEqual(
          [...pairs].map(([id, value]) => [id, toHex(value)]),
        );
      }),
    );
  });
});
