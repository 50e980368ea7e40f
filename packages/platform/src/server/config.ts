import { Secret } from '@picket/base/secret';
import { parseEnrolment } from '@picket/contracts/enrolment';
import { parseProxyUrl } from '@picket/outbound/proxy/proxy-url';
import { z } from 'zod';

/** Settings of the platform: from flags, else from the environment (`PICKET_…`), else from a YAML file, else the default. */
export const platformConfigSchema = z.strictObject({
  dataDirectory: z
    .string()
    .min(1)
    .default('.picket')
    .meta({ description: 'Folder of keys, certificates and the embedded database.' }),
  listen: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .meta({ description: 'Address to listen on; loopback only by default.' }),
  port: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8443)
    .meta({ description: 'TCP port of HTTPS; 0 takes a free one.' }),
  publicUrl: z
    .url({ protocol: /^https$/ })
    .transform((url) => new URL(url).origin)
    .nullable()
    .default(null)
    .meta({
      description: 'Origin under which browsers and appliances reach the platform. Default: https://localhost:<port>.',
    }),
  moveAppliancesTo: z
    .string()
    .refine((text) => parseEnrolment(text).ok, {
      message: 'must be an enrolment string, https://host:port#ca=sha256:…',
    })
    .nullable()
    .default(null)
    .meta({
      description:
        'Enrolment string of the place that enrolled appliances are told to use from now on; default: they stay where they are.',
    }),
  leaseSeconds: z.coerce.number().int().min(40).max(86_400).default(600).meta({
    description:
      'How long an appliance goes on with its slice without a word from the platform, seconds; after that another one gets it.',
  }),
  tlsCertFile: z
    .string()
    .nullable()
    .default(null)
    .meta({ description: 'PEM chain of an own certificate; default: one from the platform’s own CA.' }),
  tlsKeyFile: z.string().nullable().default(null).meta({ description: 'PEM key of that certificate.' }),
  tlsNames: z
    .array(z.string().min(1).max(253))
    .default([])
    .meta({ description: 'Further names and addresses in the certificate of the own CA.' }),
  trustedProxies: z
    .array(z.string().min(1))
    .default([])
    .meta({ description: 'Addresses or prefixes of reverse proxies whose X-Forwarded-For is believed.' }),
  databaseUrl: z
    .string()
    .regex(/^postgres(ql)?:\/\//, { message: 'must begin with postgres://' })
    .transform((url) => new Secret(url))
    .nullable()
    .default(null)
    .meta({ description: 'PostgreSQL 15 or newer; default: the embedded database.' }),
  webDirectory: z
    .string()
    .nullable()
    .default(null)
    .meta({ description: 'Folder of the built web interface; default: the one shipped.' }),
  contentDirectory: z
    .string()
    .nullable()
    .default(null)
    .meta({ description: 'Folder of checks and fingerprints; default: the one shipped.' }),
  applianceImage: z.string().min(1).nullable().default(null).meta({
    description:
      'Image of the virtual appliance that people may download (picket-scanner-<version>.ova); default: none.',
  }),
  outboundProxy: z
    .string()
    .refine((text) => parseProxyUrl(text).ok, { message: 'must be an HTTP proxy, http://[user:password@]host:port' })
    .transform((url) => new Secret(url))
    .nullable()
    .default(null)
    .meta({
      description:
        'HTTP proxy that the platform reaches webhooks, mail servers and the identity provider through; default: none.',
    }),
  outboundNoProxy: z.string().default('').meta({
    description: 'Hosts that it reaches without that proxy, as in no_proxy: names, addresses and prefixes with commas.',
  }),
  localReceivers: z.union([z.boolean(), z.stringbool()]).default(false).meta({
    description:
      'Webhooks, and the identity provider that people sign in by, may be on the platform’s own machine (loopback addresses).',
  }),
  templateDirectories: z.array(z.string().min(1)).max(16).default([]).meta({
    description: 'Further folders of templates, such as a copy of a public collection, that the Checks page lists.',
  }),
});

export type PlatformConfig = z.output<typeof platformConfigSchema>;
export type PlatformConfigInput = z.input<typeof platformConfigSchema>;
