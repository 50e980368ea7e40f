import type { FramePlace } from './frames.ts';
import type { ProbeSpec } from './probe-list.ts';
import type { ScanLoop } from './scan-loop.ts';
import type { ScanTask } from './scan-task.ts';

/** Packets of one round, so that answers are looked at in between. */
const mostPerTurn = 256;

/** Lets the tasks send in turns, one packet each, as far as the rates go. */
export function sendTurn(loop: ScanLoop): void {
  loop.lastSent = 0;
  const { tasks, rates } = loop;
  for (let moved = true; moved && loop.lastSent < mostPerTurn; ) {
    moved = false;
    for (const task of tasks.all) {
      if (loop.lastSent >= mostPerTurn || rates.scanWait(loop.now) > 0) return;
      if (!sendOne(loop, task)) continue;
      loop.lastSent += 1;
      moved = true;
    }
  }
}

function sendOne(loop: ScanLoop, task: ScanTask): boolean {
  const { now, sender, rates } = loop;
  const { frames } = task.init;
  if (task.phase === 'done' || !sender.hasRoom(frames.path.out) || task.rate.waitMs(now) > 0) return false;
  if (task.phase === 'macs' && rates.multicastWait(now) > 0) return false;
  const cell = task.next(now);
  if (cell < 0) return false;
  const sent = task.phase === 'macs' ? askForMac(loop, task, cell) : probe(loop, task, cell);
  if (!sent) return false;
  task.noteSent(cell, now);
  task.rate.charge(1, now);
  return true;
}

function askForMac(loop: ScanLoop, task: ScanTask, place: number): boolean {
  return loop.sender.ask(task.init.frames, task.addressAt(place), loop.now);
}

function probe(loop: ScanLoop, task: ScanTask, cell: number): boolean {
  const { sender, rates, writer, now } = loop;
  const { frames, list } = task.init;
  const place = cell % task.hosts.length;
  const to = task.addressAt(place);
  const spec = list.probes[Math.floor(cell / task.hosts.length)];
  if (!spec || (spec.kind === 'timestamp' && frames.path.version === 6)) return false;
  const gateway = spec.kind === 'syn' ? gatewayName(task) : null;
  if (rates.networkWait(to, now) > 0 || (gateway !== null && !rates.gatewayOpen(gateway, now))) {
    task.putBack(cell);
    return false;
  }
  const what: { probe: ProbeSpec; pass: number } = { probe: spec, pass: task.pass % 8 };
  const write = (at: FramePlace) => writer.write(frames, at, to, what);
  const sent = sender.send(frames, { to, macs: task.macs, macAt: task.macAt(place) }, now, write);
  if (sent && gateway !== null) rates.connectionSent(gateway, now);
  return sent;
}

function gatewayName({ init }: ScanTask): string | null {
  const { gateway, out } = init.frames.path;
  return gateway === null ? null : `${out.index} ${gateway}`;
}
