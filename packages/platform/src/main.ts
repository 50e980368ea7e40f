import { parseArgs } from 'node:util';
import { systemClock, systemRandom } from '@picket/base/adapters/system';
import { PicketError } from '@picket/base/error';
import type { LogLevel } from '@picket/base/log';
import { pino } from 'pino';
import { loadConfig } from './server/load-config.ts';
import { pinoLog } from './server/pino-log.ts';
import { startPlatform } from './start-platform.ts';

/** The platform as a process of its own: one JSON line on standard output when it answers, its log on standard error. */
const usage = `Usage: main.ts [--data DIR] [--listen ADDR] [--port N] [--public-url URL] [--tls-cert FILE --tls-key FILE] [--templates DIR]... [--config FILE]
The database of DATABASE_URL, else the embedded one in DIR.`;

/** Longest orderly end, milliseconds; a statement of the embedded database that never returns is left behind then. */
const closeDeadlineMs = 4500;

function readFlags() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      data: text,
      listen: text,
      port: text,
      'public-url': text,
      'tls-cert': text,
      'tls-key': text,
      templates: { type: 'string', multiple: true },
      config: text,
      'log-level': text,
      help: { type: 'boolean' },
    },
  });
  return values;
}

async function main(): Promise<void> {
  const values = readFlags();
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const level = values['log-level'] ?? process.env.PICKET_LOG_LEVEL ?? 'info';
  const config = await loadConfig({
    flags: {
      dataDirectory: values.data,
      listen: values.listen,
      port: values.port,
      publicUrl: values['public-url'],
      tlsCertFile: values['tls-cert'],
      tlsKeyFile: values['tls-key'],
      templateDirectories: values.templates,
    },
    environment: process.env,
    file: values.config ?? process.env.PICKET_CONFIG ?? null,
  });
  const log = pinoLog(pino.destination({ dest: 2, sync: true }), isLevel(level) ? level : 'info');
  const platform = await startPlatform(config, { clock: systemClock, random: systemRandom, log });
  const stop = () => {
    setTimeout(() => process.exit(1), closeDeadlineMs).unref();
    platform.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  void platform.context.database.failed.then((error) => {
    log.write('error', 'platform.ended', { problem: error.code, message: `${error.message} ${error.hint ?? ''}` });
    process.exit(1);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  const { url, port, enrolment, caSha256, firstManager } = platform;
  const { warning } = platform.context.database;
  const warnings = warning === null ? [] : [warning];
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', url, port, enrolment, caSha256, firstManager, warnings })}\n`,
  );
}

function isLevel(text: string): text is LogLevel {
  return ['debug', 'info', 'warning', 'error'].includes(text);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof PicketError && error.hint !== undefined ? ` ${error.hint}` : '';
  process.stderr.write(`${message}${hint}\n`);
  process.exitCode = 2;
  if (!(error instanceof PicketError)) process.stderr.write(`${usage}\n`);
});
