import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { behindXinetd, certificate, type Daemon, insideXinetd, mkdirIn, write } from './daemon.ts';

const xinetd = { dpkg: 'xinetd', program: '/usr/sbin/xinetd' } as const;

/** Services of old that still run inside: of xinetd, displays, versions, chat. */
export const classicDaemons: readonly Daemon[] = [
  { ...xinetd, name: 'echo', proves: 'echo', usualPort: 7, service: 'echo', start: insideXinetd('echo') },
  { ...xinetd, name: 'daytime', proves: 'daytime', usualPort: 13, service: 'daytime', start: insideXinetd('daytime') },
  { ...xinetd, name: 'chargen', proves: 'chargen', usualPort: 19, service: 'chargen', start: insideXinetd('chargen') },
  {
    ...xinetd,
    name: 'time',
    proves: 'time',
    usualPort: 37,
    usualPortOnly: true,
    service: 'time',
    start: insideXinetd('time'),
  },
  {
    ...xinetd,
    name: 'telnetd',
    proves: 'telnet',
    needs: ['inetutils-telnetd'],
    usualPort: 23,
    service: 'telnet',
    start: behindXinetd('/usr/sbin/telnetd'),
  },
  {
    ...xinetd,
    name: 'fingerd',
    proves: 'finger',
    needs: ['fingerd', 'finger'],
    usualPort: 79,
    service: 'finger',
    start: behindXinetd('/usr/sbin/in.fingerd'),
  },
  {
    ...xinetd,
    name: 'cvs pserver',
    proves: 'cvspserver',
    needs: ['cvs'],
    usualPort: 2401,
    service: 'cvspserver',
    product: 'CVS pserver',
    start: behindXinetd('/usr/bin/cvs', '-f --allow-root=/nowhere pserver'),
  },
  {
    ...xinetd,
    name: 'gophernicus',
    proves: 'gopher',
    needs: ['gophernicus'],
    usualPort: 70,
    service: 'gopher',
    start: behindXinetd('/usr/sbin/gophernicus', '-h lab.test -r FOLDER', 'nobody'),
  },
  {
    name: 'oidentd',
    usualPortOnly: true,
    proves: 'ident',
    dpkg: 'oidentd',
    program: '/usr/sbin/oidentd',
    usualPort: 113,
    service: 'ident',
    start: (port) => ({ args: ['--foreground', '-a', '127.0.0.1', '-p', `${port}`, '-u', 'nobody', '-g', 'nogroup'] }),
  },
  {
    name: 'git daemon',
    usualPortOnly: true,
    proves: 'git',
    dpkg: 'git',
    program: '/usr/lib/git-core/git-daemon',
    usualPort: 9418,
    service: 'git',
    product: 'git daemon',
    start: (port, folder) => ({
      args: ['--listen=127.0.0.1', `--port=${port}`, `--base-path=${folder}`, '--reuseaddr'],
    }),
  },
  {
    name: 'svnserve',
    proves: 'svn',
    dpkg: 'subversion',
    program: '/usr/bin/svnserve',
    usualPort: 3690,
    service: 'svn',
    product: 'Subversion',
    start: (port, folder) => ({
      args: ['-d', '--foreground', '--listen-host', '127.0.0.1', '--listen-port', `${port}`, '-r', folder],
    }),
  },
  {
    name: 'ngircd',
    proves: 'irc',
    dpkg: 'ngircd',
    program: '/usr/sbin/ngircd',
    usualPort: 6667,
    service: 'irc',
    start: (port, folder) => ({
      args: [
        '-n',
        '-f',
        write(
          folder,
          'ngircd.conf',
          `[Global]\nName = irc.lab.test\nInfo = lab\nListen = 127.0.0.1\nPorts = ${port}\nServerUID = nobody\nServerGID = nogroup\nPidFile = ${folder}/pid\n[Options]\nPAM = no\nIdent = no\nDNS = no\n`,
        ),
      ],
    }),
  },
  {
    name: 'prosody',
    proves: 'xmpp',
    tunnel: 'starttls',
    dpkg: 'prosody',
    program: '/usr/bin/prosody',
    usualPort: 5222,
    service: 'xmpp-client',
    start: (port, folder) => {
      certificate(folder);
      const text = `run_as_root = true\ninterfaces = { "127.0.0.1" }\nc2s_ports = { ${port} }\ns2s_ports = {}\nhttp_ports = {}\nhttps_ports = {}\nc2s_direct_tls_ports = {}\ns2s_direct_tls_ports = {}\nc2s_require_encryption = true\nmodules_enabled = { "tls", "saslauth", "disco" }\nmodules_disabled = { "s2s" }\ndata_path = "${folder}"\npidfile = "${folder}/prosody.pid"\nlog = { error = "${folder}/log" }\nssl = { certificate = "${folder}/c.pem", key = "${folder}/k.pem" }\nVirtualHost "127.0.0.1"\n`;
      return { args: ['-F', '--config', write(folder, 'p.lua', text)] };
    },
  },
  {
    name: 'Xvfb',
    proves: 'x11',
    dpkg: 'xvfb',
    program: '/usr/bin/Xvfb',
    usualPort: 6000,
    service: 'x11',
    usualPortOnly: true,
    start: (port) => ({ args: [`:${port - 6000}`, '-listen', 'tcp', '-nolisten', 'unix', '-screen', '0', '64x64x8'] }),
  },
  {
    name: 'tigervnc',
    proves: 'vnc',
    dpkg: 'tigervnc-standalone-server',
    program: '/usr/bin/Xtigervnc',
    usualPort: 5900,
    service: 'rfb',
    start: (port) => ({
      args: [
        `:${port}`,
        '-rfbport',
        `${port}`,
        '-SecurityTypes',
        'None',
        '-localhost',
        '-geometry',
        '64x64',
        '-nolisten',
        'unix',
      ],
    }),
  },
  {
    name: 'xrdp',
    proves: 'rdp',
    tunnel: 'starttls',
    dpkg: 'xrdp',
    program: '/usr/sbin/xrdp',
    usualPort: 3389,
    service: 'ms-wbt-server',
    start: (port, folder) => {
      certificate(folder, ['rsa:2048']);
      execFileSync('xrdp-keygen', ['xrdp', join(folder, 'rsakeys.ini')], { stdio: 'ignore' });
      const text = `[Globals]\nini_version=1\nport=tcp://127.0.0.1:${port}\nfork=true\nsecurity_layer=tls\ncertificate=${folder}/c.pem\nkey_file=${folder}/k.pem\nrsakeys_ini=${folder}/rsakeys.ini\nssl_protocols=TLSv1.2, TLSv1.3\n[Logging]\nLogFile=${folder}/log\nLogLevel=ERROR\n`;
      return { args: ['--nodaemon', '-c', write(folder, 'xrdp.ini', text)] };
    },
    ownNetwork: true,
  },
  {
    name: 'clamd',
    proves: 'clamd',
    dpkg: 'clamav-daemon',
    program: '/usr/sbin/clamd',
    usualPort: 3310,
    usualPortOnly: true,
    service: 'clam',
    product: 'ClamAV',
    start: (port, folder) => {
      const database = mkdirIn(folder, 'db');
      write(database, 'lab.hdb', '44d88612fea8a8f36de82e1278abb02f:68:Lab.Test\n');
      const text = `Foreground yes\nTCPSocket ${port}\nTCPAddr 127.0.0.1\nDatabaseDirectory ${database}\nLogFile ${folder}/log\nUser root\n`;
      return { args: ['-c', write(folder, 'clamd.conf', text)] };
    },
  },
];
