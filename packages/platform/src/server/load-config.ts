import { readFile } from 'node:fs/promises';
import { describeError, PicketError } from '@picket/base/error';
import { parse } from 'yaml';
import { z } from 'zod';
import { type PlatformConfig, platformConfigSchema } from './config.ts';

/** Sources of settings, each as the outside gives it. */
export interface ConfigSources {
  /** Flags, by key; undefined ones are not set. They win. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** `PICKET_LISTEN`, `PICKET_DATABASE_URL` (or plain `DATABASE_URL`), ...; `<NAME>_FILE` names a file that holds the value. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A YAML file; null: none. */
  readonly file: string | null;
}

const listKeys = new Set(['tlsNames', 'trustedProxies']);
/** Used by other parts of Picket or by this program outside its settings. */
const foreignVariables = new Set(['PICKET_CONFIG', 'PICKET_LOG_LEVEL']);

/** One set of settings out of flags, environment and file, in that order. Unknown keys and bad values are named, all at once. */
export async function loadConfig(sources: ConfigSources): Promise<PlatformConfig> {
  const merged = {
    ...(sources.file === null ? {} : await readSettingsFile(sources.file)),
    ...(await fromEnvironment(sources.environment)),
    ...Object.fromEntries(Object.entries(sources.flags).filter(([, value]) => value !== undefined)),
  };
  const parsed = platformConfigSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? `there is no setting ${issue.keys.join(', ')}`
      : `${issue.path.join('.')}: ${issue.message}`,
  );
  throw new PicketError({
    code: 'config.invalid',
    kind: 'user',
    message: `The settings have faults: ${faults.join('; ')}.`,
    hint: `The settings are: ${Object.keys(platformConfigSchema.shape).join(', ')}.`,
  });
}

async function readSettingsFile(path: string): Promise<Record<string, unknown>> {
  try {
    return z.record(z.string(), z.unknown()).parse(parse(await readFile(path, 'utf8')) ?? {});
  } catch (cause) {
    throw new PicketError({
      code: 'config.file-unreadable',
      kind: 'user',
      message: `The settings file ${path} can't be read: ${describeError(cause)}`,
      hint: 'It is a YAML file of the form "key: value", a setting a line.',
      cause,
    });
  }
}

async function fromEnvironment(environment: ConfigSources['environment']): Promise<Record<string, unknown>> {
  const settings: Record<string, unknown> = {};
  if (environment.DATABASE_URL) settings.databaseUrl = environment.DATABASE_URL;
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith('PICKET_') || foreignVariables.has(name) || !value) continue;
    const fromFile = name.endsWith('_FILE') && !(keyOf(name) in platformConfigSchema.shape);
    const key = keyOf(fromFile ? name.slice(0, -'_FILE'.length) : name);
    const text = fromFile ? (await readFile(value, 'utf8')).trim() : value;
    settings[key] = listKeys.has(key) ? text.split(',').map((item) => item.trim()) : text;
  }
  return settings;
}

/** `PICKET_DATA_DIRECTORY` → `dataDirectory`. */
function keyOf(variable: string): string {
  return variable
    .slice('PICKET_'.length)
    .toLowerCase()
    .replaceAll(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
}
