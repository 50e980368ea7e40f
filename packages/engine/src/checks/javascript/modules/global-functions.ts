import { asUtf8, fromBytes } from '@picket/checks/byte-string';
import type { ScriptFunction } from '../script-host.ts';
import { bytesOf } from '../script-args.ts';
import type { ScriptValue } from '../sandbox/script-messages.ts';

/** Ports that other protocols usually have: a script for another service takes its own port instead. */
const portsOfOthers = ['80', '443', '8080', '8081', '8443', '53'];

/** Text of bytes: UTF-8 where they are, else one character a byte. */
export function textOfBytes(bytes: Uint8Array): string {
  const value = fromBytes(bytes);
  return asUtf8(value) ?? value;
}

const joined = (values: readonly ScriptValue[]): string =>
  values
    .map((value) =>
      value instanceof Uint8Array ? textOfBytes(value) : Array.isArray(value) ? joined(value) : String(value ?? ''),
    )
    .join('');

const seconds = { from: 1, to: 60 };

/** Functions that scripts have without a module. */
export const globalFunctions: Readonly<Record<string, ScriptFunction>> = {
  Rand: (args, { session }) =>
    Uint8Array.from({ length: args.number(0, { from: 0, to: 65_536 }) }, () => session.random.integer(256)),
  RandInt: (_args, { session }) => session.random.integer(0x7fffffff),
  ToBytes: (args) => bytesOf(joined(Array.from({ length: args.length }, (_, at) => args.value(at)))),
  ToString: (args) => joined(Array.from({ length: args.length }, (_, at) => args.value(at))),
  getNetworkPort: (args) => (['', ...portsOfOthers].includes(args.text(0)) ? args.text(1) : args.text(0)),
  isPortOpen: async (args, host) => {
    const timeoutMs = args.number(2, seconds, 5) * 1000;
    (await host.connect(args.text(0), args.port(1), { tls: false, timeoutMs })).close();
    return true;
  },
  /** Silence is open: UDP has no other sign. An ICMP refusal is a fault. */
  isUDPPortOpen: async (args, host) => {
    await host.exchange(args.text(0), args.port(1), new Uint8Array(0), 500);
    return true;
  },
};
