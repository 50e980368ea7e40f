import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { FingerprintDb } from '@picket/checks/fingerprints/fingerprint-db';
import { serviceEvent } from '@picket/contracts/event';
import type { TlsSurvey } from '@picket/contracts/tls-facts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeSockets } from '../adapters/node-sockets.ts';
import type { ServiceFacts } from '../run/stages.ts';
import { createIdentifyService } from '../services/identify.ts';
import { closedPort } from '../testing/loopback.ts';

const programs = [
  '/usr/bin/openssl',
  '/usr/sbin/nginx',
  '/usr/bin/stunnel4',
  '/usr/bin/gnutls-serv',
  '/usr/sbin/vsftpd',
  '/usr/sbin/exim4',
];
const canRun = process.getuid?.() === 0 && programs.every((program) => existsSync(program));
const identify = createIdentifyService({ fingerprints: new FingerprintDb([]) });
const running: ChildProcess[] = [];
let folder = '';

const openssl = (...args: readonly string[]) => execFileSync('openssl', [...args], { cwd: folder, stdio: 'pipe' });

/** A server's certificate under an intermediate of a root, each with its own key. */
function makeChain(): void {
  const key = (name: string, kind: readonly string[]) => openssl('genpkey', '-out', `${name}.key`, ...kind);
  const extensions = (name: string, text: string) => writeFileSync(join(folder, `${name}.ext`), text);
  const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  const ec = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  for (const name of ['root', 'issuer']) key(name, ec);
  key('server', rsa);
  openssl('req', '-x509', '-new', '-key', 'root.key', '-subj', '/CN=Lab Root', '-days', '9', '-out', 'root.pem');
  extensions('issuer', 'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n');
  extensions('server', 'subjectAltName=DNS:lab.test\nauthorityInfoAccess=caIssuers;URI:http://lab.test/ca\n');
  for (const [name, by] of [
    ['issuer', 'root'],
    ['server', 'issuer'],
  ] as const) {
    openssl(
      'req',
      '-new',
      '-key',
      `${name}.key`,
      '-subj',
      `/CN=${name === 'server' ? 'lab.test' : 'Lab Issuer'}`,
      '-out',
      `${name}.csr`,
    );
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${by}.pem`,
      '-CAkey',
      `${by}.key`,
      '-set_serial',
      '7',
      '-days',
      '9',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.pem`,
    );
  }
  execFileSync('sh', ['-c', 'cat server.pem issuer.pem > chain.pem; cat chain.pem server.key > all.pem; chmod 644 *'], {
    cwd: folder,
  });
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'picket-tls-'));
  chmodSync(folder, 0o755);
  if (canRun) makeChain();
});
// Children of a server may still be writing their last words.
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const hard = setTimeout(() => child.kill('SIGKILL'), 3000);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(hard);
    endGroup(child.pid);
  }
});

/** Ends what a server left behind: it leads a process group of its own. */
function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}

/** Starts a server and waits until its port accepts. Standard input stays open: some end with it. */
async function start(program: string, args: (port: number) => readonly string[]): Promise<number> {
  const port = await closedPort();
  const child = spawn(program, [...args(port)], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  running.push(child);
  for (const end = performance.now() + 15_000; performance.now() < end && child.exitCode === null; ) {
    if (await accepts(port)) return port;
    await systemClock.sleep(50);
  }
  throw new Error(`${program} does not listen (exit code ${child.exitCode})`);
}

const openSslServer = (port: number) =>
  `s_server -accept 127.0.0.1:${port} -www -key server.key -cert server.pem`.split(' ');

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(socket.destroy() !== null));
    socket.once('error', () => resolve(false));
  });
}

/** Identifies what listens on `real` as if it stood on `shown`; the event it makes must fit the contract. */
async function look(real: number, shown: number, names: readonly string[] = []): Promise<ServiceFacts> {
  const sockets = nodeSockets();
  const dialer: typeof sockets = {
    connectTcp: (request) => sockets.connectTcp({ ...request, port: real }),
    exchangeUdp: (request) => sockets.exchangeUdp({ ...request, port: real }),
  };
  const tools = { dialer, clock: systemClock, random: systemRandom, signal: new AbortController().signal };
  const facts = await identify({ address: '127.0.0.1', port: shown, protocol: 'tcp', names }, tools);
  const unit = { phase: 'services', subject: '127.0.0.1' };
  const place = { type: 'service', unit, time: '2026-01-01T00:00:00.000Z', address: '127.0.0.1', protocol: 'tcp' };
  serviceEvent.parse({ ...place, port: shown, ...facts });
  return facts;
}

