import { concat, hex, le16, le32, u16le, u32le, u8 } from './bytes.ts';

/** Version 5.0, little-endian, IEEE, without authentication (C706 section 12.6.3); first and last fragment. */
function rpcHeader(type: number, length: number, call: number): Uint8Array {
  return concat(Uint8Array.of(5, 0, type, 3), hex('10 00 00 00'), le16(length), le16(0), le32(call));
}

/** 8a885d04-1ceb-11c9-9fe8-08002b104860 2.0, the transfer syntax NDR. */
const ndr = hex('04 5d 88 8a eb 1c c9 11 9f e8 08 00 2b 10 48 60 02 00 00 00');

/** Bind (type 11) of connection-oriented DCE/RPC to an interface, its UUID and version in 20 bytes (C706 section 12.6.4.3). */
export function rpcBind(interfaceId: Uint8Array): Uint8Array {
  return concat(
    rpcHeader(11, 72, 1),
    hex('b8 10 b8 10 00 00 00 00'), // fragments of 4280 bytes, new association group
    hex('01 00 00 00 00 00 01 00'), // one context with one transfer syntax
    interfaceId,
    ndr,
  );
}

/** Request (type 0) for an operation with its arguments in NDR (C706 section 12.6.4.9). */
export function rpcRequest(operation: number, stub: Uint8Array): Uint8Array {
  return concat(rpcHeader(0, 24 + stub.length, 2), le32(stub.length), le16(0), le16(operation), stub);
}

/** What a server of DCE/RPC answers. */
export type RpcReply =
  | { readonly kind: 'bound'; readonly accepted: boolean }
  | { readonly kind: 'result'; readonly stub: Uint8Array }
  | { readonly kind: 'fault'; readonly status: number }
  /** A fragment or the rest of one has to come. */
  | { readonly kind: 'partial' }
  | { readonly kind: 'foreign' };

/** Fragments of one answer that are put together. */
const mostFragments = 256;

/** The answer in these bytes, fragments put together. Total. */
export function decodeRpcReply(bytes: Uint8Array): RpcReply {
  const stubs: Uint8Array[] = [];
  for (let at = 0; stubs.length < mostFragments; ) {
    const fragment = bytes.subarray(at);
    if (fragment.length < 16) return { kind: 'partial' };
    const length = u16le(fragment, 8);
    if (u8(fragment, 0) !== 5 || u8(fragment, 1) !== 0 || u8(fragment, 4) !== 0x10 || length < 24)
      return { kind: 'foreign' };
    if (fragment.length < length) return { kind: 'partial' };
    const reply = ofFragment(fragment.subarray(0, length));
    if (reply.kind !== 'result') return reply;
    stubs.push(reply.stub);
    at += length;
    if ((u8(fragment, 3) & 2) !== 0) return { kind: 'result', stub: concat(...stubs) };
  }
  return { kind: 'foreign' };
}

function ofFragment(fragment: Uint8Array): RpcReply {
  switch (u8(fragment, 2)) {
    case 2:
      return { kind: 'result', stub: fragment.subarray(24) };
    case 3:
      return { kind: 'fault', status: u32le(fragment, 24) };
    case 12: {
      // After the secondary address and its padding: the number of results, then the first of them.
      const results = (26 + u16le(fragment, 24) + 3) & ~3;
      return { kind: 'bound', accepted: u8(fragment, results) >= 1 && u16le(fragment, results + 4) === 0 };
    }
    case 13:
      return { kind: 'bound', accepted: false };
    default:
      return { kind: 'foreign' };
  }
}
