import { asUser, type Daemon } from './daemon.ts';

/** PostgreSQL (`programs` is Debian's folder of the installed version); the weak one trusts whoever connects. */
export function postgresql(options: { hardened: boolean; programs: string }): Daemon {
  return {
    name: 'postgresql',
    setup: ({ folder }) => {
      const method = options.hardened ? 'scram-sha-256' : 'trust';
      const settings = [
        'listen_addresses=*',
        `unix_socket_directories=${folder}`,
        `hba_file=${folder}/hba.conf`,
        'fsync=off',
      ];
      const init = ['initdb', '-D', `${folder}/data`, '-U', 'postgres', '-N', '--no-instructions', '--locale=C.UTF-8'];
      const [program, ...args] = [...init, '-A', method, `--pwfile=${folder}/password`];
      return {
        files: { 'hba.conf': `host all all all ${method}\n`, password: 'correct-horse\n' },
        prepare: [
          ['chown', '-R', 'postgres:postgres', folder],
          asUser('postgres', [`${options.programs}/${program}`, ...args]),
        ],
        argv: asUser('postgres', [
          `${options.programs}/postgres`,
          '-D',
          `${folder}/data`,
          ...settings.flatMap((setting) => ['-c', setting]),
        ]),
      };
    },
  };
}
