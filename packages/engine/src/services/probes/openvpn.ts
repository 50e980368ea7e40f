import { be16, concat, u16be } from '../bytes.ts';
import { openvpnIdentification, openvpnReset } from '../openvpn-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** Over TCP each packet follows its length. */
export const openvpn: ServiceProbe = {
  name: 'openvpn',
  help: 'Begins an OpenVPN session over TCP; the server answers with its own reset.',
  services: ['openvpn'],
  transport: 'tcp',
  opens: 'client',
  ports: [1194],
  tlsPorts: [],
  proved: 'server',
  next: (answers) => (answers.length === 0 ? concat(be16(openvpnReset.length), openvpnReset) : null),
  whole: (answer) => answer.length >= 2 && answer.length >= 2 + u16be(answer, 0),
  classify: (answers) => openvpnIdentification((answers[0] ?? new Uint8Array(0)).subarray(2)),
};
