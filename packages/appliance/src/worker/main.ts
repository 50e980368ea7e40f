import { Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { jsonLog, systemClock, systemRandom } from '@picket/base/adapters/system';
import { readLayout } from '../netconf/adapters/read-layout.ts';
import { loadEngine } from './load-engine.ts';
import { serveLease } from './session.ts';

/**
 * The scan worker as a process: one lease, told over descriptor 3 by the daemon that started it. Options: --allow-list
 * FILE, --wins ADDRESS[,ADDRESS…], --network-run DIR (of the network helper), --content DIR, --templates DIR (may be repeated), --cache DIR (what compiling templates gave),
 * --login-tries FILE (how often accounts were tried). It holds no credential of the appliance and never talks to the platform. Logs:
 * standard error.
 */
async function main(): Promise<void> {
  const option = { type: 'string' } as const;
  const templates = { type: 'string', multiple: true } as const;
  const { values } = parseArgs({
    options: {
      'allow-list': option,
      wins: option,
      'network-run': option,
      content: option,
      templates,
      cache: option,
      'login-tries': option,
    },
  });
  const log = jsonLog((line) => process.stderr.write(line)).with({ process: 'worker' });
  const stream = new Socket({ fd: 3, readable: true, writable: true });
  const engine = loadEngine({
    allowListFile: values['allow-list'] ?? null,
    contentDirectory: values.content ?? null,
    templateDirectories: values.templates ?? [],
    cacheDirectory: values.cache ?? null,
    loginTriesFile: values['login-tries'] ?? null,
    // On an appliance the network helper knows them, typed in or of DHCP.
    winsServers: values.wins?.split(',') ?? readLayout(values['network-run'])?.wins ?? [],
    random: systemRandom,
    log,
  });
  await serveLease(stream, { clock: systemClock, log, run: engine });
  // Lets the last messages out; open sockets of the engine must not keep the process.
  stream.end(() => process.exit(0));
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${JSON.stringify({ level: 'error', event: 'worker.exit', message: String(error).slice(0, 500) })}\n`,
  );
  process.exit(1);
});
