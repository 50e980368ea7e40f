import { z } from 'zod';
import { Secret } from '@picket/base/secret';
import { attempts } from '../console/errors/attempt.ts';
import { proxyAuths } from '@picket/outbound/proxy/proxy-settings';

/** Version of the appliance's software, shown in the platform. */
export const softwareVersion = '0.1.0';

/** How this process reaches its platform where no network helper knows of a proxy. */
export const proxyOptions = z.strictObject({
  url: z.string().nullable().default(null).describe('The proxy: [http://|https://][user:password@]host[:port].'),
  user: z.string().nullable().default(null).describe('User, for any proxy; goes before one in the URL.'),
  password: z.instanceof(Secret).nullable().default(null).describe('Password of that user.'),
  auth: z.enum(proxyAuths).default('any').describe('The only way to log in, or any: the strongest offered.'),
  file: z
    .string()
    .nullable()
    .default(null)
    .describe('A proxy file (docs/proxies.md); goes before PAC and environment.'),
  pac: z.string().nullable().default(null).describe('A PAC file; goes before the environment.'),
  noProxy: z
    .string()
    .nullable()
    .default(null)
    .describe('Hosts that are reached without the proxy, as no_proxy has it.'),
  caFile: z
    .string()
    .nullable()
    .default(null)
    .describe('Authority of a proxy that speaks TLS itself; null: the public ones.'),
});

/** The daemon's configuration: each key with its meaning. Unknown keys are an error. */
export const daemonConfig = z.strictObject({
  stateDirectory: z.string().min(1).describe('Folder for key, identity and spool; made if missing, mode 0700.'),
  enrolment: z
    .string()
    .nullable()
    .default(null)
    .describe('Enrolment string that the platform shows. Needed at the first start only.'),
  personalizationCode: z
    .instanceof(Secret)
    .nullable()
    .default(null)
    .describe('14 digits from the platform: the appliance activates itself with it, once.'),
  awaitPlatform: z
    .boolean()
    .default(false)
    .describe('Without an enrolment string, wait until a platform is set at the console instead of ending.'),
  networkSocket: z
    .string()
    .nullable()
    .default(null)
    .describe(
      'Socket of the network helper; null: the network of this machine is never changed, the console only reads.',
    ),
  firstAttempt: z
    .enum(attempts)
    .default('boot')
    .describe(
      'What the first attempt to connect comes after; set when the daemon goes after management into another part of the network.',
    ),
  proxy: proxyOptions
    .default(proxyOptions.parse({}))
    .describe('Proxy for everything that goes to the platform, where no network helper is configured.'),
  workerDirectory: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('Where scan workers keep what saves them time, and count logins; null: in the state directory.'),
  allowListFile: z
    .string()
    .nullable()
    .default(null)
    .describe('Addresses that this appliance may scan, one range a line; it has the last word.'),
  winsServers: z
    .array(z.ipv4())
    .max(4)
    .default([])
    .describe('WINS servers, asked for names in jobs that have them among their targets.'),
  contentDirectory: z
    .string()
    .nullable()
    .default(null)
    .describe('Folder with checks and fingerprints; null: services are not identified, nothing is checked.'),
  templateDirectories: z
    .array(z.string().min(1))
    .max(16)
    .default([])
    .describe('Further folders of templates, such as a copy of a public collection, that run beside the content.'),
  releaseKeysFile: z
    .string()
    .nullable()
    .default(null)
    .describe('File of public keys that sign releases, one a line; null: nothing is ever installed.'),
  updatesDirectory: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'What was installed; null: in the state directory. Scan workers of another user must be able to read it.',
    ),
  launched: z
    .boolean()
    .default(false)
    .describe('A launcher started this process, watches it, and is told the end of its life by standard input.'),
  runningVersion: z
    .string()
    .regex(/^[0-9]{1,9}(\.[0-9]{1,9}){2}$/)
    .nullable()
    .default(null)
    .describe('Version that the launcher started; null: the one that came with the installation.'),
  kind: z
    .enum(['physical', 'virtual', 'process'])
    .default('process')
    .describe('What it runs on, shown in the platform.'),
  workers: z.int().min(1).max(16).default(1).describe('Slices that are scanned at once, each in a process of its own.'),
  crashesPerUnit: z
    .int()
    .min(1)
    .max(10)
    .default(3)
    .describe('Deaths of the scan worker after which the unit that ran counts as not evaluable.'),
  spoolMaxMegabytes: z
    .int()
    .min(16)
    .default(2048)
    .describe(
      'Most disk space for results that wait for upload; then evidence is trimmed, and at last scanning waits.',
    ),
  spoolTrimAfterSeconds: z
    .int()
    .min(1)
    .default(60)
    .describe(
      'A full disk is waited out for so long after the platform took something last; then the oldest evidence is trimmed.',
    ),
});
export type DaemonConfig = z.infer<typeof daemonConfig>;
