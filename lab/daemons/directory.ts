import { asUser, type Daemon } from './daemon.ts';

const entries = `dn: dc=lab,dc=test
objectClass: dcObject
objectClass: organization
dc: lab
o: Lab

dn: cn=printer,dc=lab,dc=test
objectClass: device
cn: printer
description: planted entry
`;

/** OpenLDAP; the weak one answers searches of anybody, the hardened one only after a log-in. */
export function slapd(options: { hardened: boolean }): Daemon {
  return {
    name: 'slapd',
    setup: ({ folder }) => {
      const lines = [
        'include /etc/ldap/schema/core.schema',
        'modulepath /usr/lib/ldap',
        'moduleload back_mdb',
        ...(options.hardened ? ['disallow bind_anon', 'require authc'] : []),
        'database mdb',
        'maxsize 10485760',
        'suffix "dc=lab,dc=test"',
        'rootdn "cn=admin,dc=lab,dc=test"',
        'rootpw correct-horse',
        `directory ${folder}/db`,
        'dbnosync',
      ];
      return {
        files: { 'slapd.conf': `${lines.join('\n')}\n`, 'entries.ldif': entries },
        folders: ['db'],
        prepare: [
          ['chown', 'openldap:openldap', `${folder}/db`],
          asUser('openldap', ['slapadd', '-q', '-f', `${folder}/slapd.conf`, '-l', `${folder}/entries.ldif`]),
        ],
        argv: ['slapd', '-d', '0', '-u', 'openldap', '-g', 'openldap', '-h', 'ldap:///', '-f', `${folder}/slapd.conf`],
      };
    },
  };
}
