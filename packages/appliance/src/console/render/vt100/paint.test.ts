import * as serialize from '@xterm/addon-serialize';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DoctorReport } from '@picket/contracts/doctor';
import { causeTexts } from '../../errors/cause.ts';
import type { Key } from '../../machine/console-event.ts';
import { ConsoleDriver, readyStatus } from '../../testing/console-driver.ts';
import { type CellGrid, gridText } from '../cell-grid.ts';
import { fullScreen, fullSize } from './full-screen.ts';
import { type LineDrawing, paint } from './paint.ts';

/** The reference terminal. */
function terminal() {
  const term = new xterm.Terminal({ cols: fullSize.width, rows: fullSize.height, allowProposedApi: true });
  const addon = new serialize.SerializeAddon();
  term.loadAddon(addon);
  return {
    term,
    write: (bytes: string) => new Promise<void>((resolve) => term.write(bytes, resolve)),
    serialize: () => addon.serialize(),
    reset: () => term.reset(),
  };
}

const drawn: Readonly<Record<string, string>> = { '\u2500': '-', '\u2502': '|', '\u253c': '+' };

/** What the terminal shows, in the terms of the model: character and style of every cell. */
function seen(term: InstanceType<typeof xterm.Terminal>): string[] {
  const rows: string[] = [];
  for (let row = 0; row < fullSize.height; row += 1) {
    const line = term.buffer.active.getLine(row);
    let text = '';
    for (let column = 0; column < fullSize.width; column += 1) {
      const cell = line?.getCell(column);
      const char = cell?.getChars() || ' ';
      const style = drawn[char] !== undefined ? 'l' : cell?.isInverse() ? 'r' : cell?.isBold() ? 'b' : ' ';
      text += `${drawn[char] ?? char}${style}`;
    }
    rows.push(text);
  }
  return rows;
}

/** The model in the same terms. In ASCII a line looks like plain text. */
function meant(grid: CellGrid): string[] {
  const marks = { plain: ' ', bold: 'b', reverse: 'r', line: 'l' } as const;
  return grid.rows.map((row) => row.map(({ char, style }) => `${char}${marks[style]}`).join(''));
}

const wholeReport: DoctorReport = {
  steps: [
    { part: 'link', outcome: 'ok', detail: 'eth0 is up, carrier' },
    { part: 'address', outcome: 'ok', detail: '10.20.30.40/24' },
    { part: 'gateway', outcome: 'ok', detail: '10.20.30.1' },
    { part: 'dns', outcome: 'failed', detail: 'picket.example: no server answered' },
    { part: 'proxy', outcome: 'not-used', detail: '' },
    { part: 'platform', outcome: 'not-tested', detail: '' },
    { part: 'endpoints', outcome: 'not-tested', detail: '' },
    { part: 'clock', outcome: 'not-tested', detail: '' },
    { part: 'transfer', outcome: 'not-tested', detail: '' },
  ],
  error: { code: '01', description: 'LAN DNS failed', eCode: 'E13', remedy: causeTexts['dns-failed'].remedy },
  endedAt: '2026-11-29T00:00:00.000Z',
};

const keyWalk = fc.array(fc.constantFrom<Key>('up', 'down', 'left', 'right', 'enter', 'enter', 'clear'), {
  maxLength: 60,
});

describe('painting a VT100', () => {
  it('leaves a terminal that shows exactly the model, whatever keys came before', async () => {
    const { term, write, reset } = terminal();
    await fc.assert(
      fc.asyncProperty(keyWalk, fc.constantFrom<'virtual' | 'physical'>('virtual', 'physical'), async (keys, kind) => {
        reset();
        const driver = new ConsoleDriver({ kind });
        let before: CellGrid | null = null;
        for (const key of keys) {
          driver.press(key);
          const after = fullScreen(driver.state);
          const bytes = paint(before, after, 'graphics');
          expect(bytes).toMatch(/^[\x0e\x0f\x1b -~]*$/);
          await write(bytes);
          before = after;
        }
        if (before === null) return;
        expect(seen(term)).toEqual(meant(before));
        const { cursorX, cursorY } = term.buffer.active;
        if (before.cursor !== null) expect([cursorY, cursorX]).toEqual([before.cursor.row, before.cursor.column]);
      }),
      { numRuns: 25 },
    );
  });

  it('ends the same by differences as by one whole painting', async () => {
    const small = terminal();
    const whole = terminal();
    const driver = new ConsoleDriver();
    let before: CellGrid | null = null;
    for (const key of ['enter', 'enter', 'down', 'down', 'enter', 'enter', 'up', 'right', 'up'] as const) {
      const after = fullScreen(driver.press(key).state);
      await small.write(paint(before, after, 'graphics'));
      before = after;
    }
    await whole.write(paint(null, fullScreen(driver.state), 'graphics'));
    expect(small.serialize()).toBe(whole.serialize());
  });

  it('draws lines with the characters that every terminal has, where it has no graphics', async () => {
    const { term, write } = terminal();
    const grid = fullScreen(new ConsoleDriver().state);
    const bytes = paint(null, grid, 'ascii');
    await write(bytes);
    expect(bytes.replace(/\u001b\(B\u001b\)0\u000f/, '')).not.toMatch(/[\x0e\x0f]/);
    expect(seen(term).map((row) => row.replace(/l/g, ' '))).toEqual(meant(grid).map((row) => row.replace(/l/g, ' ')));
  });

  it('lights S2 on the terminal while an update is in progress, and puts it out after', async () => {
    const { term, write } = terminal();
    const driver = new ConsoleDriver();
    let before: CellGrid | null = null;
    const shows = async () => {
      const grid = fullScreen(driver.state);
      await write(paint(before, grid, 'graphics'));
      before = grid;
      const rows = Array.from({ length: fullSize.height }, (_, row) =>
        term.buffer.active.getLine(row)?.translateToString(),
      );
      return rows.join('\n').match(/S2 \[.\]/)?.[0];
    };
    expect(await shows()).toBe('S2 [ ]');
    driver.status({ updating: true });
    expect(await shows()).toBe('S2 [*]');
    driver.status({ updating: false });
    expect(await shows()).toBe('S2 [ ]');
  });

  it('says nothing when nothing changed', () => {
    const grid = fullScreen(new ConsoleDriver().state);
    expect(paint(grid, grid, 'graphics')).toBe('');
  });

  it('brings any terminal back that something else has written over', async () => {
    const { term, write } = terminal();
    await write('\u001b[5;10r\u001b[?6h\u001b[7mjunk\u000e\u001b[?7h more junk');
    const grid = fullScreen(new ConsoleDriver().state);
    await write(paint(null, grid, 'graphics'));
    expect(seen(term)).toEqual(meant(grid));
  });

  it.each<LineDrawing>(['graphics', 'ascii'])(
    'costs under 200 bytes a key press, a fifth of a second at 9600 baud (%s)',
    (lines) => {
      const counts = keyCosts(lines);
      const sorted = counts.toSorted((one, other) => one.bytes - other.bytes);
      const max = sorted.at(-1)!;
      const median = sorted[Math.floor(sorted.length / 2)]!;
      const whole = paint(null, fullScreen(new ConsoleDriver().state), lines).length;
      // The figures of docs/console.md.
      process.stdout.write(
        `vt100 ${lines}: ${counts.length} key presses, max ${max.bytes} bytes (${max.what}), median ${median.bytes}; whole screen ${whole}\n`,
      );
      expect(max.bytes).toBeLessThan(200);
      expect(counts.length).toBeGreaterThan(2000);
    },
  );
});

