import { describe, expect, it } from 'vitest';
import { ascii, concat, hex, le32 } from '../../../services/bytes.ts';
import { decodeRpcReply } from '../../../services/dce-rpc.ts';
import { decodesAnything } from '../../../testing/decoder-properties.ts';
import { decodeShareList, shareEnumArguments } from './share-enumeration.ts';
import { aesCmac } from './smb-signing.ts';
import { decodeSmb2FileId, decodeSmb2Output, decodeSmb2Response, decodeSmb2SessionFlags } from './smb2-pipe.ts';

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

const cmacKey = hex('2b7e1516 28aed2a6 abf71588 09cf4f3c');
const cmacText = hex(
  '6bc1bee2 2e409f96 e93d7e11 7393172a ae2d8a57 1e03ac9c 9eb76fac 45af8e51',
  '30c81c46 a35ce411 e5fbc119 1a0a52ef f69f2445 df4f9b17 ad2b417b e66c3710',
);
it.each([
  [0, 'bb1d6929e95937287fa37d129b756746'],
  [16, '070a16b46b4d4144f79bdd9dd04a287c'],
  [40, 'dfa66747de9ae63030ca32611497c827'],
  [64, '51f0bebf7e3b9d92fc49741779363cfe'],
])('AES-CMAC of %i bytes is what RFC 4493 has', (length, mac) => {
  expect(toHex(aesCmac(cmacKey, cmacText.subarray(0, length)))).toBe(mac);
});

const text = (value: string) => {
  const bytes = Uint8Array.from(Buffer.from(`${value}\0`, 'utf16le'));
  const length = le32(value.length + 1);
  return concat(length, le32(0), length, bytes, new Uint8Array(-bytes.length & 3));
};
/** Two shares, the second without a remark. */
const list = concat(
  hex('01000000 01000000 04000200 02000000 08000200 02000000'),
  hex('0c000200 00000000 10000200', '14000200 03000080 00000000'),
  text('public'),
  text('for all'),
  text('IPC$'),
  hex('02000000 00000000 00000000'),
);

describe('the list of shares', () => {
  it('has names, kinds and remarks', () => {
    expect(decodeShareList(list)).toEqual({
      shares: [
        { name: 'public', type: 0, remark: 'for all' },
        { name: 'IPC$', type: 0x80000003, remark: '' },
      ],
    });
  });

  it('may be refused, empty, or none at all', () => {
    expect(decodeShareList(hex('01000000 01000000 00000000 00000000 00000000 05000000'))).toEqual({ code: 5 });
    expect(
      decodeShareList(hex('01000000 01000000 04000200 00000000 00000000 00000000 08000200 00000000 00000000')),
    ).toEqual({
      shares: [],
    });
    expect(decodeShareList(list.subarray(0, 60))).toBeNull();
  });

  it('is asked for with the name of the server', () => {
    expect(toHex(shareEnumArguments('a')).slice(0, 48)).toBe('000002000400000000000000040000005c005c0061000000');
  });
});

describe('an answer of DCE/RPC', () => {
  const fragment = (flags: string, stub: string) =>
    hex(`05 00 02 ${flags} 10000000`, '1c00 0000 02000000 04000000 0000 0000', stub);
  it('is put together from its fragments', () => {
    const whole = concat(fragment('01', '01020304'), fragment('02', '05060708'));
    expect(decodeRpcReply(whole)).toEqual({ kind: 'result', stub: hex('0102030405060708') });
    expect(decodeRpcReply(whole.subarray(0, 40))).toEqual({ kind: 'partial' });
  });
  it('is a fault, or of another protocol', () => {
    expect(decodeRpcReply(hex('05 00 03 03 10000000 2000 0000 02000000 00000000 0000 0000 05000000 00000000'))).toEqual(
      {
        kind: 'fault',
        status: 5,
      },
    );
    expect(decodeRpcReply(ascii('HTTP/1.1 400 Bad Request\r\n'))).toEqual({ kind: 'foreign' });
  });
});

it('every decoder takes whatever the bytes are', () => {
  const samples = [list, hex('05 00 02 03 10000000 1c00 0000 02000000 04000000 0000 0000 01020304')];
  for (const decode of [
    decodeRpcReply,
    decodeShareList,
    decodeSmb2Response,
    decodeSmb2SessionFlags,
    decodeSmb2FileId,
    decodeSmb2Output,
  ])
    decodesAnything((bytes, at, end) => decode(bytes.subarray(at, end)), samples);
});
