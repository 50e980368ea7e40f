import { once } from 'node:events';
import { createReadStream, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { runCommand } from '@picket/testkit/namespaces/run-command';
import { type RunningProcess, startProcess } from '@picket/testkit/running-process';
import { guestRequest, type GuestAnswer, type GuestRequest } from './guest-messages.ts';

/**
 * Runs in a virtual machine as the hands of the test outside: programs, files, sockets. It listens on the virtio serial port named `agent`, first says
 * `{"ready":true}`, and answers requests in whatever order they end.
 */
const started = new Map<number, RunningProcess>();
const ended = new Set<number>();

function openPort(): number {
  const ports = '/sys/class/virtio-ports';
  const port = readdirSync(ports).find((name) => readFileSync(`${ports}/${name}/name`, 'utf8').trim() === 'agent');
  if (port === undefined) throw new Error('this machine has no serial port named agent');
  return openSync(`/dev/${port}`, 'r+');
}

async function answer(request: GuestRequest): Promise<GuestAnswer> {
  const { id } = request;
  switch (request.type) {
    case 'run':
      return { id, ...(await runCommand(request.argv, { input: request.input, timeoutMs: request.timeoutMs })) };
    case 'start': {
      const program = startProcess(request.argv, request.env);
      started.set(program.pid, program);
      void program.exited.then(() => ended.add(program.pid));
      return { id, pid: program.pid };
    }
    case 'look':
      return { id, output: running(request.pid).output(), ended: ended.has(request.pid) };
    case 'stop':
      await running(request.pid).stop(request.signal);
      return { id, done: true };
    case 'write':
      await writeFile(request.path, request.text, { mode: 0o600 });
      return { id, done: true };
    case 'ask':
      return { id, line: await askLine(request.socket, request.line) };
  }
}

function running(pid: number): RunningProcess {
  const program = started.get(pid);
  if (program === undefined) throw new Error(`no program was started with process id ${pid}`);
  return program;
}

async function askLine(path: string, line: string): Promise<string> {
  const socket = connect(path);
  socket.write(`${line}\n`);
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
  const [first] = await Promise.race([
    once(lines, 'line'),
    once(socket, 'close').then(() => [new Error(`${path}: closed without an answer`)]),
    once(socket, 'error'),
  ]);
  socket.destroy();
  if (typeof first !== 'string') throw first;
  return first;
}

/** Null for the rest of a request that the machine before a reset had read half of. */
function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

const port = openPort();
const say = (message: object) => {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < bytes.length; ) at += writeSync(port, bytes, at);
};
const lines = createInterface({ input: createReadStream('', { fd: port, autoClose: false }) });
lines.on('line', (line) => {
  const message = parseJson(line);
  if (message === null) return;
  const request = guestRequest.parse(message);
  answer(request).then(say, (error: unknown) => say({ id: request.id, failed: String(error) }));
});
// After a reset the machine before may have said half a line.
writeSync(port, '\n');
say({ ready: true });
