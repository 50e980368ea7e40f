import { ok } from '@picket/base/result';
import { silentLog } from '@picket/base/log';
import { FakeClock } from '@picket/testkit/fake-clock';
import { expect, it } from 'vitest';
import type { ApplianceStatus } from '../../local/status.ts';
import type { Daemon } from '../daemon.ts';
import type { NetworkView } from '../network/network-view.ts';
import { initialBoard } from '../status-board.ts';
import { lan } from '../../testing/lan-port.ts';
import { ConsoleService } from './console-service.ts';

const well: NetworkView = { ports: [lan], dns: ['10.0.0.53'], deadGateways: [], invalid: [] };
const unplugged: NetworkView = { ...well, ports: [{ ...lan, carrier: false }] };

/** A service with a daemon in a state, on a machine whose network is `network`. */
class Bench {
  readonly clock = new FakeClock();
  network = well;
  looks = 0;
  changes = 0;
  state: ApplianceStatus['state'];
  readonly service: ConsoleService;

  constructor(state: ApplianceStatus['state']) {
    this.state = state;
    this.service = new ConsoleService({
      clock: this.clock,
      log: silentLog,
      watch: {
        look: async () => {
          this.looks += 1;
          return this.network;
        },
      },
      kind: 'virtual',
      softwareVersion: '1.2.3',
      helper: null,
      findPlatform: async () => ok({ enrolment: '', fingerprint: null }),
      onSettings: () => {},
      isLeft: () => false,
      leave: () => {},
      examine: () => Promise.reject(new Error('not asked for here')),
      enrol: async () => ok(null),
    });
    this.service.attach(this.#daemon());
  }

  #daemon(): Daemon {
    const status = (): ApplianceStatus => ({
      ...initialBoard,
      state: this.state,
      pid: 1,
      updatedAt: '',
      platform: 'https://platform.example',
      softwareVersion: '1.2.3',
      contentVersion: '1',
      updating: false,
      leases: [],
      spool: { events: 0, bytes: 0, full: false },
      trouble: [],
    });
    const daemon: Pick<Daemon, 'status' | 'networkChanged' | 'noteNetworkError'> = {
      status,
      networkChanged: () => {
        this.changes += 1;
      },
      noteNetworkError: () => {},
    };
    return daemon as Daemon;
  }

  /** Watches for so long, from the `network` given on. */
  async watch(milliseconds: number, network = this.network): Promise<void> {
    const stop = new AbortController();
    const watching = this.service.watchNetwork(stop.signal);
    this.network = network;
    await this.clock.advance(milliseconds);
    stop.abort();
    await watching;
  }
}

it.each(['network-error', 'communication-failure', 'connecting'] as const)(
  'tells the daemon once within a second that the network is well again: %s',
  async (state) => {
    const bench = new Bench(state);
    await bench.watch(3000, unplugged);
    expect(bench.changes).toBe(0);
    await bench.watch(1000, well);
    expect(bench.changes).toBe(1);
    await bench.watch(10_000);
    expect(bench.changes).toBe(1);
  },
);

it('gives each try its time where the network changes again and again', async () => {
  const bench = new Bench('network-error');
  for (let second = 0; second < 20; second += 1) {
    await bench.watch(1000, unplugged);
    await bench.watch(1000, well);
  }
  expect(bench.changes).toBe(7);
});

it('leaves a daemon alone that is in touch, and the network that nobody asks for', async () => {
  const bench = new Bench('ready');
  await bench.clock.advance(0);
  const { looks } = bench;
  await bench.watch(60_000, unplugged);
  expect([bench.looks - looks, bench.changes]).toEqual([0, 0]);
  bench.service.listen(() => {});
  await bench.watch(6000, well);
  expect([bench.looks - looks, bench.changes]).toEqual([3, 0]);
});
