import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startProcess } from '@picket/testkit/running-process';
import { Deployment } from '../harness/deployment.ts';
import { type ProcessCost, processCost } from './process-cost.ts';

/**
 * What an enrolled appliance without work costs: memory (PSS: shared pages counted in parts) and processor time of all its
 * processes, beside a Node.js that does nothing at all. Traffic stays on loopback.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, port: { type: 'string', default: '28443' } },
});
const seconds = Number(values.seconds);

const peer = startProcess([process.execPath, '-e', 'setInterval(() => {}, 1000)']);
const place = { launch: startProcess, listen: '127.0.0.1', port: Number(values.port) };
try {
  await using deployment = await Deployment.create({ platform: place, appliance: { launch: startProcess } });
  await deployment.startPlatform();
  await deployment.enrol('idle', []);
  await delay(10_000);
  const before = processCost(deployment.appliance.pid);
  const peerBefore = processCost(peer.pid);
  await delay(seconds * 1000);
  const after = processCost(deployment.appliance.pid);
  const peerAfter = processCost(peer.pid);
  const percent = (from: ProcessCost, to: ProcessCost) =>
    (((to.cpuSeconds - from.cpuSeconds) / seconds) * 100).toFixed(2);
  process.stdout.write(
    `appliance idle for ${seconds} s: ${after.processes} process(es), ${after.megabytes.toFixed(1)} MB PSS, ${percent(before, after)} % of a core (bar: 120 MB, 1 %)\n` +
      `bare Node.js beside it: ${peerAfter.megabytes.toFixed(1)} MB, ${percent(peerBefore, peerAfter)} %; ratio of memory ${(after.megabytes / peerAfter.megabytes).toFixed(2)}\n`,
  );
} finally {
  await peer.stop();
}
