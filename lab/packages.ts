/** Debian packages whose daemons the lab runs. Installing them starts and enables nothing, see `install.ts`. */
export const daemonPackages: readonly string[] = [
  'apache2-bin',
  'bind9',
  'dnsmasq-base',
  'dovecot-imapd',
  'dovecot-pop3d',
  'dropbear-bin',
  'exim4-daemon-light',
  'inetutils-telnetd',
  'lighttpd',
  'mariadb-server-core',
  'memcached',
  'mosquitto',
  'nginx-light',
  'openssh-server',
  'postgresql',
  'redis-server',
  'rpcbind',
  'rsync',
  'samba',
  'slapd',
  'snmpd',
  'tigervnc-standalone-server',
  'tinyproxy-bin',
  'vsftpd',
  'xinetd',
  'xvfb',
];

/** Debian packages of the clients with which `verify` proves the truth, and of what builds the network. */
export const toolPackages: readonly string[] = [
  'bind9-dnsutils',
  'curl',
  'iproute2',
  'iputils-ping',
  'ldap-utils',
  'mosquitto-clients',
  'nftables',
  'openssh-client',
  'openssl',
  'postgresql-client',
  'redis-tools',
  'smbclient',
  'snmp',
  'socat',
  'util-linux',
  'x11-utils',
];

/** All that the lab needs from apt, for a test set-up that installs everything at once. */
export const labPackages: readonly string[] = [...daemonPackages, ...toolPackages];
