import { execFileSync } from 'node:child_process';
import { type Daemon, mkdirIn, write } from './daemon.ts';

/** A system account of Debian that Samba gets a password for, in a file of its own. */
export const shareAccount = { name: 'games', password: 'Mysecret1' } as const;

/** Samba with three shares, one of them hidden, and an account. */
function samba(name: string, lines: string): Daemon {
  return {
    name,
    proves: 'smb2',
    dpkg: 'samba',
    program: '/usr/sbin/smbd',
    usualPort: 445,
    service: 'microsoft-ds',
    start: (port, folder) => {
      const folders = ['lock', 'state', 'cache', 'private', 'pid', 'ncalrpc']
        .map((use) => `${use} ${use === 'private' || use === 'ncalrpc' ? 'dir' : 'directory'} = ${folder}\n`)
        .join('');
      const global = `[global]\nnetbios name = PICKETLAB\nworkgroup = LAB\nbind interfaces only = yes\ninterfaces = 127.0.0.1\n${folders}log file = ${folder}/log\nload printers = no\n${lines}\n`;
      const share = (title: string, remark: string) =>
        `[${title}]\npath = ${mkdirIn(folder, title.replace('$', ''))}\ncomment = ${remark}\n`;
      const config = write(
        folder,
        'smb.conf',
        `${global}${share('public', 'for all')}${share('Bücher', 'ÄÖÜ')}${share('hidden$', 'not shown')}`,
      );
      const word = `${shareAccount.password}\n${shareAccount.password}\n`;
      execFileSync('/usr/bin/pdbedit', ['-s', config, '-a', '-u', shareAccount.name, '-t'], {
        input: word,
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      return { args: ['-F', '--no-process-group', '-p', `${port}`, '-s', config] };
    },
  };
}

const closed = 'restrict anonymous = 2';

/** File servers as the clients of scripts meet them. */
export const shareDaemons = {
  open: samba('Samba that lists shares for nobody', ''),
  guest: samba('Samba that takes unknown names for guests', 'map to guest = bad user'),
  closed: samba('Samba that lists nothing without an account', closed),
  signed2: samba(
    'Samba with SMB 2.1 that wants signatures',
    `${closed}\nserver signing = mandatory\nserver max protocol = SMB2_10`,
  ),
  signed3: samba(
    'Samba with SMB 3 that wants signatures',
    `${closed}\nserver signing = mandatory\nserver min protocol = SMB3_00`,
  ),
  encrypted: samba('Samba that wants encryption', `${closed}\nsmb encrypt = required`),
} as const;
