import type { Daemon } from './daemon.ts';

const zone = (origin: string) => `$ORIGIN ${origin}.
$TTL 300
@ IN SOA ns admin 1 3600 900 604800 300
@ IN NS ns
ns IN A 10.99.0.53
www IN A 10.99.0.80
intranet IN A 10.99.0.81
`;

/**
 * BIND. The weak one hands its zone to everybody, tells its version and resolves for everybody (through the hardened one, since there is no
 * way out of the lab); the hardened one answers for its own zone alone.
 */
export function bind(options: { hardened: boolean; zone: string; forwarder?: string }): Daemon {
  return {
    name: 'bind',
    setup: ({ folder }) => {
      const weak = [
        'recursion yes;',
        'allow-recursion { any; };',
        'allow-transfer { any; };',
        `forward only; forwarders { ${options.forwarder ?? 'none'}; };`,
      ];
      const hard = [
        'recursion no;',
        'allow-transfer { none; };',
        'version none;',
        'hostname none;',
        'minimal-responses yes;',
      ];
      const conf = [
        'options {',
        `directory "${folder}/state";`,
        `pid-file "${folder}/state/named.pid";`,
        `session-keyfile "${folder}/state/session.key";`,
        'listen-on { any; };',
        'listen-on-v6 { any; };',
        'dnssec-validation no;',
        'empty-zones-enable no;',
        ...(options.hardened ? hard : weak),
        '};',
        'controls { };',
        `zone "${options.zone}" { type primary; file "${folder}/zone"; };`,
      ];
      return {
        files: { 'named.conf': `${conf.join('\n')}\n`, zone: zone(options.zone) },
        folders: ['state'],
        prepare: [['chown', '-R', 'bind:bind', `${folder}/state`]],
        argv: ['named', '-g', '-u', 'bind', '-c', `${folder}/named.conf`],
      };
    },
  };
}
