import type { Daemon } from './daemon.ts';

/** Mosquitto; the weak one lets anybody subscribe to everything. A retained message waits there to be read. */
export function mosquitto(options: { hardened: boolean }): Daemon {
  return {
    name: 'mosquitto',
    setup: ({ folder }) => {
      const access = options.hardened
        ? ['allow_anonymous false', `password_file ${folder}/users`]
        : ['allow_anonymous true'];
      return {
        files: { 'mosquitto.conf': `${['listener 1883', 'persistence false', ...access].join('\n')}\n`, users: '' },
        prepare: [
          ['mosquitto_passwd', '-b', `${folder}/users`, 'lab', 'correct-horse'],
          ['chown', 'mosquitto:mosquitto', `${folder}/users`],
        ],
        argv: ['mosquitto', '-c', `${folder}/mosquitto.conf`],
      };
    },
  };
}

/** Net-SNMP's agent with a read community: `public` is the one that everybody tries. */
export function snmpd(options: { community: string }): Daemon {
  return {
    name: 'snmpd',
    setup: ({ folder }) => {
      const lines = [
        `rocommunity ${options.community} default`,
        `rocommunity6 ${options.community} default`,
        'sysLocation lab rack 1',
        'sysContact lab@lab.test',
      ];
      return {
        files: { 'snmpd.conf': `${lines.join('\n')}\n` },
        argv: ['snmpd', '-f', '-Lo', '-C', '-c', `${folder}/snmpd.conf`, '-I', '-smux', 'udp:161', 'udp6:161'],
      };
    },
  };
}

/** A service that xinetd runs: telnetd, or its built-in echo, which sends back whatever it gets. */
export function xinetd(options: { service: 'telnet' | 'echo'; port: number }): Daemon {
  return {
    name: `xinetd-${options.service}`,
    setup: ({ folder }) => {
      const telnet = ['server = /usr/sbin/telnetd', 'type = UNLISTED'];
      const echo = ['type = INTERNAL UNLISTED', 'id = echo-stream'];
      const lines = [
        'defaults',
        '{',
        '}',
        `service ${options.service}`,
        '{',
        'socket_type = stream',
        'protocol = tcp',
        'wait = no',
        'user = root',
        'flags = IPv6',
        `port = ${options.port}`,
        ...(options.service === 'telnet' ? telnet : echo),
        '}',
      ];
      return {
        files: { 'xinetd.conf': `${lines.join('\n')}\n` },
        argv: ['xinetd', '-dontfork', '-f', `${folder}/xinetd.conf`, '-filelog', `${folder}/xinetd.log`],
      };
    },
  };
}

/** The port mapper of ONC RPC, which tells anybody what is registered. */
export const rpcbind: Daemon = { name: 'rpcbind', setup: () => ({ argv: ['rpcbind', '-f', '-w'] }) };
