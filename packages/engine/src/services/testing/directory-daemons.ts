import { execFileSync } from 'node:child_process';
import { certificate, type Daemon, mkdirIn, write } from './daemon.ts';

const entries = `dn: dc=lab,dc=test
objectClass: dcObject
objectClass: organization
dc: lab
o: Lab

dn: ou=people,dc=lab,dc=test
objectClass: organizationalUnit
ou: people

dn: cn=Ada Lovelace,ou=people,dc=lab,dc=test
objectClass: person
cn: Ada Lovelace
sn: Lovelace
telephoneNumber: 1815
description: writes programs (first)

dn: cn=Jürgen Weiß,ou=people,dc=lab,dc=test
objectClass: person
cn: Jürgen Weiß
sn: Weiß
userPassword: geheim
`;

/** slapd with a few entries and an administrator `cn=admin,dc=lab,dc=test` whose password is `admin`. */
function slapd(name: string, lines: string, tls: boolean): Daemon {
  return {
    name,
    proves: 'ldap',
    dpkg: 'slapd',
    program: '/usr/sbin/slapd',
    usualPort: 389,
    service: 'ldap',
    start: (port, folder) => {
      const data = mkdirIn(folder, 'data');
      if (tls) certificate(folder);
      const files = tls ? `TLSCertificateFile ${folder}/c.pem\nTLSCertificateKeyFile ${folder}/k.pem\n` : '';
      const text = `${files}include /etc/ldap/schema/core.schema\npidfile ${folder}/pid\nmodulepath /usr/lib/ldap\nmoduleload back_ldif\n${lines}\ndatabase ldif\nsuffix "dc=lab,dc=test"\nrootdn "cn=admin,dc=lab,dc=test"\nrootpw admin\ndirectory ${data}\n`;
      const config = write(folder, 'slapd.conf', text);
      execFileSync('/usr/sbin/slapadd', ['-f', config, '-l', write(folder, 'entries.ldif', entries)], {
        stdio: 'ignore',
      });
      return { args: ['-d', '0', '-f', config, '-h', `ldap://127.0.0.1:${port}/`] };
    },
  };
}

/** Directory servers as the clients of scripts meet them. */
export const directoryDaemons = {
  open: slapd('slapd with entries', '', true),
  plain: slapd('slapd without TLS', '', false),
  private: slapd('slapd that wants TLS', 'security tls=1', true),
  closed: slapd('slapd that lets nobody in without a name', 'disallow bind_anon\nrequire authc', true),
} as const;
