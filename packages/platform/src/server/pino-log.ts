import { systemClock } from '@picket/base/adapters/system';
import { isoTime } from '@picket/base/clock';
import type { Log, LogFields, LogLevel } from '@picket/base/log';
import { type DestinationStream, type Logger, pino } from 'pino';

/** Field names whose values never reach a log, whoever passes them. */
const redacted = [
  'password',
  'token',
  'cookie',
  'authorization',
  'code',
  'secret',
  'key',
  'csrf',
  'csrfToken',
  'databaseUrl',
];

const levels = { debug: 'debug', info: 'info', warning: 'warn', error: 'error' } as const;

/** The platform's log: one JSON object a line with `time`, `level`, `event` and the event's fields. */
export function pinoLog(destination: DestinationStream, level: LogLevel = 'info'): Log {
  const logger = pino(
    {
      level: levels[level],
      base: null,
      timestamp: () => `,"time":"${isoTime(systemClock.now())}"`,
      messageKey: 'event',
      formatters: { level: (label) => ({ level: label === 'warn' ? 'warning' : label }) },
      redact: { paths: redacted, censor: '[redacted]' },
    },
    destination,
  );
  return wrap(logger, {});
}

function wrap(logger: Logger, base: LogFields): Log {
  return {
    write: (level, event, fields = {}) => logger[levels[level]]({ ...base, ...fields }, event),
    with: (fields) => wrap(logger, { ...base, ...fields }),
  };
}
