import { ascii, latin, u32be, u8 } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import { desBlock } from '../clients/des.ts';
import { foreignAnswer, refusal } from '../script-fault.ts';
import type { ScriptFunction } from '../script-host.ts';

/** Security types of RFB (RFC 6143 section 7.2). */
const none = 1;
const password = 2;

/** `RFB 003.008\n`: the version, at most 3.8, as two numbers; null for anything else. Total. */
export function parseRfbVersion(text: string): { readonly major: number; readonly minor: number } | null {
  const match = /^RFB ([0-9]{3})\.([0-9]{3})\n$/.exec(text);
  return match && { major: Number(match[1]), minor: Number(match[2]) };
}

/** Each byte of the password with its bits turned round: the key of the challenge's answer (section 7.2.2). */
export function vncKey(text: string): Uint8Array {
  const key = new Uint8Array(8);
  for (const [at, byte] of ascii(text.slice(0, 8)).entries()) {
    key[at] = Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) << (7 - bit)).reduce(
      (sum, one) => sum | one,
      0,
    );
  }
  return key;
}

/** Logs in with a password; with the empty one only where none is wanted. */
async function login(channel: Channel, secret: string, leave: () => void): Promise<boolean> {
  const version = parseRfbVersion(latin(await channel.take(12)));
  if (version === null) throw foreignAnswer('RFB');
  const modern = version.major > 3 || version.minor >= 7;
  const eight = version.major > 3 || version.minor >= 8;
  await channel.write(ascii(eight ? 'RFB 003.008\n' : modern ? 'RFB 003.007\n' : 'RFB 003.003\n'));
  const types = await securityTypes(channel, modern);
  if (types.includes(none) && secret === '') return true;
  if (!types.includes(password)) throw refusal('the server offers no log-in by password');
  if (secret === '') throw refusal('the server wants a password');
  leave();
  if (modern) await channel.write(Uint8Array.of(password));
  const challenge = await channel.take(16);
  const key = vncKey(secret);
  await channel.write(desBlock(key, challenge.subarray(0, 8)));
  await channel.write(desBlock(key, challenge.subarray(8)));
  if (u32be(await channel.take(4), 0) === 0) return true;
  throw refusal('the server refuses the password');
}

async function securityTypes(channel: Channel, modern: boolean): Promise<number[]> {
  if (!modern) return [u32be(await channel.take(4), 0)];
  const count = u8(await channel.take(1), 0);
  if (count > 0) return [...(await channel.take(count))];
  throw refusal('the server lets nobody in now');
}

/** `nuclei/vnc`. */
export const vncFunctions: Readonly<Record<string, ScriptFunction>> = {
  'vnc.VNCClient': (_args, host) => host.hold({}),
  'vnc.VNCClient.Connect': async (args, host) => {
    const port = args.port(2);
    const channel = await host.connect(args.text(1), port);
    try {
      return await login(channel, args.text(3), () => host.login('vnc', port, ''));
    } finally {
      channel.close();
    }
  },
};
