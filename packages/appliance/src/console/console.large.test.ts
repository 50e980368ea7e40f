import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/appliance-bench.ts';
import { PlatformStandIn } from '../testing/platform-stand-in.ts';
import { Tmux } from '../testing/tmux.ts';

const daemonMain = fileURLToPath(new URL('../daemon/main.ts', import.meta.url));
const consoleMain = fileURLToPath(new URL('main.ts', import.meta.url));
const lcdd = '/usr/sbin/LCDd';
const missing = [Tmux.present ? '' : 'tmux', existsSync(lcdd) ? '' : 'lcdproc'].filter(Boolean).join(', ');

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** A ready appliance at a platform of the test. */
async function appliance() {
  const stand = await PlatformStandIn.start();
  cleanUps.push(() => stand.stop());
  stand.activated = true;
  const folder = await temporaryFolder();
  cleanUps.push(folder.remove);
  start(daemonMain, ['--state', folder.path, '--enrolment', stand.enrolment, '--kind', 'virtual']);
  return { stand, state: folder.path };
}

function start(main: string, args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [main, ...args], { stdio: 'ignore' });
  const exit = new Promise((resolve) => child.once('exit', resolve));
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return child;
}

async function terminal(name: string, size: { columns: number; rows: number }, command: readonly string[]) {
  const tmux = await Tmux.start(name, size, command);
  cleanUps.push(() => tmux.stop());
  return tmux;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe.skipIf(missing !== '')(`the console process${missing === '' ? '' : ` (not installed: ${missing})`}`, () => {
  it('works on a terminal: menus, fields, settings and the network doctor', async () => {
    const { state } = await appliance();
    const tty = await terminal('tty', { columns: 80, rows: 24 }, [process.execPath, consoleMain, '--state', state]);
    await tty.sees('|is_');
    await tty.press('Enter');
    await tty.sees('|SETUP NETWORK    |>*|');
    await tty.press('Right');
    await tty.sees('|LAN ');
    await tty.press('Left');
    await tty.sees('|SETUP NETWORK    |>*|');
    await tty.press('Enter');
    await tty.sees('|ENABLE DHCP ON   | *|');
    await tty.press('Enter');
    await tty.sees('|READ-ONLY HERE  <|>*|');
    await tty.press('Enter');
    await tty.sees('|ENABLE DHCP ON   | *|');
    await tty.press('Escape');
    await tty.sees('|SETUP NETWORK    |>*|');
    for (const label of ['SYSTEM SHUTDOWN', 'SYSTEM REBOOT', 'NETWORK DOCTOR']) {
      await tty.press('Down');
      await tty.sees(`|${label}`);
    }
    await tty.press('Enter');
    await tty.sees('6 PLATFORM TLS ok');
  });

  it('shows the same on a front panel behind LCDd, and takes its five keys', async () => {
    const { state } = await appliance();
    const port = await freePort();
    const config = join(state, 'LCDd.conf');
    await writeFile(config, lcddConfig(port));
    const panel = await terminal('lcd', { columns: 40, rows: 10 }, [lcdd, '-f', '-c', config]);
    start(consoleMain, ['--state', state, '--lcd', `127.0.0.1:${port}`]);
    await panel.sees('is_');
    expect(await panel.screen()).toMatch(/is_\S+ +v \*/);
    for (const [key, shown] of [
      ['Enter', 'SETUP NETWORK    |>*'],
      ['Down', 'SYSTEM SHUTDOWN  |>*'],
      ['Down', 'SYSTEM REBOOT    |>*'],
      ['Up', 'SYSTEM SHUTDOWN  |>*'],
      ['Right', '<v'],
      ['Left', 'SETUP NETWORK    |>*'],
      ['Enter', 'ENABLE DHCP ON   | *'],
    ] as const) {
      await panel.press(key);
      await panel.sees(shown);
    }
  });
});

/** LCDd with its driver for terminals as a panel of 20 x 2, on loopback only. */
function lcddConfig(port: number): string {
  return `[server]
DriverPath=/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/lcdproc/
Driver=curses
Bind=127.0.0.1
Port=${port}
ReportLevel=1
ReportToSyslog=no
User=root
Foreground=yes
ServerScreen=no
[menu]
[curses]
Foreground=white
Background=black
Backlight=black
Size=20x2
TopLeftX=1
TopLeftY=1
UseACS=no
DrawBorder=yes
`;
}
