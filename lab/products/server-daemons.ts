import { asUser, type Daemon } from '../daemons/daemon.ts';

/** Debian packages of the products that come from there. */
export const productPackages: readonly string[] = [
  'docker-registry',
  'etcd-server',
  'haproxy',
  'prometheus',
  'prometheus-pushgateway',
];

/** bcrypt of `correct-horse`. */
const hash = '$2b$08$iXjerqI3Ls/I2w0QLgSj..KyhQzMlEXf0VCPb8niZyQ7igC.Iz/pa';

/** HAProxy with its status page, for everybody or for those with a password. */
export function haproxy({ hardened }: { hardened: boolean }): Daemon {
  return {
    name: 'haproxy',
    setup: ({ folder }) => {
      const lines = [
        'defaults',
        '  mode http',
        '  timeout connect 5s',
        '  timeout client 30s',
        '  timeout server 30s',
        'frontend status',
        '  bind 0.0.0.0:8404',
        '  http-request return status 404 unless { path /haproxy }',
        '  stats enable',
        '  stats uri /haproxy?stats',
        ...(hardened ? ['  stats auth admin:correct-horse'] : []),
      ];
      return {
        files: { 'haproxy.cfg': `${lines.join('\n')}\n` },
        argv: asUser('nobody', ['haproxy', '-db', '-f', `${folder}/haproxy.cfg`], 'nogroup'),
      };
    },
  };
}

/** etcd, also with its old interface; the hardened one wants a certificate of every client. */
export function etcd({ hardened }: { hardened: boolean }): Daemon {
  return {
    name: 'etcd',
    setup: ({ folder, certificates }) => {
      const scheme = hardened ? 'https' : 'http';
      const guard = [
        '--client-cert-auth',
        `--trusted-ca-file=${certificates}/ca.crt`,
        `--cert-file=${certificates}/good.crt`,
        `--key-file=${certificates}/good.key`,
      ];
      return {
        folders: ['data'],
        argv: [
          'etcd',
          `--data-dir=${folder}/data`,
          '--enable-v2',
          `--listen-client-urls=${scheme}://0.0.0.0:2379`,
          `--advertise-client-urls=${scheme}://127.0.0.1:2379`,
          '--listen-peer-urls=http://127.0.0.1:2380',
          ...(hardened ? guard : []),
        ],
      };
    },
  };
}

/** The Docker registry, for everybody or with a password. */
export function dockerRegistry({ hardened }: { hardened: boolean }): Daemon {
  return {
    name: 'docker-registry',
    setup: ({ folder }) => {
      const config = {
        version: '0.1',
        storage: { filesystem: { rootdirectory: `${folder}/images` } },
        http: { addr: '0.0.0.0:5000' },
        ...(hardened ? { auth: { htpasswd: { realm: 'lab', path: `${folder}/users` } } } : {}),
      };
      return {
        // JSON is YAML too.
        files: { 'config.yml': JSON.stringify(config), users: `admin:${hash.replace('$2b$', '$2y$')}\n` },
        folders: ['images'],
        argv: ['docker-registry', 'serve', `${folder}/config.yml`],
      };
    },
  };
}

/** Prometheus or its push gateway, for everybody or with a password. */
export function prometheus(
  program: 'prometheus' | 'prometheus-pushgateway',
  { hardened }: { hardened: boolean },
): Daemon {
  return {
    name: program,
    setup: ({ folder }) => {
      const gateway = program === 'prometheus-pushgateway';
      const own = gateway
        ? ['--web.listen-address=0.0.0.0:9091']
        : [
            '--web.listen-address=0.0.0.0:9090',
            `--config.file=${folder}/prometheus.yml`,
            `--storage.tsdb.path=${folder}/data`,
          ];
      return {
        files: {
          'prometheus.yml':
            'global:\n  scrape_interval: 1h\nscrape_configs:\n  - job_name: lab\n    static_configs: []\n',
          'web.yml': JSON.stringify({ basic_auth_users: { admin: hash } }),
        },
        folders: ['data'],
        argv: [program, ...own, ...(hardened ? [`--web.config.file=${folder}/web.yml`] : [])],
      };
    },
  };
}
