import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const handshake = 'JDWP-Handshake';

/** Java Debug Wire Protocol: both sides say `JDWP-Handshake`; the reply to VirtualMachine.Version (1, 1) tells an echo from it. */
export const jdwp: ServiceProbe = {
  name: 'jdwp',
  help: 'Shakes hands with a Java debugger port and asks the virtual machine for its version.',
  services: ['jdwp'],
  transport: 'tcp',
  opens: 'client',
  ports: [5005, 8787],
  tlsPorts: [],
  proved: 'specification',
  // The question rides along with the handshake: so the answer is never just what was sent.
  next: (answers) => (answers.length === 0 ? ascii(`${handshake}\0\0\0\x0b\0\0\x50\x49\0\x01\x01`) : null),
  whole: (answer) => answer.length > handshake.length + 11,
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    if (!text.startsWith(handshake) || text.startsWith(`${handshake}\0\0\0\x0b`)) return null;
    const version = /[0-9]{1,2}\.[0-9]+\.[0-9]+[0-9_.]*/.exec(text.slice(handshake.length + 11))?.[0];
    return {
      service: 'jdwp',
      product: 'Java virtual machine',
      info: 'open debugger of a Java virtual machine',
      ...(version ? { version } : {}),
    };
  },
};
