import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** RFC 4253 section 4.2: the server sends `SSH-protoversion-softwareversion SP comments` first; other lines may stand before it. */
export const ssh: ServiceProbe = {
  name: 'ssh',
  help: 'Reads the identification string that an SSH server sends first.',
  services: ['ssh'],
  transport: 'tcp',
  opens: 'server',
  ports: [22, 222, 2022, 2222, 2200, 10022, 22222, 830],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const banner = /^SSH-([12]\.[0-9]{1,2})-([^\r\n]{1,253})/m.exec(
      latin(answers[0] ?? new Uint8Array(0)).slice(0, 4096),
    );
    if (!banner) return null;
    return {
      service: 'ssh',
      info: `protocol ${banner[1]}`,
      banners: [{ database: 'ssh.banner', text: (banner[2] ?? '').trim() }],
    };
  },
};
