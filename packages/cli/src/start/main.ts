import { mkdirSync } from 'node:fs';
import type { Clock } from '@picket/base/clock';
import { systemClock } from '@picket/base/adapters/system';
import { describeError, PicketError } from '@picket/base/error';
import { buildWeb } from '../../../../scripts/web-build.ts';
import { exitCode } from '../exit-code.ts';
import { projectRoot } from '../programs.ts';
import { formatDuration } from '../terminal/duration.ts';
import { type Output, processOutput } from '../terminal/output.ts';
import { confirmPlan, planTargets } from './confirm.ts';
import { activate, foundText, hasNoScans, isOnline, launchLocal, launchTargets, loopbackNetwork } from './first-run.ts';
import { followScan } from './follow-scan.ts';
import type { PlatformStatus } from './platform-status.ts';
import { Session } from './session.ts';
import { parseStartOptions, type StartOptions, startUsage } from './start-options.ts';

/** How long the appliance may take from its start to its first answered poll. */
const applianceDeadlineMs = 30_000;

async function main(): Promise<number> {
  const output = processOutput();
  const options = parseStartOptions(process.argv.slice(2), process.cwd());
  if (options === 'help') {
    output.out(startUsage);
    return exitCode.clean;
  }
  if ('error' in options) {
    output.err(`npm start: ${options.error}\n\n${startUsage}`);
    return exitCode.usage;
  }
  const plan = options.targets === null ? null : await planTargets(options.targets, output);
  if (options.targets !== null && (plan === null || !(await confirmPlan(plan, options.yes, output))))
    return exitCode.usage;
  return run(options, plan, output, systemClock);
}

async function run(
  options: StartOptions,
  plan: Awaited<ReturnType<typeof planTargets>>,
  output: Output,
  clock: Clock,
): Promise<number> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupt.abort(new Error('interrupted')));
  mkdirSync(options.dataDirectory, { recursive: true, mode: 0o700 });
  const session = new Session(options, output, clock);
  const started = clock.monotonic();
  try {
    await buildWeb(projectRoot, (line) => output.err(`${line}\n`));
    output.err('Starting the platform...\n');
    const platform = await session.startPlatform(interrupt.signal);
    for (const warning of platform.warnings) output.err(`Note: ${warning}\n`);
    session.startAppliance(platform.enrolment);
    const applianceId = await connectAppliance(session, output, clock, interrupt.signal);
    await firstScans(session, { options, plan, applianceId, output, clock, signal: interrupt.signal });
    announce(platform, output, clock.monotonic() - started);
    await untilStopped(session, clock, interrupt.signal);
    throw session.failure ?? new Error('interrupted');
  } catch (error) {
    if (interrupt.signal.aborted) return exitCode.clean;
    output.err(
      `npm start: ${describeError(error)}${error instanceof PicketError && error.hint ? ` ${error.hint}` : ''}\n`,
    );
    return exitCode.failure;
  } finally {
    if (interrupt.signal.aborted) output.err('\nStopping...\n');
    await session.close();
    if (interrupt.signal.aborted) output.err('Stopped. Everything is kept in the data folder.\n');
  }
}

/** Waits for the appliance; a new one shows its activation code, which is entered as a Manager would. */
async function connectAppliance(session: Session, output: Output, clock: Clock, signal: AbortSignal): Promise<number> {
  let entered = '';
  const ready = () => {
    const status = session.appliance;
    return status !== null &&
      (status.applianceId !== null || (status.activationCode !== null && status.activationCode !== entered))
      ? status
      : null;
  };
  for (;;) {
    const status = await session.waitFor('The appliance', ready, applianceDeadlineMs, signal);
    if (status.applianceId === null) {
      entered = status.activationCode ?? '';
      output.err(`The appliance shows activation code ${entered}; activating it.\n`);
      await activate(session.client, entered, [(await loopbackNetwork(session.client)).id]);
      continue;
    }
    await waitUntilOnline(session, status.applianceId, clock, signal);
    return status.applianceId;
  }
}

/** Until the platform, too, has heard from it. */
async function waitUntilOnline(
  session: Session,
  applianceId: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const started = clock.monotonic();
  while (!(await isOnline(session.client, applianceId))) {
    if (session.failure) throw session.failure;
    if (clock.monotonic() - started > applianceDeadlineMs)
      throw new Error('The platform does not hear from the appliance.');
    await clock.sleep(100, signal);
  }
}

interface FirstScans {
  readonly options: StartOptions;
  readonly plan: Awaited<ReturnType<typeof planTargets>>;
  readonly applianceId: number;
  readonly output: Output;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The first map and scan of this machine, once; and what `--targets` asked for, each time. */
async function firstScans(
  session: Session,
  { options, plan, applianceId, output, clock, signal }: FirstScans,
): Promise<void> {
  const follow = async (id: number) => {
    const scan = await followScan(session.client, id, output, clock, signal);
    output.out(`${scan.title}: ${scan.status}, ${foundText(scan)}\n`);
  };
  if (plan !== null && options.targets !== null) {
    await follow(await launchTargets(session.client, plan, options.targets, [applianceId]));
  } else if (await hasNoScans(session.client)) {
    const place = await loopbackNetwork(session.client);
    for (const kind of ['map', 'scan'] as const) await follow(await launchLocal(session.client, kind, place.id));
  }
}

function announce(platform: PlatformStatus, output: Output, elapsedMs: number): void {
  const manager = platform.firstManager;
  const signIn = manager
    ? `Sign in as ${manager.login} with the one-time password ${manager.oneTimePassword}\n(it is shown this once; a new one: npx picket user reset-password ${manager.login})`
    : 'Sign in with your account; forgotten: npx picket user reset-password LOGIN';
  output.out(`\nPicket is up after ${formatDuration(elapsedMs)}: ${platform.url}\n${signIn}\nCtrl-C stops it.\n`);
}

/** Stays until Ctrl-C, or until a process can't be kept up. */
async function untilStopped(session: Session, clock: Clock, signal: AbortSignal): Promise<void> {
  while (session.failure === null) await clock.sleep(500, signal);
}

process.exitCode = await main();
