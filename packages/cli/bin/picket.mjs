#!/usr/bin/env node
// Plain JavaScript on purpose: a shell's own Node.js may be too old for the sources, so this hands over to the one
// that came with the dependencies, and passes signals and the exit code through.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bundledNode } from './bundled-node.mjs';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
// Node.js keeps what it made of the sources here, which makes the next start three times as fast; where it can't write, it goes without.
const cache = fileURLToPath(new URL('../../../node_modules/.cache/picket-compiled', import.meta.url));
// A fast scan makes much garbage that dies young. Left alone V8 lets the heap grow to half a gigabyte before it looks, and its pauses are longer.
const memory = ['--max-semi-space-size=8', '--heap-growing-percent=60'];
const child = spawn(
  bundledNode(),
  ['--disable-warning=ExperimentalWarning', ...memory, main, ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { NODE_COMPILE_CACHE: cache, ...process.env },
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the whole process group: the other program has it already.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => {
  process.stderr.write(
    `picket: the bundled Node.js could not be started (${error.message}). Run "npm install --no-save" in the project's folder.\n`,
  );
  process.exit(70);
});
child.on('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else process.exit(code ?? 70);
});
