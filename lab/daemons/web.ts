import type { Daemon } from './daemon.ts';

const modules = [
  'mpm_event',
  'authz_core',
  'authz_host',
  'dir',
  'autoindex',
  'status',
  'headers',
  'setenvif',
  'mime',
  'reqtimeout',
];

/** Files that should never lie under a document root, and do on the weak hosts. The secrets in them open nothing. */
const forgotten: Readonly<Record<string, string>> = {
  'site/files/report.txt': 'planted report\n',
  'site/.git/config':
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n[remote "origin"]\n\turl = git@git.lab.test:shop.git\n',
  'site/.git/HEAD': 'ref: refs/heads/main\n',
  'site/.env': 'APP_KEY=base64:bGFiLWxhYi1sYWI=\nDB_HOST=10.99.0.26\nDB_USERNAME=shop\nDB_PASSWORD=lab-only\n',
  'site/phpinfo.php':
    '<!doctype html><title>PHP 8.2.7 - phpinfo()</title><h1 class="p">PHP Version 8.2.7</h1><table><tr><td class="e">System </td><td class="v">Linux lab</td></tr><tr><td class="e">Configuration File (php.ini) Path </td><td class="v">/etc/php/8.2/cli</td></tr></table>\n',
  'site/backup.sql': '-- MySQL dump 10.19\nCREATE TABLE `users` (`id` int);\nINSERT INTO `users` VALUES (1);\n',
  'site/backup.zip': 'PK\u0003\u0004\n',
  'site/.htpasswd': 'lab:$apr1$lablab00$0123456789abcdefghijk.\n',
  'site/.DS_Store': '\u0000\u0000\u0000\u0001Bud1\u0000\u0000\u0010\u0000',
  'site/crossdomain.xml':
    '<?xml version="1.0"?>\n<cross-domain-policy><allow-access-from domain="*"/></cross-domain-policy>\n',
  // Only the armour of a key: there is nothing inside.
  'site/id_rsa': ['-----BEGIN OPENSSH', 'PRIVATE KEY-----\nbGFi\n-----END OPENSSH', 'PRIVATE KEY-----\n'].join(' '),
  'site/index.html.bak': '<!doctype html><title>Old site</title>\n',
};

const plain: Readonly<Record<string, string>> = {
  'site/index.html': '<!doctype html><title>Site</title><p>Welcome.</p>\n',
  'site/files/report.txt': 'a file that one may fetch by its name\n',
};

/** Apache httpd; the weak one lists folders, shows its status, and reflects any origin with credentials. */
export function apache(options: { port: number; hardened: boolean }): Daemon {
  return {
    name: `apache-${options.port}`,
    setup: ({ folder }) => {
      const weak = [
        `<Directory ${folder}/site>`,
        'Options +Indexes',
        'Require all granted',
        '</Directory>',
        'ExtendedStatus On',
        '<Location "/server-status">',
        'SetHandler server-status',
        'Require all granted',
        '</Location>',
        'SetEnvIf Origin "(.+)" ORIGIN=$1',
        'Header always set Access-Control-Allow-Origin "%{ORIGIN}e" env=ORIGIN',
        'Header always set Access-Control-Allow-Credentials true env=ORIGIN',
        'TraceEnable on',
        'ServerTokens Full',
      ];
      const hard = [
        `<Directory ${folder}/site>`,
        'Options -Indexes',
        'Require all granted',
        '</Directory>',
        'Header always set X-Content-Type-Options nosniff',
        'Header always set X-Frame-Options DENY',
        `Header always set Content-Security-Policy "default-src 'self'"`,
        'TraceEnable off',
        'ServerTokens Prod',
        'ServerSignature Off',
      ];
      const lines = [
        ...modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`),
        'ServerName web.lab.test',
        `Listen ${options.port}`,
        'User www-data',
        'Group www-data',
        `PidFile ${folder}/apache.pid`,
        `DefaultRuntimeDir ${folder}`,
        `ErrorLog ${folder}/error.log`,
        `DocumentRoot ${folder}/site`,
        'TypesConfig /etc/mime.types',
        'StartServers 1',
        'ThreadsPerChild 8',
        'MaxRequestWorkers 32',
        ...(options.hardened ? hard : weak),
      ];
      return {
        files: { 'apache.conf': `${lines.join('\n')}\n`, ...(options.hardened ? plain : forgotten) },
        argv: ['apache2', '-f', `${folder}/apache.conf`, '-DFOREGROUND'],
      };
    },
  };
}

/** Apache httpd with TLS beside clear text, telling its modules and their versions in every answer, as distributions no longer set it up. */
export const talkativeApache: Daemon = {
  name: 'apache-talkative',
  setup: ({ folder, certificates }) => {
    const lines = [
      ...[...modules, 'ssl', 'socache_shmcb'].map(
        (name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`,
      ),
      'ServerName old.lab.test',
      'Listen 80',
      'Listen 443',
      'User www-data',
      'Group www-data',
      `PidFile ${folder}/apache.pid`,
      `DefaultRuntimeDir ${folder}`,
      `ErrorLog ${folder}/error.log`,
      `DocumentRoot ${folder}/site`,
      'TypesConfig /etc/mime.types',
      'StartServers 1',
      'ThreadsPerChild 8',
      'MaxRequestWorkers 32',
      'TraceEnable off',
      'ServerTokens Full',
      `<Directory ${folder}/site>`,
      'Require all granted',
      '</Directory>',
      '<VirtualHost *:443>',
      'SSLEngine on',
      `SSLCertificateFile ${certificates}/good.crt`,
      `SSLCertificateKeyFile ${certificates}/good.key`,
      '</VirtualHost>',
    ];
    return {
      files: { 'apache.conf': `${lines.join('\n')}\n`, ...plain },
      argv: ['apache2', '-f', `${folder}/apache.conf`, '-DFOREGROUND'],
    };
  },
};

