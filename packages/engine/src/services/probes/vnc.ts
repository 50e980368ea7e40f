import { concat, latin, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const securityNames: Readonly<Record<number, string>> = {
  1: 'none',
  2: 'VNC authentication',
  5: 'RA2',
  16: 'Tight',
  18: 'TLS',
  19: 'VeNCrypt',
  30: 'Apple',
};

/** RFC 6143 section 7.1: both sides say `RFB xxx.yyy`, then the server lists its security types. */
export const vnc: ServiceProbe = {
  name: 'vnc',
  help: 'Reads the protocol version and the offered security types of a remote frame buffer.',
  services: ['rfb'],
  transport: 'tcp',
  opens: 'server',
  ports: [5900, 5901, 5902, 5903, 5904, 5905, 5500, 5800],
  tlsPorts: [],
  proved: 'server',
  next(answers) {
    return answers.length === 1 && version(answers[0]) !== null ? (answers[0] ?? new Uint8Array(0)).slice(0, 12) : null;
  },
  whole: (answer, index) => (index === 0 ? answer.length >= 12 : answer.length >= 1 + u8(answer, 0)),
  classify(answers) {
    const spoken = version(answers[0]);
    if (spoken === null) return null;
    const types = answers[1] ? [...answers[1].subarray(1, 1 + u8(answers[1], 0))] : [];
    const names = types.map((type) => securityNames[type] ?? `type ${type}`);
    return {
      service: 'rfb',
      info: `protocol ${spoken}${names.length > 0 ? `, security: ${names.join(', ')}` : ''}`,
      banners: [{ database: 'rfb.banner', text: latin(concat(...answers.slice(0, 1))).trim() }],
    };
  },
};

function version(answer: Uint8Array | undefined): string | null {
  const match = /^RFB ([0-9]{3})\.([0-9]{3})\n/.exec(latin((answer ?? new Uint8Array(0)).subarray(0, 12)));
  return match ? `${Number(match[1])}.${Number(match[2])}` : null;
}
