// Entry of every npm script. Runs on Node.js 18 or newer with nothing installed: brings the dependencies in when the
// lockfile changed, then hands over to the bundled Node.js 24, which runs the TypeScript sources as they are.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.picket-installed');
const programs = {
  start: ['packages/cli/src/start/main.ts'],
  test: ['scripts/test/main.ts'],
  check: ['scripts/check/main.ts'],
  fuzz: ['scripts/fuzz/main.ts'],
  bench: ['scripts/bench/main.ts'],
  lab: ['lab/lab.ts'],
  conformance: ['e2e/conformance/main.ts'],
};

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function installed() {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();
}

/** Runs npm under the Node.js `node`; true when it succeeded. */
function npm(node, args) {
  const path = `${dirname(node)}:${process.env.PATH}`;
  const options = { cwd: root, stdio: ['ignore', 'ignore', 2], env: { ...process.env, PATH: path } };
  const quiet = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const done = cli ? spawnSync(node, [cli, ...quiet], options) : spawnSync('npm', quiet, options);
  return done.status === 0;
}

/**
 * The Node.js that npm itself runs under. An older one would quietly leave out optional packages that ask for a newer Node.js, so
 * the bundled version is fetched first, on its own.
 */
function nodeForNpm() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).optionalDependencies[name];
  const folder = join(root, 'node_modules', '.cache', 'picket-node');
  const node = join(folder, 'node_modules', name, 'bin', 'node');
  if (version === undefined) return process.execPath;
  const fetched = npm(process.execPath, [
    'install',
    '--no-save',
    '--no-package-lock',
    '--prefix',
    folder,
    `${name}@${version}`,
  ]);
  return fetched && existsSync(node) ? node : process.execPath;
}

function install() {
  process.stderr.write('Installing dependencies (once; about half a minute)...\n');
  // Not "npm ci": it refuses a lockfile that lacks optional packages of other platforms. This installs what the lockfile says
  // as well and leaves it as it is.
  if (!npm(nodeForNpm(), ['install', '--no-save'])) {
    process.stderr.write(
      'The dependencies could not be installed; npm said why above. Check the network or proxy, then run the command again.\n',
    );
    process.exit(1);
  }
  writeFileSync(stamp, lockHash());
}

const [name = '', ...rest] = process.argv.slice(2);
const program = programs[name];
if (!program) {
  process.stderr.write(
    `bootstrap: unknown program "${name}"; it must be one of ${Object.keys(programs).join(', ')}.\n`,
  );
  process.exit(2);
}
if (!installed()) install();
const { bundledNode } = await import('../packages/cli/bin/bundled-node.mjs');
const child = spawn(bundledNode(), ['--disable-warning=ExperimentalWarning', join(root, ...program), ...rest], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the whole process group: the other program has it already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
