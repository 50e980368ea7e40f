import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { type ProxyPlace, ProxyProcess } from './proxy-process.ts';

/** Who may log in: a system account of Debian, so that Samba takes it; its password is Samba's own. */
export const proxyAccount = { user: 'games', password: 'c4n@ry;s3cret %x' } as const;
/** Domain of that account for NTLM: the name of the box. */
export const proxyDomain = 'PXBOX';

/** Programs that are missing here for these proxies. */
export function missingPrograms(): string[] {
  const programs = [
    '/usr/sbin/squid',
    '/usr/lib/squid/security_file_certgen',
    '/usr/sbin/winbindd',
    '/usr/bin/tinyproxy',
    '/usr/bin/openssl',
  ];
  return process.getuid?.() === 0 ? programs.filter((path) => !existsSync(path)) : ['root'];
}

const squid = '/usr/sbin/squid';
const helpers = '/usr/lib/squid';

/** Squid that asks for a login of the given lines. */
async function startSquid(
  place: ProxyPlace,
  auth: readonly string[],
  wrap: readonly string[] = [],
): Promise<ProxyProcess> {
  const { folder, listen, port } = place;
  await chmod(folder, 0o777);
  const lines = [
    ...(auth.some((line) => /^https?_port/.test(line)) ? [] : [`http_port ${listen}:${port}`]),
    `pid_filename ${folder}/squid.pid`,
    `cache_log ${folder}/cache.log`,
    `access_log stdio:${folder}/access.log`,
    `coredump_dir ${folder}`,
    'cache deny all',
    'shutdown_lifetime 0 seconds',
    'visible_hostname proxy.test',
    'connect_timeout 5 seconds',
    ...auth,
    ...(auth.some((line) => line.startsWith('auth_param'))
      ? ['acl known proxy_auth REQUIRED', 'http_access allow known']
      : ['http_access allow all']),
    'http_access deny all',
  ];
  await writeFile(`${folder}/squid.conf`, `${lines.join('\n')}\n`);
  return ProxyProcess.start(place, [...wrap, squid, '-N', '-n', `p${port}`, '-f', `${folder}/squid.conf`]);
}

/** Squid with Basic. */
export async function squidBasic(place: ProxyPlace): Promise<ProxyProcess> {
  const { user, password } = proxyAccount;
  const hash = execFileSync('openssl', ['passwd', '-apr1', '-stdin'], { input: password, encoding: 'utf8' }).trim();
  await writeFile(`${place.folder}/users`, `${user}:${hash}\n`);
  return startSquid(place, [
    `auth_param basic program ${helpers}/basic_ncsa_auth ${place.folder}/users`,
    'auth_param basic realm lab',
  ]);
}

/** Squid that speaks TLS with its clients itself, under a certificate and its key (PEM). */
export async function squidTls(
  place: ProxyPlace,
  identity: { readonly key: string; readonly cert: string },
): Promise<ProxyProcess> {
  const { folder, listen, port } = place;
  await writeFile(`${folder}/tls.pem`, `${identity.cert}\n${identity.key}\n`);
  return startSquid(place, [`https_port ${listen}:${port} tls-cert=${folder}/tls.pem`]);
}

/** Squid with Digest; a nonce does for two requests. */
export async function squidDigest(place: ProxyPlace): Promise<ProxyProcess> {
  const { user, password } = proxyAccount;
  const hash = createHash('md5').update(`${user}:lab:${password}`).digest('hex');
  await writeFile(`${place.folder}/users`, `${user}:lab:${hash}\n`);
  return startSquid(place, [
    `auth_param digest program ${helpers}/digest_file_auth -c ${place.folder}/users`,
    'auth_param digest realm lab',
    'auth_param digest nonce_max_count 2',
  ]);
}

