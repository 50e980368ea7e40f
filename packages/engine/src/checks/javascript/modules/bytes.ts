import { fromBytes, toHex } from '@picket/checks/byte-string';
import { concat } from '../../../services/bytes.ts';
import { misuse } from '../script-fault.ts';
import type { ScriptArgs } from '../script-args.ts';
import type { ScriptFunction, ScriptHost } from '../script-host.ts';
import { textOfBytes } from './global-functions.ts';
import { pack } from './structs.ts';

const mostBytes = 1_048_576;

class ByteStore {
  bytes: Uint8Array = new Uint8Array(0);
}

/** The object itself is the result, so that calls can be chained. */
const same = { $same: true } as const;

const store = (args: ScriptArgs, host: ScriptHost) => host.held(args, ByteStore);

function append(target: ByteStore, bytes: Uint8Array): void {
  if (target.bytes.length + bytes.length > mostBytes) throw misuse(`a buffer holds at most ${mostBytes} bytes`);
  target.bytes = concat(target.bytes, bytes);
}

const make: ScriptFunction = (args, host) => {
  const made = new ByteStore();
  append(made, args.bytes(0));
  return host.hold(made);
};

/** `nuclei/bytes`. */
export const bytesFunctions: Readonly<Record<string, ScriptFunction>> = {
  'bytes.NewBuffer': make,
  'bytes.Buffer': make,
  'bytes.Buffer.Write': (args, host) => {
    append(store(args, host), args.bytes(1));
    return same;
  },
  'bytes.Buffer.WriteString': (args, host) => {
    append(store(args, host), args.bytes(1));
    return same;
  },
  'bytes.Buffer.Pack': (args, host) => {
    append(store(args, host), pack(args.text(1), args.list(2).length > 0 ? args.list(2) : [args.value(2)]));
    return null;
  },
  'bytes.Buffer.Bytes': (args, host) => store(args, host).bytes,
  'bytes.Buffer.String': (args, host) => textOfBytes(store(args, host).bytes),
  'bytes.Buffer.Len': (args, host) => store(args, host).bytes.length,
  'bytes.Buffer.Hex': (args, host) => toHex(fromBytes(store(args, host).bytes)),
  'bytes.Buffer.Hexdump': (args, host) => hexdump(store(args, host).bytes),
};

/** Sixteen bytes a line: offset, hexadecimal, printable characters. */
function hexdump(bytes: Uint8Array): string {
  const lines = Array.from({ length: Math.ceil(bytes.length / 16) }, (_, line) => {
    const part = [...bytes.subarray(line * 16, line * 16 + 16)];
    const digits = part.map((byte) => byte.toString(16).padStart(2, '0'));
    const left = digits.slice(0, 8).join(' ').padEnd(23);
    const right = digits.slice(8).join(' ').padEnd(23);
    const printable = part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    return `${(line * 16).toString(16).padStart(8, '0')}  ${left}  ${right}  |${printable}|\n`;
  });
  return lines.join('');
}
