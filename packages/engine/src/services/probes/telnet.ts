import { concat, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const iac = 0xff;
const will = 0xfb;
const wont = 0xfc;
const doOption = 0xfd;
const dont = 0xfe;
const subnegotiation = 0xfa;

/** RFC 854: option negotiation begins with IAC (255). Every option is refused, which leads to the plain login prompt. */
export const telnet: ServiceProbe = {
  name: 'telnet',
  help: 'Refuses every option that is offered and reads up to the login prompt.',
  services: ['telnet'],
  transport: 'tcp',
  opens: 'server',
  ports: [23, 107, 992, 2323, 4001],
  tlsPorts: [992],
  proved: 'server',
  next(answers) {
    if (answers.length > 3) return null;
    const refusal = refuse(answers.at(-1) ?? new Uint8Array(0));
    return refusal.length > 0 ? refusal : null;
  },
  whole: (answer) => /(?:login|username|password|user)\s*:\s*$/i.test(plain(answer)) || refuse(answer).length > 0,
  classify(answers) {
    const first = answers[0] ?? new Uint8Array(0);
    const negotiates =
      first[0] === iac && [will, wont, doOption, dont].includes(first[1] ?? 0) && (first[2] ?? 255) < 60;
    const text = plain(concat(...answers)).trim();
    if (!negotiates && !/(?:^|\n)[^\n]{0,80}(?:login|username)\s*:\s*$/i.test(text)) return null;
    return {
      service: 'telnet',
      confidence: negotiates ? 1 : 0.8,
      banners: [
        { database: 'telnet.banner', text },
        { database: 'telnet_banners', text },
      ],
    };
  },
};

/** WONT for each DO, DONT for each WILL. */
function refuse(bytes: Uint8Array): Uint8Array {
  const answer: number[] = [];
  for (let at = 0; at + 2 < bytes.length && answer.length < 120; at += 1) {
    if (bytes[at] !== iac) continue;
    const verb = bytes[at + 1];
    if (verb === doOption) answer.push(iac, wont, bytes[at + 2] ?? 0);
    else if (verb === will) answer.push(iac, dont, bytes[at + 2] ?? 0);
    at += 1;
  }
  return Uint8Array.from(answer);
}

/** The text between the commands. */
function plain(bytes: Uint8Array): string {
  const kept: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte !== iac) {
      if (byte !== 0) kept.push(byte);
    } else if (bytes[at + 1] === subnegotiation) {
      while (at < bytes.length && !(bytes[at] === iac && bytes[at + 1] === 0xf0)) at += 1;
      at += 1;
    } else at += 2;
  }
  return latin(Uint8Array.from(kept));
}
