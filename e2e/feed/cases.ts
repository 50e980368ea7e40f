/** A check on a product of the lab: where it has to find something, and where, on the mended or hardened one, it must not. */
export interface FeedCase {
  readonly check: string;
  /** `host:port` of the lab. */
  readonly fires: readonly string[];
  readonly silent: readonly string[];
  /** Where it must not find anything, and cannot even ask: a certificate is wanted. */
  readonly shut?: readonly string[];
}

/** Templates of the public feed. */
export const feedCases: readonly FeedCase[] = [
  // Products from the package registry.
  { check: 'CVE-2025-31125', fires: ['vite-weak:5173'], silent: ['vite-hard:5173'] },
  // Asks without the trailing separators that get round the limit, so it finds only servers that have no limit.
  { check: 'CVE-2025-30208', fires: ['vite-weak:5174'], silent: ['vite-hard:5173'] },
  { check: 'CVE-2025-29927', fires: ['next-weak:3000'], silent: ['next-hard:3000'] },
  {
    check: 'nodered-default-login',
    fires: ['node-red-weak:1881'],
    silent: ['node-red-hard:1880'],
  },
  // These tell the product, whoever may use it.
  { check: 'node-red-detect', fires: ['node-red-weak:1880', 'node-red-hard:1880'], silent: ['next-weak:3000'] },
  { check: 'redis-commander-exposure', fires: ['redis-commander-weak:8081'], silent: ['node-red-weak:1880'] },
  // Products of Debian.
  { check: 'haproxy-status', fires: ['haproxy-weak:8404'], silent: ['haproxy-hard:8404'] },
  { check: 'http-etcd-unauthenticated-api-data-leak', fires: ['etcd-weak:2379'], silent: [], shut: ['etcd-hard:2379'] },
  { check: 'etcd-version', fires: ['etcd-weak:2379'], silent: [], shut: ['etcd-hard:2379'] },
  { check: 'docker-registry', fires: ['registry-weak:5000'], silent: ['registry-hard:5000'] },
  { check: 'prometheus-unauth', fires: ['prometheus-weak:9090'], silent: ['prometheus-hard:9090'] },
  { check: 'prometheus-flags', fires: ['prometheus-weak:9090'], silent: ['prometheus-hard:9090'] },
  {
    check: 'prometheus-metrics',
    fires: ['prometheus-weak:9090', 'pushgateway-weak:9091'],
    silent: ['prometheus-hard:9090'],
  },
  {
    check: 'prometheus-pushgateway-exposed-panel',
    fires: ['pushgateway-weak:9091'],
    silent: ['pushgateway-hard:9091'],
  },
  { check: 'apache-server-status', fires: ['web-weak:80'], silent: ['web-hard:80'] },
  {
    check: 'git-config',
    fires: ['web-weak:80', 'proxy-weak:80', 'proxy-weak:8081'],
    silent: ['web-hard:80', 'proxy-hard:80'],
  },
  { check: 'htpasswd-detection', fires: ['web-weak:80'], silent: ['web-hard:80'] },
  { check: 'default-sql-dump', fires: ['web-weak:80'], silent: ['web-hard:80'] },
  { check: 'exposed-redis', fires: ['cache-weak:6379'], silent: ['cache-hard:6379'] },
  { check: 'redis-info', fires: ['cache-weak:6379'], silent: ['cache-hard:6379'] },
  { check: 'memcached-stats', fires: ['cache-weak:11211'], silent: ['cache-hard:11211'] },
  { check: 'ftp-anonymous-login', fires: ['files-weak:21'], silent: ['files-hard:21'] },
  { check: 'rsync-list-modules', fires: ['files-weak:873'], silent: [] },
  { check: 'pgsql-empty-password', fires: ['database-weak:5432'], silent: ['database-hard:5432'] },
  { check: 'expired-ssl', fires: ['tls-weak:443'], silent: ['proxy-hard:443'] },
  { check: 'deprecated-tls', fires: ['tls-weak:9443'], silent: ['proxy-hard:443'] },
  { check: 'vnc-service-detect', fires: ['desktop-weak:5900'], silent: [] },
  { check: 'rpcbind-portmapper-detect', fires: ['rpc-weak:111'], silent: [] },
];

/** Our own checks on the same products. */
export const ownCases: readonly FeedCase[] = [
  { check: 'haproxy-stats-open', fires: ['haproxy-weak:8404'], silent: ['haproxy-hard:8404'] },
  { check: 'etcd-unauthenticated', fires: ['etcd-weak:2379'], silent: [], shut: ['etcd-hard:2379'] },
  { check: 'docker-registry-open', fires: ['registry-weak:5000'], silent: ['registry-hard:5000'] },
  { check: 'prometheus-open', fires: ['prometheus-weak:9090'], silent: ['prometheus-hard:9090'] },
  {
    check: 'prometheus-metrics-exposed',
    fires: ['prometheus-weak:9090', 'pushgateway-weak:9091'],
    silent: ['prometheus-hard:9090', 'pushgateway-hard:9091'],
  },
  { check: 'node-red-open', fires: ['node-red-weak:1880'], silent: ['node-red-weak:1881', 'node-red-hard:1880'] },
];

/**
 * Findings above info on hardened products that are true: they ask for a password over clear text, which is what the hardening against the
 * questions above comes to on these products.
 */
export const trueOnHardened: readonly string[] = ['http-basic-auth-cleartext', 'login-form-cleartext'];

/**
 * Templates that take something harmless for a finding on a hardened product: this one takes the digests which rsync 3.2.7 and later name in
 * their greeting for modules.
 */
export const wrongOnHardened: readonly string[] = ['rsync-list-modules'];
