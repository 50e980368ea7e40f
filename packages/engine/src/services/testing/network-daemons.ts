import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { certificate, type Daemon, write } from './daemon.ts';

/** Remote access, names, directory, management and mail. */
export const networkDaemons: readonly Daemon[] = [
  {
    name: 'openssh',
    proves: 'ssh',
    dpkg: 'openssh-server',
    program: '/usr/sbin/sshd',
    usualPort: 22,
    service: 'ssh',
    product: 'OpenSSH',
    version: true,
    start: (port, folder) => {
      // Where it wants to be shut in; its service makes it, and here no service runs. Others may be using it, so it stays.
      mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')]);
      return {
        args: [
          '-D',
          '-e',
          '-f',
          write(
            folder,
            'sshd_config',
            `Port ${port}\nListenAddress 127.0.0.1\nHostKey ${folder}/key\nPidFile ${folder}/pid\n`,
          ),
        ],
      };
    },
  },
  {
    name: 'bind over TCP',
    proves: 'dns-tcp',
    dpkg: 'bind9',
    program: '/usr/sbin/named',
    usualPort: 53,
    service: 'domain',
    product: 'BIND',
    version: true,
    start: named,
  },
  {
    name: 'bind over UDP',
    proves: 'dns-udp',
    dpkg: 'bind9',
    program: '/usr/sbin/named',
    usualPort: 53,
    protocol: 'udp',
    service: 'domain',
    product: 'BIND',
    version: true,
    start: named,
  },
  {
    name: 'dnsmasq',
    proves: 'dns-udp',
    dpkg: 'dnsmasq',
    program: '/usr/sbin/dnsmasq',
    usualPort: 53,
    protocol: 'udp',
    service: 'domain',
    product: 'dnsmasq',
    version: true,
    start: (port) => ({
      args: [
        '-k',
        '-C',
        '/dev/null',
        '-u',
        'root',
        `--port=${port}`,
        '--listen-address=127.0.0.1',
        '--bind-interfaces',
        '--no-resolv',
        '--pid-file',
      ],
    }),
  },
  {
    name: 'slapd',
    tunnel: 'starttls',
    proves: 'ldap',
    dpkg: 'slapd',
    program: '/usr/sbin/slapd',
    usualPort: 389,
    service: 'ldap',
    product: 'OpenLDAP',
    start: (port, folder) => {
      certificate(folder);
      return {
        args: [
          '-d',
          '0',
          '-f',
          write(
            folder,
            'slapd.conf',
            `TLSCertificateFile ${folder}/c.pem\nTLSCertificateKeyFile ${folder}/k.pem\ninclude /etc/ldap/schema/core.schema\npidfile ${folder}/pid\nmodulepath /usr/lib/ldap\nmoduleload back_ldif\ndatabase ldif\nsuffix "dc=lab,dc=test"\ndirectory ${folder}\n`,
          ),
          '-h',
          `ldap://127.0.0.1:${port}/`,
        ],
      };
    },
  },
  {
    name: 'snmpd',
    proves: 'snmp',
    dpkg: 'snmpd',
    program: '/usr/sbin/snmpd',
    usualPort: 161,
    protocol: 'udp',
    service: 'snmp',
    product: 'Net-SNMP',
    start: (port, folder) => ({
      env: { SNMP_PERSISTENT_DIR: folder },
      args: [
        '-f',
        '-Lf',
        '/dev/null',
        '-p',
        join(folder, 'pid'),
        '-C',
        '-c',
        write(folder, 'snmpd.conf', 'rocommunity public 127.0.0.1\n'),
        `udp:127.0.0.1:${port}`,
      ],
    }),
  },
  {
    name: 'exim',
    tunnel: 'starttls',
    proves: 'smtp',
    dpkg: 'exim4-daemon-light',
    program: '/usr/sbin/exim4',
    usualPort: 25,
    service: 'smtp',
    product: 'Exim',
    version: true,
    start: (port, folder) => {
      certificate(folder);
      return {
        args: [
          '-bdf',
          '-oX',
          `127.0.0.1.${port}`,
          '-oP',
          join(folder, 'pid'),
          '-C',
          write(
            folder,
            'exim.conf',
            `tls_advertise_hosts = *\ntls_certificate = ${folder}/c.pem\ntls_privatekey = ${folder}/k.pem\nprimary_hostname = mail.lab.test\nspool_directory = ${folder}\nlog_file_path = ${folder}/%slog\nhost_lookup =\nrfc1413_query_timeout = 0s\nkeep_environment =\nbegin acl\n`,
          ),
        ],
      };
    },
  },
  {
    name: 'dovecot imap',
    tunnel: 'starttls',
    proves: 'imap',
    dpkg: 'dovecot-imapd',
    program: '/usr/sbin/dovecot',
    usualPort: 143,
    service: 'imap',
    product: 'Dovecot',
    start: dovecot('imap'),
  },
  {
    name: 'dovecot pop3',
    tunnel: 'starttls',
    proves: 'pop3',
    dpkg: 'dovecot-pop3d',
    program: '/usr/sbin/dovecot',
    usualPort: 110,
    service: 'pop3',
    product: 'Dovecot',
    start: dovecot('pop3'),
  },
  {
    name: 'dovecot sieve',
    proves: 'managesieve',
    tunnel: 'starttls',
    dpkg: 'dovecot-managesieved',
    program: '/usr/sbin/dovecot',
    usualPort: 4190,
    service: 'sieve',
    product: 'Pigeonhole',
    start: dovecot('sieve', 'managesieve'),
  },
  {
    name: 'snmpd that knows version 3 alone',
    proves: 'snmp-v3',
    dpkg: 'snmpd',
    program: '/usr/sbin/snmpd',
    usualPort: 161,
    protocol: 'udp',
    service: 'snmp',
    product: 'Net-SNMP',
    start: (port, folder) => ({
      env: { SNMP_PERSISTENT_DIR: folder },
      args: [
        '-f',
        '-Lf',
        '/dev/null',
        '-p',
        join(folder, 'pid'),
        '-C',
        '-c',
        write(folder, 'snmpd.conf', 'rouser picket\n'),
        `udp:127.0.0.1:${port}`,
      ],
    }),
  },
];

function named(port: number, folder: string) {
  const file = write(
    folder,
    'named.conf',
    `options { directory "${folder}"; pid-file none; session-keyfile "${folder}/session"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; dnssec-validation no; };\ncontrols { };\n`,
  );
  return { args: ['-g', '-c', file, '-n', '1'] };
}

function dovecot(protocol: 'imap' | 'pop3' | 'sieve', login: string = protocol) {
  return (port: number, folder: string) => {
    certificate(folder);
    return {
      args: [
        '-F',
        '-c',
        write(
          folder,
          'd.conf',
          `base_dir = ${folder}/run\nstate_dir = ${folder}\nlog_path = ${folder}/log\nprotocols = ${protocol}\nssl = yes\nssl_cert = <${folder}/c.pem\nssl_key = <${folder}/k.pem\nlisten = 127.0.0.1\ndefault_internal_user = nobody\ndefault_login_user = nobody\ndefault_internal_group = nogroup\nservice ${login}-login {\n  chroot =\n  inet_listener ${protocol} {\n    port = ${port}\n  }\n${login === protocol ? `  inet_listener ${protocol}s {\n    port = 0\n  }\n` : ''}}\npassdb {\n  driver = static\n  args = nopassword=y\n}\nuserdb {\n  driver = static\n  args = uid=nobody gid=nogroup home=${folder}\n}\n`,
        ),
      ],
    };
  };
}
