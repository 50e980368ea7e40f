import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { certificate, type Daemon, mkdirIn, write } from './daemon.ts';

const rpcbind = {
  dpkg: 'rpcbind',
  needs: ['socat'],
  program: '/usr/sbin/rpcbind',
  usualPort: 111,
  ownNetwork: true,
  usualPortOnly: true,
  service: 'sunrpc',
  start: () => ({ args: ['-f'] }),
} as const;

/** Log-in, routing, time, names, tunnels and what networks are run with. */
export const infrastructureDaemons: readonly Daemon[] = [
  {
    name: 'krb5kdc over TCP',
    proves: 'kerberos',
    dpkg: 'krb5-kdc',
    program: '/usr/sbin/krb5kdc',
    usualPort: 88,
    service: 'kerberos',
    start: kdc,
  },
  {
    name: 'krb5kdc over UDP',
    proves: 'kerberos-udp',
    dpkg: 'krb5-kdc',
    program: '/usr/sbin/krb5kdc',
    usualPort: 88,
    protocol: 'udp',
    service: 'kerberos',
    start: kdc,
  },
  {
    name: 'bird',
    proves: 'bgp',
    dpkg: 'bird2',
    program: '/usr/sbin/bird',
    usualPort: 179,
    usualPortOnly: true,
    service: 'bgp',
    start: (port, folder) => ({
      args: [
        '-f',
        '-c',
        write(
          folder,
          'bird.conf',
          `router id 192.0.2.9;\nprotocol device {}\nprotocol bgp {\n  local 127.0.0.1 port ${port} as 65001;\n  neighbor 127.0.0.1 as 23456;\n  passive;\n  multihop;\n  strict bind;\n  ipv4 { import none; export none; };\n}\n`,
        ),
        '-s',
        join(folder, 'ctl'),
        '-P',
        join(folder, 'pid'),
      ],
    }),
  },
  {
    name: 'charon',
    proves: 'isakmp',
    dpkg: 'strongswan-charon',
    needs: ['socat'],
    program: '/usr/lib/ipsec/charon',
    usualPort: 500,
    protocol: 'udp',
    ownNetwork: true,
    usualPortOnly: true,
    service: 'isakmp',
    start: (_port, folder) => ({
      env: {
        STRONGSWAN_CONF: write(
          folder,
          's.conf',
          'charon {\n  load = random nonce aes sha1 sha2 hmac gmp openssl kernel-netlink socket-default\n  install_routes = no\n  filelog { stderr { default = -1 } }\n}\n',
        ),
      },
      args: [],
    }),
  },
  {
    name: 'openvpn over UDP',
    usualPortOnly: true,
    proves: 'openvpn-udp',
    dpkg: 'openvpn',
    program: '/usr/sbin/openvpn',
    usualPort: 1194,
    protocol: 'udp',
    service: 'openvpn',
    product: 'OpenVPN',
    start: (port, folder) => openvpn(folder, ['--proto', 'udp', '--lport', `${port}`]),
  },
  {
    name: 'openvpn over TCP',
    proves: 'openvpn',
    dpkg: 'openvpn',
    program: '/usr/sbin/openvpn',
    usualPort: 1194,
    usualPortOnly: true,
    service: 'openvpn',
    product: 'OpenVPN',
    start: (port, folder) => openvpn(folder, ['--proto', 'tcp-server', '--lport', `${port}`]),
  },
  {
    name: 'openvpn management',
    proves: 'openvpn-management',
    dpkg: 'openvpn',
    program: '/usr/sbin/openvpn',
    usualPort: 7505,
    usualPortOnly: true,
    service: 'openvpn-management',
    product: 'OpenVPN',
    version: true,
    start: (port, folder) =>
      openvpn(folder, ['--proto', 'udp', '--lport', '0', '--management', '127.0.0.1', `${port}`]),
  },
  {
    name: 'xl2tpd',
    proves: 'l2tp',
    dpkg: 'xl2tpd',
    program: '/usr/sbin/xl2tpd',
    usualPort: 1701,
    protocol: 'udp',
    usualPortOnly: true,
    service: 'l2tp',
    start: (port, folder) => ({
      args: [
        '-D',
        '-c',
        write(
          folder,
          'x.conf',
          `[global]\nport = ${port}\nlisten-addr = 127.0.0.1\n[lns default]\nip range = 10.9.0.2-10.9.0.9\nlocal ip = 10.9.0.1\nname = lab\n`,
        ),
        '-p',
        join(folder, 'pid'),
        '-C',
        join(folder, 'ctl'),
      ],
    }),
  },
  {
    name: 'pptpd',
    proves: 'pptp',
    dpkg: 'pptpd',
    needs: ['socat'],
    program: '/usr/sbin/pptpd',
    usualPort: 1723,
    ownNetwork: true,
    usualPortOnly: true,
    service: 'pptp',
    start: (_port, folder) => ({
      args: [
        '--fg',
        '-c',
        write(
          folder,
          'pptpd.conf',
          `option ${write(folder, 'opts', 'name lab\n')}\nlocalip 10.9.0.1\nremoteip 10.9.0.2-9\n`,
        ),
        '-p',
        join(folder, 'pid'),
      ],
    }),
  },
  { ...coturn('udp'), proves: 'stun-udp' },
  { ...coturn('tcp'), proves: 'stun' },
  { ...rpcbind, name: 'rpcbind over TCP', proves: 'rpcbind' },
  { ...rpcbind, name: 'rpcbind over UDP', proves: 'rpcbind-udp', protocol: 'udp' },
  {
    name: 'smbd with NetBIOS',
    proves: 'netbios-ssn',
    dpkg: 'samba',
    program: '/usr/sbin/smbd',
    usualPort: 139,
    usualPortOnly: true,
    service: 'netbios-ssn',
    product: 'Samba',
    start: (port, folder) => ({
      args: ['-F', '--no-process-group', '-p', `${port}`, '-s', write(folder, 'smb.conf', samba(folder))],
    }),
  },
  {
    name: 'xdm',
    proves: 'xdmcp',
    dpkg: 'xdm',
    program: '/usr/bin/xdm',
    usualPort: 177,
    protocol: 'udp',
    usualPortOnly: true,
    service: 'xdmcp',
    start: (port, folder) => {
      const text = [
        `DisplayManager.servers: ${write(folder, 'Xservers', '')}`,
        `DisplayManager.accessFile: ${write(folder, 'Xaccess', '*\n')}`,
        `DisplayManager.pidFile: ${folder}/pid`,
        `DisplayManager.errorLogFile: ${folder}/log`,
        `DisplayManager.authDir: ${folder}`,
        `DisplayManager.requestPort: ${port}`,
        '',
      ].join('\n');
      return { args: ['-nodaemon', '-config', write(folder, 'xdm-config', text), '-udpPort', `${port}`] };
    },
  },
  {
    name: 'danted',
    proves: 'socks4',
    dpkg: 'dante-server',
    program: '/usr/sbin/danted',
    usualPort: 1080,
    usualPortOnly: true,
    service: 'socks',
    start: (port, folder) => ({
      args: [
        '-f',
        write(
          folder,
          'd.conf',
          `logoutput: ${folder}/log\ninternal: 127.0.0.1 port = ${port}\nexternal: lo\nclientmethod: none\nsocksmethod: none\nuser.privileged: root\nuser.unprivileged: nobody\nclient pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks pass { from: 0.0.0.0/0 to: 0.0.0.0/0 proxyprotocol: socks_v4 }\n`,
        ),
        '-p',
        join(folder, 'pid'),
      ],
    }),
  },
  {
    name: 'microsocks',
    proves: 'socks5',
    dpkg: 'microsocks',
    program: '/usr/bin/microsocks',
    usualPort: 1080,
    usualPortOnly: true,
    service: 'socks',
    start: (port) => ({ args: ['-i', '127.0.0.1', '-p', `${port}`] }),
  },
  {
    name: 'openssl with DTLS',
    proves: 'dtls',
    dpkg: 'openssl',
    program: '/usr/bin/openssl',
    usualPort: 4433,
    readsInput: true,
    protocol: 'udp',
    usualPortOnly: true,
    service: 'dtls',
    start: (port, folder) => {
      certificate(folder);
      const files = ['-cert', join(folder, 'c.pem'), '-key', join(folder, 'k.pem')];
      return { args: ['s_server', '-dtls', '-listen', '-accept', `127.0.0.1:${port}`, ...files] };
    },
  },
];

