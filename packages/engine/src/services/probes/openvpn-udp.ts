import { openvpnIdentification, openvpnReset } from '../openvpn-message.ts';
import type { ServiceProbe } from '../probe.ts';

/** Begins an OpenVPN session over UDP; the server answers with its own reset. */
export const openvpnUdp: ServiceProbe = {
  name: 'openvpn-udp',
  help: 'Begins an OpenVPN session over UDP; the server answers with its own reset.',
  services: ['openvpn'],
  transport: 'udp',
  opens: 'client',
  ports: [1194],
  tlsPorts: [],
  fallbackRank: 8,
  proved: 'server',
  next: (answers) => (answers.length === 0 ? openvpnReset : null),
  classify: (answers) => openvpnIdentification(answers[0] ?? new Uint8Array(0)),
};
