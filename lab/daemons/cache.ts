import type { Daemon } from './daemon.ts';

/** Redis on a port; without a password anybody may read, write and reconfigure it. */
export function redis(options: { port: number; password?: string }): Daemon {
  return {
    name: `redis-${options.port}`,
    setup: ({ folder }) => {
      const lines = [
        'bind 0.0.0.0 ::',
        `port ${options.port}`,
        'protected-mode no',
        'daemonize no',
        'save ""',
        `dir ${folder}`,
        ...(options.password === undefined ? [] : [`requirepass ${options.password}`]),
      ];
      return { files: { 'redis.conf': `${lines.join('\n')}\n` }, argv: ['redis-server', `${folder}/redis.conf`] };
    },
  };
}

/** memcached; the open one also answers on UDP, the hardened one asks for a password and has no UDP. */
export function memcached(options: { hardened: boolean }): Daemon {
  return {
    name: 'memcached',
    setup: ({ folder }) => ({
      files: { users: 'lab:correct-horse\n' },
      argv: [
        'memcached',
        '-u',
        'memcache',
        '-m',
        '16',
        '-p',
        '11211',
        ...(options.hardened ? ['-U', '0', '-Y', `${folder}/users`] : ['-U', '11211']),
      ],
    }),
  };
}
