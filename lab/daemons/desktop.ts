import type { Daemon } from './daemon.ts';

/** The word "password", as VNC obscures it in its password file. */
const vncPasswordFile = Uint8Array.from([0xdb, 0xd8, 0x3c, 0xfd, 0x72, 0x7a, 0x14, 0x58]);

/** TigerVNC's server; the weak one shows its desktop to anybody. */
export function vnc(options: { hardened: boolean }): Daemon {
  return {
    name: 'vnc',
    setup: ({ folder }) => ({
      files: { password: vncPasswordFile },
      argv: [
        'Xtigervnc',
        ':1',
        '-rfbport',
        '5900',
        '-geometry',
        '320x240',
        '-depth',
        '16',
        '-nolisten',
        'unix',
        // It would lock out an address after five connections without a log-in, and so the second scan of the same lab.
        '-BlacklistThreshold',
        '1000000',
        ...(options.hardened
          ? ['-SecurityTypes', 'VncAuth', '-PasswordFile', `${folder}/password`]
          : ['-SecurityTypes', 'None']),
      ],
    }),
  };
}

/** An X server that listens on TCP; the weak one has its access control switched off. */
export function x11(options: { hardened: boolean }): Daemon {
  return {
    name: 'x11',
    setup: ({ folder }) => ({
      files: { authority: '' },
      argv: [
        'Xvfb',
        ':0',
        '-listen',
        'tcp',
        '-nolisten',
        'unix',
        '-screen',
        '0',
        '320x240x16',
        ...(options.hardened ? ['-auth', `${folder}/authority`] : ['-ac']),
      ],
    }),
  };
}
