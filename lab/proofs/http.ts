import type { Proof, ProofTarget } from './proof.ts';

const url = (target: ProofTarget, path: string) => `http://${target.address}:${target.port}${path}`;
const curl = (...args: readonly string[]) => [
  'curl',
  '-sS',
  '--max-time',
  '8',
  '-w',
  '\nstatus %{http_code}\n',
  ...args,
];
const notThere = /status 40[34]|Everything is here/;

/** A file that should not be served: its content is shown, or there is none (or the page that a site shows for everything). */
function exposedFile(path: string, content: RegExp): Proof {
  return { call: (target) => ({ argv: curl('--output', '-', url(target, path)) }), weak: content, refused: notThere };
}

/** Proofs of what web sites should not show or do, by curl. */
export const httpProofs: Readonly<Record<string, Proof>> = {
  'http-directory-listing': {
    call: (target) => ({ argv: curl(url(target, '/'), url(target, '/files/')) }),
    weak: /Index of \//,
    refused: notThere,
  },
  'git-config-exposed': exposedFile('/.git/config', /\[core\]/),
  'env-file-exposed': exposedFile('/.env', /DB_PASSWORD=/),
  'phpinfo-exposed': exposedFile('/phpinfo.php', /phpinfo\(\)/),
  'backup-file-exposed': exposedFile('/backup.sql', /CREATE TABLE/),
  'htpasswd-exposed': exposedFile('/.htpasswd', /^lab:\$apr1\$/),
  'ds-store-exposed': exposedFile('/.DS_Store', /Bud1/),
  'crossdomain-any': exposedFile('/crossdomain.xml', /domain="\*"/),
  'private-key-exposed': exposedFile('/id_rsa', /BEGIN OPENSSH PRIVATE KEY/),
  'apache-server-status': exposedFile('/server-status', /Apache Server Status/),
  'nginx-stub-status': exposedFile('/nginx_status', /Active connections: \d+/),
  'cors-any-origin-with-credentials': {
    call: (target) => ({ argv: curl('-i', '-H', 'Origin: https://stranger.example', url(target, '/')) }),
    weak: /access-control-allow-origin: https:\/\/stranger\.example/i,
    refused: /status 200/,
  },
  'http-trace-enabled': {
    call: (target) => ({ argv: curl('-X', 'TRACE', '-H', 'X-Lab: echo-me', url(target, '/')) }),
    weak: /X-Lab: echo-me[\s\S]*status 200/,
    refused: /status 405/,
  },
};
