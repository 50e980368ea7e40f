import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CommandResult } from '@picket/testkit/namespaces/run-command';
import { type RunningProcess, startProcess } from '@picket/testkit/running-process';
import { z } from 'zod';
import type { GuestImage } from './guest-image.ts';
import { guestAnswer, type GuestAnswer, type GuestRequest } from './guest-messages.ts';

/** Network card of a guest: its Ethernet address, and the path of a Unix socket that takes its frames. */
export interface GuestCard {
  readonly mac: string;
  readonly path: string;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

const bootDeadlineMs = 180_000;
/** Emulated, a program takes ten times as long as on the machine itself. */
const runDeadlineMs = 60_000;
const memoryMegabytes = 1536;

/**
 * A virtual machine under emulation (never KVM: a nested one may hang) with an agent inside that runs programs for a test. It has no network but the cards that it is
 * given. Closing it kills its process by id.
 */
export class GuestMachine implements AsyncDisposable {
  readonly #qemu: RunningProcess;
  readonly #server: Server;
  #agent: Socket | null = null;
  #ready = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, (answer: GuestAnswer) => void>();
  #lastId = 0;
  readonly #monitor: string;

  private constructor(qemu: RunningProcess, server: Server, monitor: string) {
    this.#qemu = qemu;
    this.#server = server;
    this.#monitor = monitor;
    server.on('connection', (socket) => this.#plug(socket));
  }

  /** Boots, and waits until the agent says that it is there. `folder` is for sockets. */
  static async boot(image: GuestImage, cards: readonly GuestCard[], folder: string): Promise<GuestMachine> {
    const [agent, monitor] = [join(folder, 'agent.sock'), join(folder, 'monitor.sock')];
    const server = createServer();
    server.listen(agent);
    await once(server, 'listening');
    const machine = new GuestMachine(startProcess(qemuCommand(image, cards, { agent, monitor })), server, monitor);
    try {
      await machine.#waitReady();
    } catch (error) {
      await machine[Symbol.asyncDispose]();
      throw error;
    }
    return machine;
  }

  /** Switches it off and on as by a reset button, with no time to write anything, and waits until it is there again. */
  async reset(): Promise<void> {
    this.#ready = Promise.withResolvers<void>();
    const open = [...this.#waiting];
    this.#waiting.clear();
    await this.#order({ execute: 'system_reset' });
    for (const [id, tell] of open) tell({ id, failed: 'the machine was reset' });
    await this.#waitReady();
    // Ends what the machine before had read half of a request.
    this.#agent?.write('\n');
  }

  /** Pulls or plugs the cable of a card, counted from 0. */
  setLink(card: number, up: boolean): Promise<void> {
    return this.#order({ execute: 'set_link', arguments: { name: `card${card}`, up } });
  }

  /** Runs a program inside to its end. */
  async run(argv: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<CommandResult> {
    const { input = '', timeoutMs = runDeadlineMs } = options;
    const answer = await this.#ask({ type: 'run', argv: [...argv], input, timeoutMs });
    if ('code' in answer) return answer;
    throw new Error(`no answer of a program: ${JSON.stringify(answer)}`);
  }

  /** Runs a program that must succeed; gives what it wrote. */
  async must(argv: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<string> {
    const done = await this.run(argv, options);
    if (done.code !== 0) throw new Error(`${argv.join(' ')} ended with ${done.code}: ${done.stderr || done.stdout}`);
    return done.stdout;
  }

  /** Starts a program that stays; gives its process id. */
  async start(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
    const answer = await this.#ask({ type: 'start', argv: [...argv], env: { ...env } });
    if ('pid' in answer) return answer.pid;
    throw new Error(`not started: ${JSON.stringify(answer)}`);
  }

  /** What a started program has said so far, and whether it has ended. */
  async look(pid: number): Promise<{ readonly output: string; readonly ended: boolean }> {
    const answer = await this.#ask({ type: 'look', pid });
    if ('output' in answer) return answer;
    throw new Error(`nothing to look at: ${JSON.stringify(answer)}`);
  }

  async stop(pid: number, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    await this.#ask({ type: 'stop', pid, signal });
  }

  async writeFile(path: string, text: string): Promise<void> {
    await this.#ask({ type: 'write', path, text });
  }

  /** Sends a line to a Unix socket inside; gives the line that answers. */
  async askSocket(socket: string, line: string): Promise<string> {
    const answer = await this.#ask({ type: 'ask', socket, line });
    if ('line' in answer) return answer.line;
    throw new Error(`no line: ${JSON.stringify(answer)}`);
  }

  /** What the machine wrote to its console. */
  console(): string {
    return this.#qemu.output();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#qemu.stop('SIGKILL');
    this.#agent?.destroy();
    this.#server.close();
  }

  async #ask(request: WithoutId<GuestRequest>): Promise<GuestAnswer> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<GuestAnswer>();
    this.#waiting.set(id, resolve);
    this.#agent?.write(`${JSON.stringify({ ...request, id })}\n`);
    const ended = this.#qemu.exited.then((): GuestAnswer => ({ id, failed: `the machine ended: ${this.console()}` }));
    const answer = await Promise.race([promise, ended]);
    if ('failed' in answer) throw new Error(answer.failed);
    return answer;
  }

  async #waitReady(): Promise<void> {
    const ended = this.#qemu.exited.then(() => 'ended');
    const late = new Promise((resolve) => setTimeout(resolve, bootDeadlineMs, 'is not there after 180 s').unref());
    const why = await Promise.race([this.#ready.promise, ended, late]);
    if (why !== undefined) throw new Error(`the virtual machine ${why}; its console: ${this.console().slice(-4000)}`);
  }

  /** The port stays connected while the guest starts anew: a line that was cut off by that is followed by an empty one. */
  #plug(socket: Socket): void {
    this.#agent = socket;
    socket.on('error', () => {});
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      if (line === '{"ready":true}') return this.#ready.resolve();
      const answer = parseAnswer(line);
      if (answer === null) return;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** One order to the monitor (QMP): it greets, is told that we understand, and answers each order with `return` or `error`. */
  async #order(order: { readonly execute: string; readonly arguments?: object }): Promise<void> {
    const socket = connect(this.#monitor);
    const done = Promise.withResolvers<void>();
    let answers = 0;
    socket.on('error', done.reject);
    createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      const said = z.looseObject({ error: z.unknown().optional() }).parse(JSON.parse(line));
      if (said.error !== undefined) done.reject(new Error(`${order.execute}: ${line}`));
      if ('return' in said) answers += 1;
      if (answers === 2) done.resolve();
    });
    for (const each of [{ execute: 'qmp_capabilities' }, order]) socket.write(`${JSON.stringify(each)}\n`);
    await done.promise.finally(() => socket.destroy());
  }
}

/** Null for a line that a reset cut off. */
function parseAnswer(line: string): GuestAnswer | null {
  try {
    return guestAnswer.parse(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * `no_timer_check`: an emulated timer that ticks late on a busy machine is taken for a broken one, and the guest then starts ten times as slowly. The kernel asks
 * for it by itself under other hypervisors.
 */
const kernelWords = 'console=ttyS0 mitigations=off quiet no_timer_check panic=-1 net.ifnames=0';

function qemuCommand(
  image: GuestImage,
  cards: readonly GuestCard[],
  sockets: { readonly agent: string; readonly monitor: string },
): string[] {
  const nets = cards.flatMap(({ mac, path }, at) => [
    '-netdev',
    `stream,id=net${at},server=off,addr.type=unix,addr.path=${path}`,
    '-device',
    `virtio-net-pci,id=card${at},netdev=net${at},mac=${mac},romfile=`,
  ]);
  return [
    ['qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', 'qemu64', '-smp', '1', '-m', `${memoryMegabytes}`],
    ['-nodefaults', '-display', 'none', '-serial', 'stdio', '-qmp', `unix:${sockets.monitor},server=on,wait=off`],
    ['-kernel', image.kernel, '-initrd', image.initrd],
    ['-append', kernelWords],
    ['-drive', `file=${image.disk},format=raw,if=virtio`, '-device', 'virtio-rng-pci'],
    ['-chardev', `socket,id=agent,path=${sockets.agent}`, '-device', 'virtio-serial-pci'],
    ['-device', 'virtserialport,chardev=agent,name=agent', ...nets],
  ].flat();
}
