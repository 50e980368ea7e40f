import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('..', import.meta.url));

/** What each file may import of Node's ways to the network; every other file none. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'adapters/node-sockets.ts': ['net'],
  'adapters/node-connection.ts': ['net'],
  'adapters/node-tls.ts': ['net', 'tls'],
  'adapters/node-tls-inspection.ts': ['tls'],
  'adapters/node-udp.ts': ['dgram'],
  'adapters/node-dns-port.ts': ['dns/promises'],
  // Listens while a check waits for a call back; opens nothing.
  'adapters/oast-listener.ts': ['dgram', 'net'],
  'adapters/node-resolver.ts': ['dns/promises'],
  'adapters/packet-thread.ts': ['worker_threads'],
  'adapters/packet-worker.ts': ['worker_threads'],
  // Threads of sandboxes: they have no way out but messages.
  'adapters/script-thread.ts': ['worker_threads'],
  'adapters/script-worker.ts': ['worker_threads'],
  // System calls, of packet sockets among others.
  'adapters/kernel/libc.ts': ['koffi'],
  // Listens on 127.0.0.1 while the examples of checks are run; no part of a scan.
  'content-testing/example-server.ts': ['dgram', 'http', 'https', 'net', 'tls'],
};

const network =
  'net|tls|dgram|dns|dns/promises|http|https|http2|inspector|child_process|cluster|worker_threads|undici|ws|koffi';
/** Static and dynamic imports, `require`, `getBuiltinModule`, and the globals that open connections. */
const waysOut = new RegExp(
  `(?:from|import|require|getBuiltinModule)\\s*\\(?\\s*['"\`](?:node:)?(${network})['"\`]|\\b(?:globalThis\\.)?(fetch|WebSocket|EventSource)\\s*\\(`,
  'g',
);

function waysOutOf(text: string): string[] {
  return [...text.matchAll(waysOut)].map((match) => match[1] ?? match[2] ?? '');
}

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts'))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)))
    .filter((path) => !path.split('/').includes('testing'));
}

test('no file of the engine but the socket adapters can reach the network', async () => {
  const faults: string[] = [];
  const files = await sourceFiles();
  for (const path of files) {
    const allowed = mayImport[path] ?? [];
    const text = await readFile(join(source, path), 'utf8');
    for (const way of waysOutOf(text)) if (!allowed.includes(way)) faults.push(`${path}: ${way}`);
  }
  expect(files.length).toBeGreaterThan(30);
  expect(faults).toEqual([]);
});

test.each([
  [`import { connect } from 'node:net';`, 'net'],
  [`import type { Socket } from "net";`, 'net'],
  [`import * as t from 'node:tls'`, 'tls'],
  [`export { createSocket } from 'node:dgram';`, 'dgram'],
  [`const { lookup } = await import('node:dns/promises');`, 'dns/promises'],
  [`import 'http';`, 'http'],
  [`require("https")`, 'https'],
  [`process.getBuiltinModule('node:net')`, 'net'],
  [`await fetch('https://example.org')`, 'fetch'],
  [`new WebSocket('wss://example.org')`, 'WebSocket'],
  [`import { spawn } from 'node:child_process';`, 'child_process'],
  [`import koffi from 'koffi';`, 'koffi'],
])('a planted way out is caught: %s', (text, way) => {
  expect(waysOutOf(text)).toEqual([way]);
});

test('ordinary imports and words are no ways out', () => {
  const text = `import type { Connection } from '@picket/base/dialer';\nimport { randomInt } from 'node:crypto';\n// fetch the net\nprefetch(x)`;
  expect(waysOutOf(text)).toEqual([]);
});