function surveyOf(facts: ServiceFacts): TlsSurvey {
  if (!facts.tls?.survey) throw new Error(`no survey: ${JSON.stringify(facts).slice(0, 500)}`);
  return facts.tls.survey;
}

const spoken = (survey: TlsSurvey) => survey.versions.map(({ version }) => version);

/** What the program itself says that it would offer: the truth to compare with. */
function offeredBy(list: string, version: string): string[] {
  const text = openssl('ciphers', '-stdname', '-s', `-${version}`, list).toString('utf8');
  return text.split('\n').flatMap((line) => /^(TLS_\S+)/.exec(line)?.[1] ?? []);
}

describe.runIf(canRun)('servers of Debian (needs root and the packages)', () => {
  it('OpenSSL with everything switched on: each suite that it lists is found, in its order', async () => {
    const list = 'ALL:COMPLEMENTOFALL:!PSK:!SRP:@SECLEVEL=0';
    const port = await start('openssl', (port) => [
      ...openSslServer(port),
      ...'-cert_chain issuer.pem -serverpref -client_renegotiation -alpn http/1.1 -cipher'.split(' '),
      list,
    ]);
    const facts = await look(port, 443, ['lab.test']);
    const survey = surveyOf(facts);
    expect(facts).toMatchObject({ service: 'http', tunnel: 'tls' });
    expect(spoken(survey)).toEqual(['tls13', 'tls12', 'tls11', 'tls10']);
    // Suites for keys that this server does not have cannot be chosen.
    const usable = (name: string) => !/ECDSA|_DSS_/.test(name);
    const found = survey.versions.find(({ version }) => version === 'tls12');
    expect(found?.preference).toBe('server');
    expect(found?.ciphers).toEqual(offeredBy(list, 'tls1_2').filter(usable));
    expect(survey.versions.find(({ version }) => version === 'tls10')?.ciphers).toEqual(
      offeredBy(list, 'tls1').filter(usable),
    );
    for (const weakness of ['null-encryption', 'anonymous', 'tls10', 'tls11', 'client-renegotiation'])
      expect(survey.weaknesses).toContain(weakness);
    expect(survey).toMatchObject({ resumption: true, path: { ordered: true, complete: true }, dhBits: 2048 });
    expect(survey.chain.map(({ subject }) => subject)).toEqual(['CN=lab.test', 'CN=Lab Issuer']);
  });

  it('nginx as it should be: two versions, nothing weak, ALPN and groups of its configuration', async () => {
    const config = join(folder, 'nginx.conf');
    const port = await start('/usr/sbin/nginx', (port) => {
      const tls =
        'ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM; ssl_prefer_server_ciphers on; ssl_ecdh_curve X25519:P-384;';
      const server = `listen 127.0.0.1:${port} ssl http2; ssl_certificate chain.pem; ssl_certificate_key server.key; ${tls}`;
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `${name}_temp_path ${folder}/${name};`)
        .join('');
      writeFileSync(
        config,
        `daemon off; user root; pid ${folder}/nginx.pid; error_log ${folder}/e; events {} http { access_log off; ${paths} server { ${server} } }`,
      );
      return ['-c', config, '-p', folder];
    });
    const survey = surveyOf(await look(port, 443, ['lab.test']));
    expect(spoken(survey)).toEqual(['tls13', 'tls12']);
    expect(survey.versions[1]?.ciphers).toEqual([
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    ]);
    expect(survey.alpn).toEqual(['h2', 'http/1.1', 'http/1.0', 'http/0.9']);
    expect(survey.groups).toEqual({ tls13: ['x25519', 'secp384r1'], classic: ['x25519', 'secp384r1'] });
    expect(survey.features).toMatchObject({
      secureRenegotiation: true,
      clientRenegotiation: false,
      compression: false,
    });
    expect(survey).toMatchObject({ complete: true, weaknesses: [] });
  });

  it('a server that sends its own certificate alone lacks the intermediate', async () => {
    const port = await start('openssl', (port) => [...openSslServer(port), '-tls1_2']);
    const survey = surveyOf(await look(port, 443));
    expect(survey.path).toMatchObject({ complete: false, missingIssuer: 'CN=Lab Issuer' });
    expect(survey.weaknesses).toContain('chain-incomplete');
  });

  it('stunnel with TLS 1.0 alone', async () => {
    const port = await start('/usr/bin/stunnel4', (port) => {
      const options = 'sslVersion = TLSv1\nciphers = DHE-RSA-AES128-SHA:AES128-SHA:@SECLEVEL=0\nsecurityLevel = 0\n';
      const service = `[x]\naccept = 127.0.0.1:${port}\nconnect = 127.0.0.1:9\ncert = ${folder}/all.pem\n${options}`;
      writeFileSync(join(folder, 'stunnel.conf'), `foreground = yes\npid =\n${service}`);
      return [join(folder, 'stunnel.conf')];
    });
    const survey = surveyOf(await look(port, 443));
    expect(spoken(survey)).toEqual(['tls10']);
    expect([...(survey.versions[0]?.ciphers ?? [])].sort()).toEqual([
      'TLS_DHE_RSA_WITH_AES_128_CBC_SHA',
      'TLS_RSA_WITH_AES_128_CBC_SHA',
    ]);
    expect(survey.weaknesses).toContain('tls10');
  });

  it('GnuTLS with RC4 and 3DES, which OpenSSL cannot speak any more', async () => {
    const priority = 'NORMAL:+VERS-TLS1.0:+ARCFOUR-128:+3DES-CBC:+MD5:%SERVER_PRECEDENCE';
    const port = await start('/usr/bin/gnutls-serv', (port) => [
      ...'--http --quiet --x509keyfile=server.key --x509certfile=chain.pem'.split(' '),
      `--port=${port}`,
      `--priority=${priority}`,
    ]);
    const survey = surveyOf(await look(port, 443, ['lab.test']));
    expect(spoken(survey)).toEqual(['tls13', 'tls12', 'tls11', 'tls10']);
    for (const weakness of ['rc4', 'triple-des']) expect(survey.weaknesses).toContain(weakness);
    const suites = survey.versions.flatMap(({ ciphers }) => ciphers);
    expect(suites).toContain('TLS_RSA_WITH_RC4_128_SHA');
    expect(suites).toContain('TLS_RSA_WITH_3DES_EDE_CBC_SHA');
  });

  it('FTP behind AUTH TLS', async () => {
    const port = await start('/usr/sbin/vsftpd', (port) => {
      const tls = `ssl_enable=YES\nrsa_cert_file=${folder}/chain.pem\nrsa_private_key_file=${folder}/server.key\nssl_ciphers=AES128-SHA\n`;
      const rest = `listen=YES\nlisten_address=127.0.0.1\nlisten_port=${port}\nbackground=NO\nanonymous_enable=YES\nsecure_chroot_dir=${folder}\n`;
      writeFileSync(join(folder, 'vsftpd.conf'), rest + tls);
      return [join(folder, 'vsftpd.conf')];
    });
    const facts = await look(port, 21);
    expect(facts).toMatchObject({ service: 'ftp', tunnel: 'starttls' });
    const survey = surveyOf(facts);
    expect(survey.versions.find(({ version }) => version === 'tls12')?.ciphers).toEqual([
      'TLS_RSA_WITH_AES_128_CBC_SHA',
    ]);
    expect(survey.chain[0]?.subject).toBe('CN=lab.test');
  });

  it('mail behind STARTTLS', async () => {
    const port = await start('/usr/sbin/exim4', (port) => {
      const tls = `tls_advertise_hosts = *\ntls_certificate = ${folder}/chain.pem\ntls_privatekey = ${folder}/server.key\n`;
      const base = `primary_hostname = lab.test\nlocal_interfaces = 127.0.0.1\ndaemon_smtp_ports = ${port}\nlog_file_path = ${folder}/%slog\nspool_directory = ${folder}/spool\nexim_user = root\nexim_group = root\nnever_users =\n`;
      const config = join(folder, 'exim.conf');
      writeFileSync(config, `${base}${tls}begin acl\n`);
      return ['-C', config, '-bdf'];
    });
    const facts = await look(port, 25);
    expect(facts).toMatchObject({ service: 'smtp', tunnel: 'starttls' });
    const survey = surveyOf(facts);
    // It turns clients away that come too often: the survey gives it time, and still hears everything.
    expect(survey.complete).toBe(true);
    expect(spoken(survey)).toEqual(['tls13', 'tls12', 'tls11', 'tls10']);
    expect(survey.chain[0]?.subject).toBe('CN=lab.test');
  });
});