/** Scripts that go through every menu, flow and message. */
const tours: readonly string[] = [
  'down down down down down down enter',
  ...Array.from(
    { length: 9 },
    (_, option) => `down enter ${'down '.repeat(option)}enter enter enter up right up right up enter`,
  ),
  ...Array.from({ length: 9 }, (_, option) => `down enter ${'down '.repeat(option)}enter ${'enter '.repeat(12)}`),
  'down enter down down down enter down enter enter up enter up enter enter enter enter enter up up',
  'enter right down down down down down down down up up left',
  'enter down enter up up down down enter up down down enter up down down enter enter left',
  'enter down down down enter enter enter',
];

/** Bytes of every key press on those tours and on random walks. */
function keyCosts(lines: LineDrawing): { bytes: number; what: string }[] {
  const counts: { bytes: number; what: string }[] = [];
  const walks = fc.sample(keyWalk, { numRuns: 60, seed: 9600 });
  const waiting = { state: 'awaiting-activation', name: null, activationCode: '1234567890' } as const;
  const proxy = { host: 'p'.repeat(60), port: 8080, user: 'u', password: { is: 'stored' } } as const;
  const drivers = [
    () => new ConsoleDriver(),
    () => new ConsoleDriver({}, { wan: { method: 'dhcp' }, proxy }),
    () => new ConsoleDriver(waiting, { ipMode: 'ipv6-only' }),
    () =>
      new ConsoleDriver({ doctor: wholeReport }).tell({
        type: 'network',
        settings: null,
        readOnly: 'No network helper is configured here: the network of this machine is left as it is.',
      }),
  ];
  for (const keys of [...tours.map((tour) => tour.trim().split(' ')), ...walks]) {
    for (const start of drivers) {
      const driver = start();
      for (const key of keys) {
        const before = fullScreen(driver.state);
        const from = driver.screen();
        const after = fullScreen(driver.press(key).state);
        counts.push({ bytes: paint(before, after, lines).length, what: `${key} on ${from}` });
      }
    }
  }
  return counts;
}

describe('the full screen', () => {
  it('shows display, LEDs, status, interfaces, proxy, contacts, work and doctor on 80 x 24', async () => {
    const driver = new ConsoleDriver(
      {
        scans: [{ kind: 'scan', scanId: 42, state: 'running' }],
        waitingBytes: 5000,
        trouble: ['The spool has reached its size limit.'],
        ports: [
          ...readyStatus.ports,
          { port: 'wan', device: 'eth1', up: true, carrier: false, mac: null, addresses: [], gateway: null },
        ],
        doctor: wholeReport,
      },
      { proxy: { host: 'proxy.corp', port: 8080, user: 'CORP\\bob', password: { is: 'stored' } } },
    );
    await expect(`${gridText(fullScreen(driver.state))}\n`).toMatchFileSnapshot('./screens-seen/ready.txt');
    driver.press('enter enter down*4 enter enter').type('a-host-with-a-long-name.corp');
    await expect(`${gridText(fullScreen(driver.state))}\n`).toMatchFileSnapshot('./screens-seen/proxy-host.txt');
    const error = {
      code: '01',
      description: 'PK SSL certval',
      eCode: 'E06',
      message: 'picket.example: the certificate was issued by an unknown authority.',
      hint: 'Something in between may be opening the TLS session (an inspecting proxy): exempt the platform from it.',
    };
    driver.press('escape up up').status({ state: 'network-error', error, scans: [] });
    await expect(`${gridText(fullScreen(driver.state))}\n`).toMatchFileSnapshot('./screens-seen/network-error.txt');
  });
});
