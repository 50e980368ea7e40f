import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Daemon, mkdirIn, write } from './daemon.ts';

/** Databases, caches, brokers and file services. */
export const dataDaemons: readonly Daemon[] = [
  {
    name: 'redis',
    proves: 'redis',
    dpkg: 'redis-server',
    program: '/usr/bin/redis-server',
    usualPort: 6379,
    service: 'redis',
    product: 'Redis',
    version: true,
    start: (port, folder) => ({ args: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''] }),
  },
  {
    name: 'redis with a password',
    proves: 'redis',
    dpkg: 'redis-server',
    program: '/usr/bin/redis-server',
    usualPort: 6379,
    service: 'redis',
    product: 'Redis',
    start: (port, folder) => ({
      args: ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--requirepass', 'x1y2z3'],
    }),
  },
  {
    name: 'memcached',
    proves: 'memcached',
    dpkg: 'memcached',
    program: '/usr/bin/memcached',
    usualPort: 11211,
    service: 'memcache',
    product: 'Memcached',
    version: true,
    start: (port) => ({ args: ['-u', 'nobody', '-l', '127.0.0.1', '-p', `${port}`] }),
  },
  {
    name: 'mosquitto',
    proves: 'mqtt',
    dpkg: 'mosquitto',
    program: '/usr/sbin/mosquitto',
    usualPort: 1883,
    service: 'mqtt',
    product: 'Mosquitto',
    version: true,
    start: (port, folder) => ({
      args: [
        '-c',
        write(folder, 'm.conf', `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser nobody\n`),
      ],
    }),
  },
  {
    name: 'postgresql',
    tunnel: 'starttls',
    proves: 'postgresql',
    dpkg: 'postgresql-15',
    program: '/usr/lib/postgresql/15/bin/postgres',
    usualPort: 5432,
    service: 'postgresql',
    product: 'PostgreSQL',
    ready: (folder) => isPostgresReady(folder),
    start: (port, folder) => {
      chmodSync(folder, 0o777);
      execFileSync(
        'runuser',
        [
          '-u',
          'postgres',
          '--',
          '/usr/lib/postgresql/15/bin/initdb',
          '-N',
          '-A',
          'scram-sha-256',
          '--pwfile',
          write(folder, 'pw', 'x1y2z3\n'),
          '-D',
          join(folder, 'data'),
        ],
        { stdio: 'ignore' },
      );
      certificate(folder);
      // The server wants its key for itself.
      execFileSync('install', ['-o', 'postgres', '-m', '0600', join(folder, 'k.pem'), join(folder, 'data/server.key')]);
      execFileSync('install', ['-o', 'postgres', join(folder, 'c.pem'), join(folder, 'data/server.crt')]);
      const args = ['-D', join(folder, 'data'), '-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-c', 'ssl=on'];
      return { user: 'postgres', args };
    },
  },
  {
    name: 'mariadb',
    tunnel: 'starttls',
    proves: 'mysql',
    dpkg: 'mariadb-server',
    program: '/usr/sbin/mariadbd',
    usualPort: 3306,
    service: 'mysql',
    product: 'MariaDB',
    version: true,
    start: (port, folder) => {
      execFileSync(
        'mariadb-install-db',
        ['--no-defaults', `--datadir=${folder}/data`, '--user=root', '--skip-test-db'],
        { stdio: 'ignore' },
      );
      certificate(folder);
      return {
        args: [
          '--no-defaults',
          '--user=root',
          `--datadir=${folder}/data`,
          `--port=${port}`,
          '--bind-address=127.0.0.1',
          `--socket=${folder}/s`,
          `--pid-file=${folder}/pid`,
          `--ssl-cert=${folder}/c.pem`,
          `--ssl-key=${folder}/k.pem`,
          `--init-file=${write(folder, 'init.sql', "CREATE USER reader@'%' IDENTIFIED BY 'x1y2z3';\n")}`,
        ],
      };
    },
  },
  {
    name: 'vsftpd',
    tunnel: 'starttls',
    proves: 'ftp',
    dpkg: 'vsftpd',
    program: '/usr/sbin/vsftpd',
    usualPort: 21,
    service: 'ftp',
    product: 'vsftpd',
    version: true,
    start: (port, folder) => {
      certificate(folder);
      return {
        args: [
          write(
            folder,
            'v.conf',
            `ssl_enable=YES\nrsa_cert_file=${folder}/c.pem\nrsa_private_key_file=${folder}/k.pem\nlisten=YES\nlisten_address=127.0.0.1\nlisten_port=${port}\nbackground=NO\nanonymous_enable=YES\nsecure_chroot_dir=${mkdirIn(folder, 'empty')}\nxferlog_enable=NO\n`,
          ),
        ],
      };
    },
  },
  {
    name: 'samba',
    proves: 'smb2',
    dpkg: 'samba',
    program: '/usr/sbin/smbd',
    usualPort: 445,
    service: 'microsoft-ds',
    product: 'Samba',
    start: (port, folder) => ({
      args: [
        '-F',
        '--no-process-group',
        '-p',
        `${port}`,
        '-s',
        write(
          folder,
          'smb.conf',
          `[global]\nnetbios name = PICKETLAB\nworkgroup = LAB\nbind interfaces only = yes\ninterfaces = 127.0.0.1\nlock directory = ${folder}\nstate directory = ${folder}\ncache directory = ${folder}\nprivate dir = ${folder}\npid directory = ${folder}\nncalrpc dir = ${folder}\nlog file = ${folder}/log\nload printers = no\n`,
        ),
      ],
    }),
  },
  {
    name: 'rsync',
    proves: 'rsync',
    dpkg: 'rsync',
    program: '/usr/bin/rsync',
    usualPort: 873,
    service: 'rsync',
    product: 'rsync',
    start: (port, folder) => ({
      args: [
        '--daemon',
        '--no-detach',
        '--address=127.0.0.1',
        `--port=${port}`,
        `--config=${write(folder, 'r.conf', `pid file = ${folder}/pid\nlog file = ${folder}/log\n`)}`,
      ],
    }),
  },
];

/** PostgreSQL writes its state to the last line of `postmaster.pid`; before it is `ready` it answers 57P03 to everybody. */
function isPostgresReady(folder: string): boolean {
  try {
    return /^ready *$/m.test(readFileSync(join(folder, 'data/postmaster.pid'), 'latin1'));
  } catch {
    return false;
  }
}
