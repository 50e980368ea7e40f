import { asUser, type Daemon } from './daemon.ts';

/** Dropbear, the SSH server of routers and small devices. */
export const dropbear: Daemon = {
  name: 'dropbear',
  setup: ({ folder }) => ({
    prepare: [['dropbearkey', '-t', 'ed25519', '-f', `${folder}/host.key`]],
    argv: ['dropbear', '-F', '-E', '-r', `${folder}/host.key`, '-P', `${folder}/dropbear.pid`, '-p', '22'],
  }),
};

/** lighttpd as Debian's configuration has it: it tells its version. */
export const lighttpd: Daemon = {
  name: 'lighttpd',
  setup: ({ folder }) => {
    const lines = [
      `server.document-root = "${folder}/site"`,
      'server.port = 80',
      'server.username = "www-data"',
      'server.groupname = "www-data"',
      'index-file.names = ( "index.html" )',
      'mimetype.assign = ( ".html" => "text/html" )',
      '$SERVER["socket"] == "[::]:80" { server.set-v6only = "enable" }',
    ];
    return {
      files: {
        'lighttpd.conf': `${lines.join('\n')}\n`,
        'site/index.html': '<!doctype html><title>Device</title><p>Set-up.</p>\n',
      },
      argv: ['lighttpd', '-D', '-f', `${folder}/lighttpd.conf`],
    };
  },
};

/** dnsmasq: the name server of small networks, with its version for who asks. */
export const dnsmasq: Daemon = {
  name: 'dnsmasq',
  setup: ({ folder }) => ({
    files: { 'dnsmasq.conf': 'no-resolv\nno-hosts\nuser=root\npid-file=\naddress=/device.test/10.99.0.39\n' },
    argv: ['dnsmasq', '--keep-in-foreground', '-C', `${folder}/dnsmasq.conf`],
  }),
};

/** MariaDB with one account that may come from elsewhere: whoever connects hears its version, and then has to log in. */
export const mariadb: Daemon = {
  name: 'mariadb',
  setup: ({ folder }) => {
    const common = ['--no-defaults', `--datadir=${folder}/data`];
    return {
      files: { 'accounts.sql': "CREATE OR REPLACE USER 'shop'@'%' IDENTIFIED BY 'correct-horse';\n" },
      folders: ['data'],
      prepare: [
        ['chown', 'daemon:daemon', `${folder}/data`],
        asUser('daemon', [
          'mariadb-install-db',
          ...common,
          '--skip-test-db',
          '--auth-root-authentication-method=normal',
          '--innodb-log-file-size=4M',
        ]),
      ],
      argv: asUser('daemon', [
        'mariadbd',
        ...common,
        '--bind-address=*',
        '--port=3306',
        `--init-file=${folder}/accounts.sql`,
        `--socket=${folder}/data/mariadb.sock`,
        `--pid-file=${folder}/data/mariadb.pid`,
        '--innodb-log-file-size=4M',
        '--innodb-buffer-pool-size=8M',
        '--performance-schema=OFF',
        '--skip-name-resolve',
      ]),
    };
  },
};

/** tinyproxy: refuses what is no request to a proxy, and says who it is. */
export const tinyproxy: Daemon = {
  name: 'tinyproxy',
  setup: ({ folder }) => ({
    files: {
      'tinyproxy.conf': `Port 8888\nListen 0.0.0.0\nListen ::\nTimeout 60\nMaxClients 20\nPidFile "${folder}/tinyproxy.pid"\n`,
    },
    argv: ['tinyproxy', '-d', '-c', `${folder}/tinyproxy.conf`],
  }),
};