/** One `server` of an nginx: its port, the lines inside its block, and for TLS the certificate and the versions. */
export interface NginxSite {
  readonly port: number;
  readonly lines?: readonly string[];
  readonly certificate?: 'good' | 'expired' | 'self-signed' | 'wrong-name' | 'weak-key';
  /** Also speak TLS 1.0 and 1.1. */
  readonly oldTls?: boolean;
}

/** Lines of a site that tells its status, lists its folder, and serves what was forgotten in it. */
export const weakNginxLines: readonly string[] = ['autoindex on;', 'location = /nginx_status { stub_status; }'];

/** Lines of a site that says 200 to everything, which leads naive checks astray. */
export const alwaysFoundLines: readonly string[] = [
  'default_type text/html;',
  `return 200 '<!doctype html><title>Shop</title><p>Everything is here.</p>';`,
];

/** OpenSSL's own settings for a server that must accept what Debian forbids by default: weak keys and TLS before 1.2. */
const legacyOpenssl = `openssl_conf = start
[start]
ssl_conf = ssl
[ssl]
system_default = legacy
[legacy]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
`;

function serverBlock(site: NginxSite, folder: string, certificates: string): string {
  const tls = site.certificate;
  const versions = site.oldTls === true ? 'TLSv1 TLSv1.1 TLSv1.2' : 'TLSv1.2 TLSv1.3';
  const tlsLines = [
    `ssl_certificate ${certificates}/${tls}.crt;`,
    `ssl_certificate_key ${certificates}/${tls}.key;`,
    `ssl_protocols ${versions};`,
    ...(site.oldTls === true
      ? ['ssl_ciphers ALL:@SECLEVEL=0;']
      : ['add_header Strict-Transport-Security max-age=31536000;']),
  ];
  const ssl = tls === undefined ? '' : ' ssl';
  const lines = [`listen ${site.port}${ssl};`, `listen [::]:${site.port}${ssl};`, `root ${folder}/site;`];
  return `server { ${[...lines, ...(tls === undefined ? [] : tlsLines), ...(site.lines ?? [])].join('\n')} }`;
}

/** nginx with any number of sites on their ports. `forgottenFiles` lays what should not be there under the document root. */
export function nginx(options: {
  sites: readonly NginxSite[];
  forgottenFiles?: boolean;
  showVersion?: boolean;
}): Daemon {
  return {
    name: 'nginx',
    setup: ({ folder, certificates }) => {
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
      const http = [
        'access_log off;',
        `server_tokens ${options.showVersion === true ? 'on' : 'off'};`,
        ...temporary.map((kind) => `${kind}_temp_path ${folder}/tmp;`),
        ...options.sites.map((site) => serverBlock(site, folder, certificates)),
      ];
      const conf = `user www-data;\nworker_processes 1;\npid ${folder}/nginx.pid;\nevents { worker_connections 256; }\nhttp {\n${http.join('\n')}\n}\n`;
      return {
        files: {
          'nginx.conf': conf,
          'openssl.cnf': legacyOpenssl,
          ...(options.forgottenFiles === true ? forgotten : plain),
        },
        folders: ['tmp'],
        argv: [
          'env',
          `OPENSSL_CONF=${folder}/openssl.cnf`,
          'nginx',
          '-c',
          `${folder}/nginx.conf`,
          '-e',
          `${folder}/error.log`,
          '-g',
          'daemon off;',
        ],
      };
    },
  };
}
