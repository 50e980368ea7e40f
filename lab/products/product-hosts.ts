import type { Daemon } from '../daemons/daemon.ts';
import type { TruthHost, TruthService } from '../truth.ts';
import { next, nodeRed, redisCommander, vite } from './npm-daemons.ts';
import { npmProducts } from './npm-product.ts';
import { dockerRegistry, etcd, haproxy, prometheus } from './server-daemons.ts';

/** A host of the lab for one product; it is there only when asked for, because most tests do not need it. */
interface ProductHost {
  readonly name: string;
  readonly note: string;
  readonly services: readonly { readonly port: number; readonly product: string; readonly tls?: boolean }[];
  readonly daemons: readonly Daemon[];
}

const { viteOld, viteNew, nextOld, nextNew } = npmProducts;

const hosts: readonly ProductHost[] = [
  {
    name: 'vite-weak',
    note: 'Vite 6.2.2; on 5174 without limits on files',
    services: [5173, 5174].map((port) => ({ port, product: 'Vite' })),
    daemons: [vite(viteOld, { port: 5173, open: false }), vite(viteOld, { port: 5174, open: true })],
  },
  {
    name: 'vite-hard',
    note: 'Vite 6.2.7',
    services: [{ port: 5173, product: 'Vite' }],
    daemons: [vite(viteNew, { port: 5173, open: false })],
  },
  ...pair('next', { port: 3000, product: 'Next.js' }, (hardened) => ({
    note: hardened ? 'Next.js 14.2.35' : 'Next.js 14.2.24',
    daemons: [next(hardened ? nextNew : nextOld)],
  })),
  {
    name: 'node-red-weak',
    note: 'Node-RED for everybody; on 1881 with the password that everybody knows',
    services: [1880, 1881].map((port) => ({ port, product: 'Node-RED' })),
    daemons: [nodeRed({ port: 1880, password: null }), nodeRed({ port: 1881, password: 'password' })],
  },
  {
    name: 'node-red-hard',
    note: 'Node-RED with a log-in',
    services: [{ port: 1880, product: 'Node-RED' }],
    daemons: [nodeRed({ port: 1880, password: 'correct-horse' })],
  },
  ...pair('redis-commander', { port: 8081, product: 'Redis Commander' }, (hardened) => ({
    note: hardened ? 'with a password' : 'for everybody',
    daemons: [redisCommander({ password: hardened ? 'correct-horse' : null })],
  })),
  ...pair('haproxy', { port: 8404, product: 'HAProxy' }, (hardened) => ({
    note: hardened ? 'status page with a password' : 'status page for everybody',
    daemons: [haproxy({ hardened })],
  })),
  ...pair('etcd', { port: 2379, product: 'etcd' }, (hardened) => ({
    note: hardened ? 'for clients with a certificate' : 'for everybody',
    daemons: [etcd({ hardened })],
  })),
  ...pair('registry', { port: 5000, product: 'Docker Registry' }, (hardened) => ({
    note: hardened ? 'with a password' : 'for everybody',
    daemons: [dockerRegistry({ hardened })],
  })),
  ...pair('prometheus', { port: 9090, product: 'Prometheus' }, (hardened) => ({
    note: hardened ? 'with a password' : 'for everybody',
    daemons: [prometheus('prometheus', { hardened })],
  })),
  ...pair('pushgateway', { port: 9091, product: 'Prometheus Pushgateway' }, (hardened) => ({
    note: hardened ? 'with a password' : 'for everybody',
    daemons: [prometheus('prometheus-pushgateway', { hardened })],
  })),
];

function pair(
  name: string,
  service: ProductHost['services'][number],
  made: (hardened: boolean) => Pick<ProductHost, 'note' | 'daemons'>,
): ProductHost[] {
  return [false, true].map((hardened) => ({
    name: `${name}-${hardened ? 'hard' : 'weak'}`,
    services: [{ ...service, tls: hardened && name === 'etcd' }],
    ...made(hardened),
  }));
}

const firstAddress = 100;

/** The hosts with products in the form of the truth, at 10.99.0.100 and up. IPv4 alone: it is their answers that are looked at. */
export const productHosts: readonly TruthHost[] = hosts.map(({ name, note, services }, index) => ({
  name,
  note,
  ipv4: `10.99.0.${firstAddress + index}`,
  hardened: name.endsWith('-hard'),
  ...(name.endsWith('-hard') ? { twinOf: name.replace(/hard$/, 'weak') } : {}),
  services: services.map(
    ({ port, product, tls = false }): TruthService => ({
      port,
      transport: 'tcp',
      service: 'http',
      tls,
      product,
      tells: ['name'],
      families: ['ipv4'],
      weaknesses: [],
      beyondChecks: [],
      resists: [],
    }),
  ),
  hidden: [],
}));

/** The daemons of each, by name. */
export const productDaemons: Readonly<Record<string, readonly Daemon[]>> = Object.fromEntries(
  hosts.map(({ name, daemons }) => [name, daemons]),
);
