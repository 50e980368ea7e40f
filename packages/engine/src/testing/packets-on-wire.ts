import type { Clock } from '@picket/base/clock';
import type { EngineDeps } from '../run/run-job.ts';
import { LoopControl } from '../packets/loop-control.ts';
import { loopConfig, type PacketOptions } from '../packets/loop-config.ts';
import { PacketClient } from '../packets/packet-client.ts';
import { profiles } from '@picket/plan/profile';
import { setOf } from './run-on.ts';
import { seededRandom } from './seeded-random.ts';
import { ScanLoop } from '../packets/scan-loop.ts';
import type { FakeWire } from './fake-wire.ts';

/** The packet loop itself, in this thread, on a fake wire and the injected clock: turn after turn as the worker would. */
export function packetsOnWire(
  wire: FakeWire,
  clock: Clock,
  options: PacketOptions = {},
): NonNullable<EngineDeps['packets']> {
  return {
    options,
    open: (config, onReport) => {
      const control = new LoopControl(config.control);
      let numbers = 1;
      const loop = new ScanLoop({
        config,
        table: wire.table,
        openLink: () => wire.link,
        monotonic: () => clock.monotonic(),
        runTime: () => clock.now(),
        random: () => (numbers = Math.imul(numbers, 0x9e3779b1) >>> 0 || 1),
        report: onReport,
      });
      let running: Promise<void> | null = null;
      const run = async () => {
        while (!control.stopped && !loop.idle) {
          const rest = loop.turn();
          await clock.sleep(Math.max(0.2, Math.min(rest, 20)));
        }
        loop.turn();
        running = null;
      };
      return {
        post: (request) => {
          loop.take(request);
          running ??= run();
        },
        close: async () => {
          control.stop();
          await running;
          loop.close();
        },
      };
    },
  };
}

/** A client of a loop on a wire, for a scope of its own and the ports 1 to 3. */
export function clientOn(wire: FakeWire, clock: Clock, ...allowed: readonly string[]) {
  const control = new LoopControl();
  control.setTimes(0, Number.POSITIVE_INFINITY);
  const config = loopConfig({
    job: { ports: { tcp: [1, 2, 3], udp: [] }, profile: profiles.fast },
    allowed: setOf(...allowed),
    udpPayloads: () => [],
    random: seededRandom(1),
    options: {},
    control: control.buffer,
    openedAtMs: clock.now(),
  });
  const { open } = packetsOnWire(wire, clock);
  const client = new PacketClient((onReport) => open(config, onReport));
  return { client, control, close: () => client.close() };
}
