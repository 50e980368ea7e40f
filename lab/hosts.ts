import { memcached, redis } from './daemons/cache.ts';
import type { Daemon } from './daemons/daemon.ts';
import { postgresql } from './daemons/database.ts';
import { vnc, x11 } from './daemons/desktop.ts';
import { mosquitto, rpcbind, snmpd, xinetd } from './daemons/devices.ts';
import { slapd } from './daemons/directory.ts';
import { rsyncd, samba, vsftpd } from './daemons/files.ts';
import { dovecot, exim } from './daemons/mail.ts';
import { bind } from './daemons/name-server.ts';
import { dnsmasq, dropbear, lighttpd, mariadb, tinyproxy } from './daemons/small-servers.ts';
import { sshd } from './daemons/ssh.ts';
import { alwaysFoundLines, apache, nginx, talkativeApache, weakNginxLines } from './daemons/web.ts';

/** What of this machine and of the truth the daemons' command lines depend on. */
export interface Machine {
  /** Debian's folder of PostgreSQL's server programs. */
  readonly postgresqlPrograms: string;
  /** IPv4 address of a host, by its name in the truth. */
  readonly addressOf: (host: string) => string;
}

/**
 * The daemons of each host, by the host's name in `truth.json`. Every host whose name ends in `-hard` is the hardened twin of the one that
 * ends in `-weak`: the same products, set up as they should be.
 */
export function daemonsByHost(machine: Machine): Readonly<Record<string, readonly Daemon[]>> {
  const programs = machine.postgresqlPrograms;
  return {
    'web-weak': [apache({ port: 80, hardened: false }), sshd({ port: 22, weak: false })],
    'web-hard': [apache({ port: 80, hardened: true })],
    'proxy-weak': [
      nginx({
        forgottenFiles: true,
        showVersion: true,
        sites: [80, 8081].map((port) => ({ port, lines: weakNginxLines })),
      }),
    ],
    'proxy-hard': [nginx({ sites: [{ port: 80 }, { port: 443, certificate: 'good' }] })],
    'tls-weak': [
      nginx({
        sites: [
          { port: 443, certificate: 'expired' },
          { port: 4433, certificate: 'wrong-name' },
          { port: 8443, certificate: 'self-signed' },
          { port: 9443, certificate: 'good', oldTls: true },
          { port: 10443, certificate: 'weak-key' },
        ],
      }),
    ],
    'cache-weak': [redis({ port: 6379 }), memcached({ hardened: false })],
    'cache-hard': [redis({ port: 6379, password: 'correct-horse' }), memcached({ hardened: true })],
    'files-weak': [vsftpd({ hardened: false }), rsyncd({ hardened: false }), samba({ hardened: false })],
    'files-hard': [vsftpd({ hardened: true }), rsyncd({ hardened: true }), samba({ hardened: true })],
    'mail-weak': [exim({ hardened: false }), dovecot({ hardened: false })],
    'mail-hard': [exim({ hardened: true }), dovecot({ hardened: true })],
    'dns-weak': [bind({ hardened: false, zone: 'lab.test', forwarder: machine.addressOf('dns-hard') })],
    'dns-hard': [bind({ hardened: true, zone: 'elsewhere.test' })],
    'directory-weak': [slapd({ hardened: false })],
    'directory-hard': [slapd({ hardened: true })],
    'device-weak': [
      mosquitto({ hardened: false }),
      snmpd({ community: 'public' }),
      xinetd({ service: 'telnet', port: 23 }),
    ],
    'device-hard': [mosquitto({ hardened: true }), snmpd({ community: 'q7Vd2mXw' }), sshd({ port: 22, weak: false })],
    'database-weak': [postgresql({ hardened: false, programs })],
    'database-hard': [postgresql({ hardened: true, programs })],
    'shell-weak': [sshd({ port: 22, weak: true })],
    'shell-hard': [sshd({ port: 2222, weak: false })],
    'desktop-weak': [vnc({ hardened: false }), x11({ hardened: false })],
    'desktop-hard': [vnc({ hardened: true }), x11({ hardened: true })],
    'rpc-weak': [rpcbind],
    'ipv6-only': [nginx({ sites: [{ port: 80 }] }), sshd({ port: 22, weak: false })],
    firewalled: [nginx({ sites: [{ port: 80 }] }), redis({ port: 6379 })],
    'all-closed': [],
    'odd-ports': [
      nginx({ sites: [{ port: 2323 }, { port: 6380, certificate: 'good' }] }),
      redis({ port: 16379 }),
      sshd({ port: 8022, weak: false }),
      xinetd({ service: 'echo', port: 4444 }),
    ],
    'small-device': [dropbear, lighttpd, dnsmasq],
    'old-server': [talkativeApache, tinyproxy],
    'database-maria': [mariadb],
    'always-200': [
      nginx({
        sites: [
          { port: 80, lines: alwaysFoundLines },
          { port: 8080, lines: alwaysFoundLines },
        ],
      }),
    ],
  };
}
