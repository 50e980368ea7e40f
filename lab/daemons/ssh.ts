import type { Daemon } from './daemon.ts';

const modern = [
  'KexAlgorithms curve25519-sha256',
  'Ciphers aes256-gcm@openssh.com',
  'MACs hmac-sha2-256-etm@openssh.com',
];
const outdated = [
  'KexAlgorithms diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,curve25519-sha256',
  'Ciphers 3des-cbc,aes128-cbc,aes256-ctr',
  'MACs hmac-md5,hmac-sha1,hmac-sha2-256',
  'HostKeyAlgorithms ssh-rsa,ssh-ed25519',
  'PermitRootLogin yes',
];

/** OpenSSH on a port; `weak` adds algorithms that broke long ago and a host key signed with SHA-1. */
export function sshd(options: { port: number; weak: boolean }): Daemon {
  return {
    name: `sshd-${options.port}`,
    setup: ({ folder }) => {
      const keys = options.weak ? ['rsa', 'ed25519'] : ['ed25519'];
      const lines = [
        `Port ${options.port}`,
        'PidFile none',
        'UsePAM no',
        ...(options.weak ? [] : ['PasswordAuthentication no', 'PermitRootLogin no']),
        ...keys.map((kind) => `HostKey ${folder}/${kind}.key`),
        ...(options.weak ? outdated : modern),
      ];
      return {
        files: { 'sshd.conf': `${lines.join('\n')}\n` },
        prepare: keys.map((kind) => ['ssh-keygen', '-q', '-N', '', '-t', kind, '-f', `${folder}/${kind}.key`]),
        argv: ['/usr/sbin/sshd', '-D', '-e', '-f', `${folder}/sshd.conf`],
      };
    },
  };
}
