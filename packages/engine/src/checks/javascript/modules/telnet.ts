import { ascii, concat, latin } from '../../../services/bytes.ts';
import type { Channel } from '../channel.ts';
import { bytesOf } from '../script-args.ts';
import { foreignAnswer, refusal } from '../script-fault.ts';
import type { ScriptFunction } from '../script-host.ts';

const iac = 255;
const [se, sb, will, wont, does, dont] = [240, 250, 251, 252, 253, 254] as const;

/**
 * The text of what a telnet server sent, and the answer to its options (RFC 854): everything that it offers or asks for is refused,
 * except that it may echo and need not wait for its turn. Total.
 */
export function decodeTelnet(bytes: Uint8Array): { readonly text: string; readonly answer: Uint8Array } {
  const text: number[] = [];
  const answers: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    if (byte !== iac) {
      text.push(byte);
      at += 1;
      continue;
    }
    const command = bytes[at + 1] ?? 0;
    const option = bytes[at + 2];
    if (command === sb) {
      const end = bytes.findIndex((_, index) => index > at + 1 && bytes[index] === iac && bytes[index + 1] === se);
      at = end < 0 ? bytes.length : end + 2;
    } else if (command >= will && option !== undefined) {
      if (command === does) answers.push(iac, wont, option);
      if (command === will) answers.push(iac, option === 1 || option === 3 ? does : dont, option);
      at += 3;
    } else {
      if (command === iac) text.push(iac);
      at += 2;
    }
  }
  return { text: latin(Uint8Array.from(text)), answer: Uint8Array.from(answers) };
}

/** Reads, and answers options, until `mark` matches the end of the text or nothing more comes. */
async function readText(channel: Channel, mark: RegExp, timeoutMs: number): Promise<string> {
  let raw: Uint8Array = new Uint8Array(0);
  let told = 0;
  for (;;) {
    const more = await channel.takeSome(8192, timeoutMs);
    raw = concat(raw, more);
    const { text, answer } = decodeTelnet(raw);
    if (answer.length > told) await channel.write(answer.subarray(told));
    told = answer.length;
    if (more.length === 0 || raw.length > 65_536 || mark.test(text.slice(-400))) return text;
  }
}

const asksName = /(?:login|user ?name|user)\s*:\s*$/i;
const asksPassword = /pass(?:word|code)\s*:\s*$/i;
const asksAgain = /(?:incorrect|failed|denied|invalid|login|user ?name)[^\n]{0,40}(?:\s*:\s*)?$/i;
const shell = /[$#>%]\s*$/;

async function login(channel: Channel, name: string, secret: string, leave: () => void): Promise<boolean> {
  const greeting = await readText(channel, /(?:login|user ?name|user|pass(?:word|code))\s*:\s*$/i, channel.timeoutMs);
  if (greeting === '') throw foreignAnswer('telnet');
  leave();
  if (asksName.test(greeting)) {
    await channel.write(concat(bytesOf(name), ascii('\r\n')));
    if (!asksPassword.test(await readText(channel, asksPassword, channel.timeoutMs)))
      throw refusal('no password is asked for');
  } else if (!asksPassword.test(greeting)) throw refusal('no log-in is asked for');
  await channel.write(concat(bytesOf(secret), ascii('\r\n')));
  const after = await readText(channel, /(?:[$#>%]|login:|incorrect)\s*$/i, channel.timeoutMs);
  const words = after.replace(new RegExp(String.raw`\x1b\[[0-9;?]{0,12}[a-zA-Z]`, 'g'), '').trimEnd();
  if (asksAgain.test(words.slice(-200)) || words === '') throw refusal('the server refuses the log-in');
  return shell.test(words) || /(?:last login|welcome)/i.test(words);
}

/** `nuclei/telnet`. */
export const telnetFunctions: Readonly<Record<string, ScriptFunction>> = {
  'telnet.TelnetClient': (_args, host) => host.hold({}),
  'telnet.TelnetClient.Connect': async (args, host) => {
    const port = args.port(2);
    const name = args.text(3);
    const channel = await host.connect(args.text(1), port);
    try {
      return await login(channel, name, args.text(4), () => host.login('telnet', port, name));
    } finally {
      channel.close();
    }
  },
};