function kdc(port: number, folder: string) {
  const realm = `[realms]\nLAB.TEST = {\n  database_name = ${folder}/principal\n  key_stash_file = ${folder}/stash\n  acl_file = ${folder}/acl\n}\n`;
  const env = {
    KRB5_CONFIG: write(folder, 'krb5.conf', '[libdefaults]\ndefault_realm = LAB.TEST\ndns_lookup_kdc = false\n'),
    KRB5_KDC_PROFILE: write(
      folder,
      'kdc.conf',
      `[kdcdefaults]\nkdc_listen = 127.0.0.1:${port}\nkdc_tcp_listen = 127.0.0.1:${port}\n${realm}[logging]\nkdc = FILE:${folder}/log\n`,
    ),
  };
  execFileSync('/usr/sbin/kdb5_util', ['create', '-s', '-P', 'x1y2z3', '-r', 'LAB.TEST'], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  return { env, args: ['-n', '-r', 'LAB.TEST', '-P', join(folder, 'pid')] };
}

function openvpn(folder: string, more: readonly string[]) {
  certificate(folder);
  const files = ['--ca', 'c.pem', '--cert', 'c.pem', '--key', 'k.pem', '--dh', 'none'];
  const mode = ['--tls-server', '--dev', 'null', '--local', '127.0.0.1'];
  return { args: ['--cd', folder, ...mode, ...files, ...more] };
}

function coturn(protocol: 'tcp' | 'udp'): Omit<Daemon, 'proves'> {
  return {
    name: `coturn over ${protocol.toUpperCase()}`,
    dpkg: 'coturn',
    program: '/usr/bin/turnserver',
    usualPort: 3478,
    ...(protocol === 'udp' ? { protocol } : { usualPortOnly: true }),
    service: 'stun',
    product: 'coturn',
    version: true,
    start: (port, folder) => ({
      args: [
        '-n',
        '--listening-ip=127.0.0.1',
        `--listening-port=${port}`,
        '--no-tls',
        '--no-dtls',
        '--no-cli',
        '--realm=lab.test',
        `--pidfile=${folder}/pid`,
        `--userdb=${folder}/db`,
        `--log-file=${folder}/log`,
        '--simple-log',
      ],
    }),
  };
}

function samba(folder: string): string {
  return `[global]\nnetbios name = PICKETLAB\nworkgroup = LAB\nsmb ports = 139\nlock directory = ${folder}\nstate directory = ${folder}\ncache directory = ${folder}\nprivate dir = ${mkdirIn(folder, 'private')}\npid directory = ${folder}\nncalrpc dir = ${folder}\nlog file = ${folder}/log\nload printers = no\n`;
}
