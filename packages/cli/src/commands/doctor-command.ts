import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { askDoctor } from '@picket/appliance/local/ask-doctor';
import { consoleSocketName } from '@picket/appliance/local/console-messages';
import { readStatus } from '@picket/appliance/local/status';
import { describeError } from '@picket/base/error';
import { Command } from 'commander';
import { dataLayout } from '../data-layout.ts';
import { exitCode } from '../exit-code.ts';
import { type Output, printable } from '../terminal/output.ts';
import { version } from '../version.ts';
import { doctorText } from './doctor-text.ts';

const help = `
Has the running appliance of this machine look at its way to the platform, over the connections that it uses itself (with a proxy it logs
in): link, address, gateway, DNS, proxy, TLS, the platform's paths, the clock, and how well small and large messages pass. It only reads and
connects, and stops at the first step that fails: what lies behind it was not tested. --bundle writes what a person who helps needs: this
report, the appliance's status and the versions. No password, key or code is in it.
Exit code 0: all is well; 1: something failed or is not as it should be; 70: the appliance could not be asked.`;

/** An examination takes a minute at most where every step meets its deadline, milliseconds. */
const deadlineMs = 240_000;

interface DoctorOptions {
  readonly data: string;
  readonly json?: boolean;
  readonly bundle?: string;
}

/** `picket doctor`. */
export function doctorCommand(output: Output, end: (code: number) => void): Command {
  return new Command('doctor')
    .description("look at an appliance's way to its platform step by step")
    .option('--data <dir>', 'data folder', '.picket')
    .option('--json', 'as JSON')
    .option('--bundle <file>', 'also write a support bundle (JSON, without secrets)')
    .addHelpText('after', help)
    .action(async (options: DoctorOptions) => end(await runDoctor(options, output)));
}

async function runDoctor({ data, json, bundle }: DoctorOptions, output: Output): Promise<number> {
  const folder = dataLayout(resolve(data)).appliance;
  const asked = await askDoctor(join(folder, consoleSocketName), () => {}, AbortSignal.timeout(deadlineMs)).catch(
    (error: unknown) => describeError(error),
  );
  if (typeof asked === 'string') {
    output.err(`picket: the appliance of ${folder} could not be asked: ${printable(asked)}\n${hintOf(asked)}\n`);
    return exitCode.failure;
  }
  const { report, status } = asked;
  output.out(json ? `${JSON.stringify(report)}\n` : doctorText(report));
  if (bundle !== undefined) {
    const found = await readStatus(folder);
    const whole = {
      version,
      writtenAt: report.endedAt,
      report,
      console: withoutCodes(status),
      status: found && withoutCodes(found.status),
    };
    await writeFile(bundle, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
    output.err(`Support bundle: ${resolve(bundle)}\n`);
  }
  const well = report.steps.every(({ outcome }) => outcome !== 'failed' && outcome !== 'warning');
  return well ? exitCode.clean : exitCode.findings;
}

/** An activation code is worth an appliance until it is entered. */
function withoutCodes<T extends { readonly activationCode: string | null }>(status: T): T {
  return { ...status, activationCode: status.activationCode === null ? null : '[redacted]' };
}

function hintOf(said: string): string {
  if (said.includes('EACCES')) return 'Only the owner of its folder may ask it: use sudo.';
  if (/ENOENT|ECONNREFUSED/.test(said))
    return 'No appliance runs with this folder. Start it with "picket appliance start", or name its folder with --data.';
  return 'Try again in a minute; its log is on its standard error.';
}