/** Squid with NTLM; Samba's winbind verifies it, and takes version 2 only. Both have a /run/samba of their own. */
export async function squidNtlm(place: ProxyPlace): Promise<ProxyProcess> {
  const { folder } = place;
  const folders = [
    'private dir',
    'lock directory',
    'state directory',
    'cache directory',
    'pid directory',
    'ncalrpc dir',
  ];
  await mkdir(`${folder}/samba`, { mode: 0o755 });
  const config = [
    '[global]',
    'workgroup = CORP',
    `netbios name = ${proxyDomain}`,
    'server role = standalone server',
    'security = user',
    'ntlm auth = ntlmv2-only',
    'disable netbios = yes',
    'interfaces = lo',
    'bind interfaces only = yes',
    `passdb backend = tdbsam:${folder}/samba/passdb.tdb`,
    ...folders.map((name) => `${name} = ${folder}/samba`),
    `log file = ${folder}/samba.log`,
    'idmap config * : backend = tdb',
    'idmap config * : range = 100000-200000',
  ];
  await writeFile(`${folder}/smb.conf`, `${config.join('\n')}\n`);
  const { user, password } = proxyAccount;
  execFileSync('/usr/bin/pdbedit', ['-s', `${folder}/smb.conf`, '-a', '-u', user, '-t'], {
    input: `${password}\n${password}\n`,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const script = [
    'mkdir -p /run/samba && mount -t tmpfs tmpfs /run/samba && mkdir /run/samba/winbindd',
    `{ winbindd -F --no-process-group -s ${folder}/smb.conf --debug-stdout >${folder}/winbindd.log 2>&1 & }`,
    `for i in $(seq 200); do [ -S /run/samba/winbindd/pipe ] && [ -d ${folder}/samba/winbindd_privileged ] && break; sleep 0.05; done`,
    `chgrp proxy ${folder}/samba/winbindd_privileged && chmod 750 ${folder}/samba/winbindd_privileged`,
    'exec "$@"',
  ];
  return startSquid(
    place,
    [
      `auth_param ntlm program /usr/bin/ntlm_auth --helper-protocol=squid-2.5-ntlmssp --configfile=${folder}/smb.conf`,
      'auth_param ntlm children 4 startup=1 idle=1',
      'auth_param ntlm keep_alive on',
    ],
    ['unshare', '-m', 'sh', '-c', script.join('; '), 'sh'],
  );
}

/** Name of the authority with which `squidBump` opens sessions. */
export const bumpAuthority = 'Corporate Inspection CA';

/** Squid that opens every TLS session. `platformCa`: PEM of the authority that it verifies servers by; null: it knows the public ones only. */
export async function squidBump(place: ProxyPlace, platformCa: string | null): Promise<ProxyProcess> {
  const { folder, listen, port } = place;
  const key = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/O=Corp/CN=${bumpAuthority}`];
  execFileSync('openssl', [...key, '-keyout', `${folder}/bump.pem`, '-out', `${folder}/bump.crt`], { stdio: 'ignore' });
  execFileSync('sh', ['-c', 'cat "$1/bump.crt" >>"$1/bump.pem"', 'sh', folder]);
  execFileSync(`${helpers}/security_file_certgen`, ['-c', '-s', `${folder}/ssldb`, '-M', '4MB'], { stdio: 'ignore' });
  execFileSync('chown', ['-R', 'proxy', `${folder}/ssldb`, `${folder}/bump.pem`]);
  if (platformCa !== null) await writeFile(`${folder}/platform.pem`, platformCa);
  return startSquid(place, [
    `http_port ${listen}:${port} ssl-bump tls-cert=${folder}/bump.pem generate-host-certificates=on dynamic_cert_mem_cache_size=4MB`,
    `sslcrtd_program ${helpers}/security_file_certgen -s ${folder}/ssldb -M 4MB`,
    'sslcrtd_children 1',
    ...(platformCa === null ? [] : [`tls_outgoing_options cafile=${folder}/platform.pem`]),
    'acl step1 at_step SslBump1',
    'ssl_bump peek step1',
    'ssl_bump bump all',
  ]);
}

/** Tinyproxy with Basic, which answers in HTTP/1.0. Its configuration has no words with blanks, so its password is another one. */
export const tinyproxyPassword = 'c4n-ary-s3cret';
export async function tinyproxy(place: ProxyPlace): Promise<ProxyProcess> {
  const { folder, listen, port } = place;
  const lines = [
    `Port ${port}`,
    `Listen ${listen}`,
    'MaxClients 20',
    'Timeout 20',
    `LogFile "${folder}/access.log"`,
    `BasicAuth ${proxyAccount.user} ${tinyproxyPassword}`,
  ];
  await writeFile(`${folder}/tinyproxy.conf`, `${lines.join('\n')}\n`);
  return ProxyProcess.start(place, ['/usr/bin/tinyproxy', '-d', '-c', `${folder}/tinyproxy.conf`]);
}
