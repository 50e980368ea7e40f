import { ascii, concat, hex, latin, u8, untilNul } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const signature = hex('ff 00 00 00 00 00 00 00 00 7f');
/** Greeting of ZMTP 3.0 (RFC 23/ZMTP): signature, version, mechanism NULL, client, filler. */
const greeting = concat(signature, hex('03 00'), ascii('NULL'), new Uint8Array(16 + 1 + 31));

/** Both sides of ZeroMQ send the signature first, and say version and mechanism once they saw the other's. */
export const zmtp: ServiceProbe = {
  name: 'zmtp',
  help: 'Exchanges greetings with a ZeroMQ socket and reads its security mechanism.',
  services: ['zmtp'],
  transport: 'tcp',
  opens: 'server',
  ports: [5556, 4505, 4506],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 1 && isSignature(answers[0]) ? greeting : null),
  whole: (answer, index) => answer.length >= (index === 0 ? 10 : 54),
  classify(answers) {
    if (!isSignature(answers[0])) return null;
    const whole = concat(...answers.slice(0, 2));
    const mechanism = latin(untilNul(whole.subarray(12, 32)));
    const told = /^[A-Z]{3,20}$/.test(mechanism) ? `, mechanism ${mechanism}` : '';
    return {
      service: 'zmtp',
      info: `ZMTP ${u8(whole, 10) >= 1 ? `${u8(whole, 10)}.${Math.max(0, u8(whole, 11))}` : ''}${told}`,
    };
  },
};

function isSignature(answer: Uint8Array | undefined): boolean {
  return (
    answer !== undefined &&
    answer.length >= 10 &&
    u8(answer, 0) === 0xff &&
    u8(answer, 9) === 0x7f &&
    answer.subarray(1, 8).every((byte) => byte === 0)
  );
}
