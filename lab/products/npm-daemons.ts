import { join } from 'node:path';
import { asUser, type Daemon, type DaemonSetup } from '../daemons/daemon.ts';
import { productFolder } from './npm-cache.ts';
import { type NpmProduct, npmProducts } from './npm-product.ts';

/** Runs a program of a product as nobody, with a folder of its own to write to. */
function asNobody(
  folder: string,
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): DaemonSetup {
  const variables = Object.entries({ HOME: folder, NODE_ENV: 'production', ...env }).map(
    ([key, value]) => `${key}=${value}`,
  );
  return {
    files,
    prepare: [['chown', '-R', 'nobody:nogroup', folder]],
    argv: ['env', '-C', folder, ...variables, ...asUser('nobody', [process.execPath, ...argv], 'nogroup')],
  };
}

/** Vite's development server for everybody; `open` takes away its limit on which files it serves. */
export function vite(product: NpmProduct, { port, open }: { port: number; open: boolean }): Daemon {
  return {
    name: `vite-${port}`,
    setup: ({ folder }) => {
      const config = { server: { host: '0.0.0.0', port, strictPort: true, fs: { strict: !open } } };
      return asNobody(
        folder,
        [join(productFolder(product), 'node_modules/vite/bin/vite.js'), folder],
        {
          'package.json': '{ "private": true, "type": "module" }\n',
          'vite.config.js': `export default ${JSON.stringify(config)};\n`,
          'index.html':
            '<!doctype html><title>Vite App</title><div id="app"></div><script type="module" src="/main.js"></script>\n',
          'main.js': "document.querySelector('#app').textContent = 'Welcome.';\n",
        },
        { NODE_ENV: 'development' },
      );
    },
  };
}

/** A Next.js site whose middleware lets nobody in. It was built when the product was installed. */
export function next(product: NpmProduct): Daemon {
  return {
    name: 'next',
    setup: ({ folder }) => {
      const program = join(productFolder(product), 'node_modules/next/dist/bin/next');
      const argv = [program, 'start', '--hostname', '0.0.0.0', '--port', '3000', join(productFolder(product), 'site')];
      return asNobody(folder, argv, {}, { NEXT_TELEMETRY_DISABLED: '1' });
    },
  };
}

/** bcrypt of `password` and of `correct-horse`. */
const hashes = {
  password: '$2b$08$I.DrmKOJfHWCnKXy/fzoFOby5qVkvyOkY30REFjX/MJkL/U/Z/WTq',
  'correct-horse': '$2b$08$iXjerqI3Ls/I2w0QLgSj..KyhQzMlEXf0VCPb8niZyQ7igC.Iz/pa',
} as const;

/** Node-RED: its editor for everybody, or with a log-in for `admin` and this password. */
export function nodeRed({ port, password }: { port: number; password: keyof typeof hashes | null }): Daemon {
  return {
    name: `node-red-${port}`,
    setup: ({ folder }) => {
      const users = password === null ? [] : [{ username: 'admin', password: hashes[password], permissions: '*' }];
      const settings = {
        uiPort: port,
        uiHost: '0.0.0.0',
        telemetry: { enabled: false },
        ...(users.length === 0 ? {} : { adminAuth: { type: 'credentials', users } }),
      };
      const program = join(productFolder(npmProducts.nodeRed), 'node_modules/node-red/red.js');
      return asNobody(folder, [program, '--userDir', folder, '--settings', `${folder}/settings.js`], {
        'settings.js': `module.exports = ${JSON.stringify(settings)};\n`,
      });
    },
  };
}

/** Redis Commander without a Redis; with a password it still shows its page, which then asks for it. */
export function redisCommander({ password }: { password: string | null }): Daemon {
  return {
    name: 'redis-commander',
    setup: ({ folder }) => {
      const program = join(
        productFolder(npmProducts.redisCommander),
        'node_modules/redis-commander/bin/redis-commander.js',
      );
      const guard = password === null ? [] : ['--http-auth-username', 'admin', '--http-auth-password', password];
      return asNobody(
        folder,
        [program, '--port', '8081', '--address', '0.0.0.0', '--noload', '--nosave', ...guard],
        {},
      );
    },
  };
}
