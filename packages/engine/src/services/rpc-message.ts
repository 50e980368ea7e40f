import { be32, concat, u32be } from './bytes.ts';

const rpcXid = 0x5069636b;

/** An ONC RPC call without credentials or arguments (RFC 5531 section 9). */
export function rpcCall(program: number, version: number, procedure: number): Uint8Array {
  return concat(...[rpcXid, 0, 2, program, version, procedure, 0, 0, 0, 0].map(be32));
}

/** Record marking for TCP (section 11): one last fragment. */
export function rpcRecord(message: Uint8Array): Uint8Array {
  return concat(be32(0x80000000 + message.length), message);
}

/** True when the first fragment is there as a whole. */
export function rpcRecordWhole(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes.length >= 4 + (u32be(bytes, 0) % 0x80000000);
}

/** `accepted` has the status (0 success, 2 version mismatch with the range that is there). */
export interface RpcReply {
  readonly accepted: number | null;
  readonly results: Uint8Array;
}

/** Total: null when the bytes are no reply to our call. */
export function decodeRpcReply(message: Uint8Array): RpcReply | null {
  if (u32be(message, 0) !== rpcXid || u32be(message, 4) !== 1) return null;
  const status = u32be(message, 8);
  if (status === 1) return { accepted: null, results: new Uint8Array(0) };
  if (status !== 0) return null;
  const verifier = u32be(message, 16);
  const at = 20 + Math.ceil(Math.max(0, verifier) / 4) * 4;
  const accepted = u32be(message, at);
  return verifier > 400 || accepted < 0 || accepted > 5 ? null : { accepted, results: message.subarray(at + 4) };
}

const programNames: Readonly<Record<number, string>> = {
  100000: 'portmapper',
  100003: 'nfs',
  100005: 'mountd',
  100021: 'nlockmgr',
  100024: 'status',
  100227: 'nfs_acl',
  100004: 'ypserv',
  100007: 'ypbind',
};

/** Names of the programs in the list that a portmapper's DUMP gives (RFC 1833 section 3.2), each once. */
export function dumpedPrograms(results: Uint8Array): string[] {
  const names = new Set<string>();
  for (let at = 0; u32be(results, at) === 1 && names.size < 64; at += 20) {
    const program = u32be(results, at + 4);
    if (program < 0) break;
    names.add(programNames[program] ?? String(program));
  }
  return [...names];
}
