import { ascii, concat, latin, le32, u32le } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

const url = ascii('opc.tcp://picket.invalid:4840');
/** HEL (OPC UA part 6, section 7.1.2.3): version 0, buffers of 65,536 bytes, no limits, the endpoint. */
const request = concat(
  ascii('HELF'),
  le32(32 + url.length),
  le32(0),
  le32(65_536),
  le32(65_536),
  le32(0),
  le32(0),
  le32(url.length),
  url,
);

/** Says hello to an OPC UA server; it acknowledges or tells an error. */
export const opcUa: ServiceProbe = {
  name: 'opc-ua',
  help: 'Says hello to an OPC UA server and reads the acknowledgement.',
  services: ['opcua-tcp'],
  transport: 'tcp',
  opens: 'client',
  ports: [4840],
  tlsPorts: [],
  proved: 'specification',
  fragile: true,
  next: (answers) => (answers.length === 0 ? request : null),
  whole: (answer) => answer.length >= 8 && answer.length >= u32le(answer, 4),
  classify(answers) {
    const answer = answers[0] ?? new Uint8Array(0);
    const type = latin(answer.subarray(0, 4));
    if (!['ACKF', 'ERRF'].includes(type) || u32le(answer, 4) !== answer.length) return null;
    return { service: 'opcua-tcp', info: type === 'ACKF' ? `protocol ${u32le(answer, 8)}` : 'hello refused' };
  },
};
