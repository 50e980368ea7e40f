import { ascii, latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** A query message without content (HL7 v2.3.1, chapter 2) between VT and FS CR: whoever speaks it acknowledges or rejects. */
const request = ascii('\x0bMSH|^~\\&|PICKET|PICKET|||20260101000000||QRY^A19|1|P|2.3.1\r\x1c\r');

/** Sends an empty query by the minimal lower layer protocol and reads the acknowledgement. */
export const hl7Mllp: ServiceProbe = {
  name: 'hl7-mllp',
  help: 'Sends an empty HL7 query and reads the acknowledgement.',
  services: ['hl7'],
  transport: 'tcp',
  opens: 'client',
  ports: [2575],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => latin(answer).includes('\x1c'),
  classify(answers) {
    const text = latin((answers[0] ?? new Uint8Array(0)).subarray(0, 2048));
    // oxlint-disable-next-line no-control-regex -- the frame of the protocol is a control character
    const header = /^\x0bMSH\|\^~\\&\|([^|\r]{0,60})\|/.exec(text);
    if (!header || !/\rMSA\|[AC][ARE]\|/.test(text)) return null;
    return { service: 'hl7', ...(header[1] ? { info: `application ${header[1]}` } : {}) };
  },
};
