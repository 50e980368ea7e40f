import type { ScanLoop } from './scan-loop.ts';
import { mostPasses, type ScanTask } from './scan-task.ts';

/** Packets of one round, so that answers are looked at in between. */
const mostPerTurn = 256;

/** Lets the tasks send in turns, one packet each, as far as the rates go. */
export function sendTurn(loop: ScanLoop): void {
  loop.lastSent = 0;
  const { tasks, rates } = loop;
  for (let passedOver = 0; loop.lastSent < mostPerTurn && passedOver < tasks.all.size; ) {
    if (rates.scanWait(loop.now) > 0) return;
    const task = tasks.nextInTurn();
    if (task && sendOne(loop, task)) {
      loop.lastSent += 1;
      passedOver = 0;
    } else passedOver += 1;
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
  const { sentCounts, list } = task.init;
  const index = task.phase === 'macs' ? list.count : Math.floor(cell / task.hosts.length);
  if (sentCounts) sender.countLast(frames.path.out, sentCounts, index);
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
  const gateway = spec.kind === 'syn' ? task.gatewayName : null;
  if (rates.networkWait(to, now) > 0 || (gateway !== null && !rates.gatewayOpen(gateway, now))) {
    task.putBack(cell);
    return false;
  }
  const at = sender.begin(frames, to, task.macs, task.macAt(place));
  if (at === null) return false;
  sender.end(frames, to, writer.write(frames, at, to, spec, task.pass % mostPasses), now);
  if (gateway !== null) rates.connectionSent(gateway, now);
  return true;
}
