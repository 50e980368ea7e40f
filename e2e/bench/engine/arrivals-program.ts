import { readFileSync } from 'node:fs';

/**
 * `arrivals-program.ts DEVICE`: counts the frames that an interface has received every 5 ms, and prints `[time, frames]` pairs (milliseconds
 * of the wall clock) when it is told to stop.
 */
const [device = ''] = process.argv.slice(2);
const seen: [number, number][] = [];
let last = -1;

function look(): void {
  const line = readFileSync('/proc/net/dev', 'latin1')
    .split('\n')
    .find((each) => each.trimStart().startsWith(`${device}:`));
  const frames = Number(line?.split(':')[1]?.trim().split(/\s+/)[1] ?? 0);
  if (frames !== last) seen.push([Date.now(), frames]);
  last = frames;
}

look();
setInterval(look, 5);
process.on('SIGTERM', () => {
  look();
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit(0));
});
process.stdout.write('counting\n');
