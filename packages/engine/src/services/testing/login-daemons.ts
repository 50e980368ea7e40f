import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { desBlock } from '../../checks/javascript/clients/des.ts';
import { behindXinetd, type Daemon, write } from './daemon.ts';

/** The key with which VNC servers hide a password in its file: it is the same everywhere, with the bits of each byte turned round. */
const fileKey = Uint8Array.from([0xe8, 0x4a, 0xd6, 0x60, 0xc4, 0x72, 0x1a, 0xe0]);

/** Telnet whose log-in is a program of ours, so that nobody needs an account on this machine. */
const loginProgram = `#!/bin/sh
printf 'login: '; read -r name
printf 'Password: '; read -r word
if [ "$name" = dev ] && [ "$word" = mysecret ]; then printf '\\r\\nWelcome\\r\\n$ '; read -r rest; else printf '\\r\\nLogin incorrect\\r\\n'; fi
`;

/** Daemons that let in who knows a password; for the clients of scripts. */
export const loginDaemons: Readonly<Record<'vnc' | 'telnet', Daemon>> = {
  vnc: {
    name: 'tigervnc with a password',
    proves: 'vnc',
    dpkg: 'tigervnc-standalone-server',
    program: '/usr/bin/Xtigervnc',
    usualPort: 5900,
    service: 'rfb',
    start: (port, folder) => {
      const file = join(folder, 'vnc-password');
      writeFileSync(file, desBlock(fileKey, Buffer.from('mysecret')));
      const words = `:${port} -rfbport ${port} -SecurityTypes VncAuth -PasswordFile ${file} -localhost -geometry 64x64 -nolisten unix`;
      return { args: words.split(' ') };
    },
  },
  telnet: {
    name: 'telnetd with a log-in of ours',
    proves: 'telnet',
    dpkg: 'xinetd',
    needs: ['inetutils-telnetd'],
    program: '/usr/sbin/xinetd',
    usualPort: 23,
    service: 'telnet',
    start: (port, folder) => {
      chmodSync(write(folder, 'login', loginProgram), 0o755);
      return behindXinetd('/usr/sbin/telnetd', '-E FOLDER/login')(port, folder);
    },
  },
};
