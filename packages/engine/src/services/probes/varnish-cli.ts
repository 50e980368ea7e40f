import { latin } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** The management port of Varnish greets with a status of three digits, a length, and a challenge (107) or its banner (200). */
export const varnishCli: ServiceProbe = {
  name: 'varnish-cli',
  help: 'Reads the greeting of the management port of Varnish.',
  services: ['varnish-cli'],
  transport: 'tcp',
  opens: 'server',
  ports: [6082],
  tlsPorts: [],
  proved: 'server',
  next: () => null,
  classify(answers) {
    const text = latin(answers[0] ?? new Uint8Array(0)).slice(0, 800);
    const locked = /^107 [0-9]{1,4} *\n[a-z]{32}\n/.test(text);
    if (!locked && !/^200 [0-9]{1,4} *\n-{5,40}\nVarnish Cache CLI/.test(text)) return null;
    const version = /^varnish-([0-9]+\.[0-9]+\.[0-9]+)/m.exec(text)?.[1];
    return {
      service: 'varnish-cli',
      vendor: 'Varnish Cache',
      product: 'Varnish Cache',
      info: locked ? 'management port, asks for its secret' : 'management port without a secret',
      cpe: `cpe:/a:varnish_cache_project:varnish_cache:${version ?? '-'}`,
      ...(version ? { version } : {}),
    };
  },
};
