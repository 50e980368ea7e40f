import { execFileSync } from 'node:child_process';
import { createCipheriv } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { behindXinetd, type Daemon, write } from '@picket/engine/services/testing/daemon';
import { dataDaemons } from '@picket/engine/services/testing/data-daemons';
import { networkDaemons } from '@picket/engine/services/testing/network-daemons';

function known(name: string): Daemon {
  const daemon = [...dataDaemons, ...networkDaemons].find((each) => each.name === name);
  if (!daemon) throw new Error(`there is no daemon "${name}"`);
  return daemon;
}

/** The daemon with other arguments. */
function altered(name: string, change: (args: readonly string[], folder: string) => readonly string[]): Daemon {
  const daemon = known(name);
  return {
    ...daemon,
    start: (port, folder) => {
      const started = daemon.start(port, folder);
      return { ...started, args: change(started.args, folder) };
    },
  };
}

const postgresPrograms = '/usr/lib/postgresql/15/bin';

/** PostgreSQL whose administrator has the password `postgres`. */
const postgres: Daemon = {
  ...known('postgresql'),
  name: 'postgresql with a password of the list',
  start: (port, folder) => {
    chmodSync(folder, 0o777);
    const words = [
      '-N',
      '-A',
      'scram-sha-256',
      '--pwfile',
      write(folder, 'pw', 'postgres\n'),
      '-D',
      join(folder, 'data'),
    ];
    execFileSync('runuser', ['-u', 'postgres', '--', `${postgresPrograms}/initdb`, ...words], { stdio: 'ignore' });
    const args = ['-D', join(folder, 'data'), '-p', `${port}`, '-h', '127.0.0.1', '-k', folder];
    return { user: 'postgres', args };
  },
};

/** MariaDB whose root may come over TCP with the password `secret`. */
const mariadb = altered('mariadb', (args, folder) => [
  ...args.filter((arg) => !arg.startsWith('--init-file')),
  '--skip-name-resolve',
  `--init-file=${write(folder, 'root.sql', "CREATE USER root@'127.0.0.1' IDENTIFIED BY 'secret';\n")}`,
]);

/** The key with which every VNC server hides its password in a file; the bits of each byte are turned round. */
const vncFileKey = Buffer.from('e84ad660c4721ae0', 'hex');

const vnc: Daemon = {
  name: 'tigervnc with the password mysecret',
  proves: 'vnc',
  dpkg: 'tigervnc-standalone-server',
  program: '/usr/bin/Xtigervnc',
  usualPort: 5900,
  service: 'rfb',
  start: (port, folder) => {
    // Three times the same key makes triple DES plain DES.
    const cipher = createCipheriv('des-ede3', Buffer.concat([vncFileKey, vncFileKey, vncFileKey]), null);
    cipher.setAutoPadding(false);
    const file = join(folder, 'password');
    writeFileSync(file, cipher.update(Buffer.from('mysecret')));
    const words = `:${port} -rfbport ${port} -SecurityTypes VncAuth -PasswordFile ${file} -localhost -geometry 64x64 -nolisten unix`;
    // It counts every connection as a failed log-in until one succeeds, and by default turns the sixth away.
    return { args: [...words.split(' '), '-BlacklistThreshold', '100'] };
  },
};

/** A log-in of ours, so that nobody needs an account on this machine. */
const login = `#!/bin/sh
printf 'login: '; read -r name
printf 'Password: '; read -r word
if [ "$name" = dev ] && [ "$word" = mysecret ]; then printf '\\r\\nWelcome\\r\\n$ '; read -r rest
else printf '\\r\\nLogin incorrect\\r\\n'; fi
`;

const telnet: Daemon = {
  name: 'telnetd with the account dev',
  proves: 'telnet',
  dpkg: 'xinetd',
  needs: ['inetutils-telnetd'],
  program: '/usr/sbin/xinetd',
  usualPort: 23,
  service: 'telnet',
  start: (port, folder) => {
    chmodSync(write(folder, 'login', login), 0o755);
    return behindXinetd('/usr/sbin/telnetd', '-E FOLDER/login')(port, folder);
  },
};

/** Real services of Debian as the JavaScript cases want them. */
export const javascriptDaemons = {
  redis: altered('redis', (args) => [...args, '--requirepass', 'iamadmin']),
  ssh: known('openssh'),
  postgres,
  mariadb,
  rsync: known('rsync'),
  vnc,
  telnet,
} as const;
