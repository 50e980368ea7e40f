import { readFile, stat } from 'node:fs/promises';
import { describeError, userError } from '@picket/base/error';
import { pacLimits } from '@picket/outbound/proxy/pac-script';
import { openProxyFile, sealKeyPath } from '@picket/outbound/adapters/proxy-file-seal';
import {
  longestProxyFile,
  parseProxyFile,
  proxyFilePermissions,
  sealKeyPermissions,
} from '@picket/outbound/proxy/proxy-file';
import { type ProxyPlan, proxyPlan } from '@picket/outbound/proxy/proxy-plan';
import { type VariableProxy, type Variables, variableProxy } from '@picket/outbound/proxy/proxy-variables';
import { Secret } from '@picket/base/secret';
import type { DaemonConfig } from '../config.ts';

export interface ConfiguredRoute {
  readonly plan: ProxyPlan;
  readonly proxyCa: string | null;
  /** One sentence each, without values. */
  readonly warnings: readonly string[];
}

/** The way to the platform as options, files and environment have it. Rejects with a user error where one of them can't be used. */
export async function readProxyPlan(options: DaemonConfig['proxy'], environment: Variables): Promise<ConfiguredRoute> {
  const read = options.file === null ? null : await readProxyFile(options.file);
  const given: VariableProxy | null =
    options.url === null && options.noProxy === null
      ? null
      : { url: options.url ?? read?.url ?? null, noProxy: options.noProxy ?? read?.noProxy ?? '' };
  const { user, password, auth } = options;
  const plan = proxyPlan({
    file: given ?? read,
    fileIs: options.url === null ? 'Proxy file' : 'Option --proxy',
    pac: options.pac === null ? null : await readPart('PAC file', options.pac, pacLimits.scriptCharacters),
    system: variableProxy(environment),
    auth,
    login: user === null ? null : { user, password: password ?? new Secret('') },
  });
  if (!plan.ok) throw userError('appliance.proxy-invalid', plan.error, 'See docs/proxies.md.');
  const { caFile } = options;
  const proxyCa = caFile === null ? null : await readPart('proxy CA', caFile, longestProxyFile);
  return { plan: plan.value, proxyCa, warnings: read?.warnings ?? [] };
}

async function readProxyFile(path: string) {
  const key = await readFile(sealKeyPath(path), 'utf8').then(
    (text) => Buffer.from(text.trim(), 'base64'),
    () => null,
  );
  const opened = openProxyFile(await readPart('proxy file', path, longestProxyFile), key);
  if (!opened.ok)
    throw userError(
      'appliance.proxy-invalid',
      opened.error,
      'Write the login anew and run "picket proxy-file encrypt" again.',
    );
  const parsed = parseProxyFile(opened.value);
  const permissions = proxyFilePermissions(await stat(path));
  const ofKey = key === null ? null : sealKeyPermissions(await stat(sealKeyPath(path)));
  return { ...parsed, warnings: [permissions, ofKey, ...parsed.warnings].filter((each) => each !== null) };
}

async function readPart(what: string, path: string, longest: number): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw userError('appliance.proxy-invalid', `The ${what} can't be read: ${describeError(error)}.`);
  });
  if (text.length <= longest) return text;
  throw userError('appliance.proxy-invalid', `The ${what} ${path} is longer than ${longest} characters.`);
}
