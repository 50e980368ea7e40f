import { certificate, type Daemon, write } from './daemon.ts';

/** Web servers, proxies and the print server. */
export const webDaemons: readonly Daemon[] = [
  {
    name: 'nginx',
    proves: 'http',
    dpkg: 'nginx-light',
    program: '/usr/sbin/nginx',
    usualPort: 80,
    service: 'http',
    product: 'nginx',
    version: true,
    start: (port, folder) => ({ args: ['-p', folder, '-c', nginxConf(folder, `listen 127.0.0.1:${port};`)] }),
  },
  {
    name: 'nginx with TLS',
    proves: 'http',
    dpkg: 'nginx-light',
    program: '/usr/sbin/nginx',
    usualPort: 443,
    tunnel: 'tls',
    service: 'http',
    product: 'nginx',
    version: true,
    start: (port, folder) => {
      certificate(folder, ['rsa:2048']);
      return {
        args: [
          '-p',
          folder,
          '-c',
          nginxConf(
            folder,
            `listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/c.pem; ssl_certificate_key ${folder}/k.pem;`,
          ),
        ],
      };
    },
  },
  {
    name: 'apache',
    proves: 'http',
    dpkg: 'apache2',
    program: '/usr/sbin/apache2',
    usualPort: 8080,
    service: 'http',
    product: 'httpd',
    version: true,
    start: (port, folder) => ({
      args: [
        '-X',
        '-f',
        write(
          folder,
          'apache.conf',
          `ServerRoot ${folder}\nServerName localhost\nPidFile ${folder}/pid\nErrorLog ${folder}/log\nListen 127.0.0.1:${port}\nDocumentRoot ${folder}\nUser www-data\nGroup www-data\nLoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\nLoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so\n`,
        ),
      ],
    }),
  },
  {
    name: 'lighttpd',
    proves: 'http',
    dpkg: 'lighttpd',
    program: '/usr/sbin/lighttpd',
    usualPort: 8000,
    service: 'http',
    product: 'lighttpd',
    version: true,
    start: (port, folder) => ({
      args: [
        '-D',
        '-f',
        write(
          folder,
          'l.conf',
          `server.document-root = "${folder}"\nserver.port = ${port}\nserver.bind = "127.0.0.1"\n`,
        ),
      ],
    }),
  },
  {
    name: 'squid',
    proves: 'http',
    dpkg: 'squid-openssl',
    program: '/usr/sbin/squid',
    usualPort: 3128,
    service: 'http-proxy',
    product: 'Squid',
    version: true,
    start: (port, folder) => ({
      args: [
        '-N',
        '-n',
        `picket${port}`,
        '-f',
        write(
          folder,
          's.conf',
          `http_port 127.0.0.1:${port}\npid_filename ${folder}/pid\ncache_log ${folder}/log\naccess_log none\ncoredump_dir ${folder}\ncache_effective_user proxy\nshutdown_lifetime 0 seconds\nhttp_access deny all\nvisible_hostname lab\n`,
        ),
      ],
    }),
  },
  {
    name: 'tinyproxy',
    proves: 'http',
    dpkg: 'tinyproxy-bin',
    program: '/usr/bin/tinyproxy',
    usualPort: 8888,
    service: 'http-proxy',
    product: 'Tinyproxy',
    version: true,
    start: (port, folder) => ({
      args: [
        '-d',
        '-c',
        write(folder, 't.conf', `Port ${port}\nListen 127.0.0.1\nMaxClients 10\nTimeout 20\nLogFile "${folder}/log"\n`),
      ],
    }),
  },
  {
    name: 'cups',
    proves: 'ipp',
    dpkg: 'cups-daemon',
    program: '/usr/sbin/cupsd',
    usualPort: 631,
    service: 'ipp',
    product: 'CUPS',
    start: (port, folder) => ({
      args: [
        '-f',
        '-c',
        write(
          folder,
          'cupsd.conf',
          `Listen 127.0.0.1:${port}\nBrowsing Off\nWebInterface Yes\nServerTokens Full\n<Location />\nOrder allow,deny\nAllow all\n</Location>\n`,
        ),
        '-s',
        write(
          folder,
          'cups-files.conf',
          `ServerRoot ${folder}\nRequestRoot ${folder}/spool\nTempDir ${folder}\nCacheDir ${folder}/cache\nStateDir ${folder}/state\nErrorLog ${folder}/log\nAccessLog ${folder}/access\nPageLog ${folder}/page\n`,
        ),
      ],
    }),
  },
];

function nginxConf(folder: string, listen: string): string {
  return write(
    folder,
    'nginx.conf',
    `daemon off;\nmaster_process off;\npid ${folder}/pid;\nerror_log ${folder}/log;\nevents {}\nhttp { access_log off; client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c; uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e; server { ${listen} root ${folder}; } }\n`,
  );
}
