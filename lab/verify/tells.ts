import { join } from 'node:path';
import { inParallel } from '../in-parallel.ts';
import { type Lab, nsExec } from '../lab-control.ts';
import { askings, productSigns } from '../proofs/asking.ts';
import type { TruthHost, TruthService } from '../truth.ts';
import type { Statement } from './statement.ts';
import type { Versions } from './versions.ts';

/** Proves what each service of a host tells without a log-in: its name, its product and its version, and that it tells no more. */
export async function proveTells(lab: Lab, host: TruthHost, versions: Versions): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  await inParallel(host.services, 2, async (service) => {
    const output = await ask(lab, host, service);
    for (const [fact, seen] of Object.entries(told(service, output, versions))) {
      if (seen === null) continue;
      const expected = service.tells.some((each) => each === fact);
      statements.push({
        host: host.name,
        what: `${service.service} on ${service.transport}/${service.port} ${expected ? 'tells' : 'keeps back'} its ${fact}`,
        holds: seen === expected,
        detail: output.trim().slice(-600),
      });
    }
  });
  return statements;
}

async function ask(lab: Lab, host: TruthHost, service: TruthService): Promise<string> {
  const asking = askings[service.service];
  const target = {
    address: host.ipv4 ?? host.ipv6 ?? '',
    port: service.port,
    transport: service.transport,
    certificates: join(lab.names.folder, 'certificates'),
    zone: '',
  };
  let output = '';
  for (const { argv, input, env } of asking?.calls(target, service.tls) ?? []) {
    const result = await nsExec(lab, 'scanner', argv, {
      timeoutMs: 15_000,
      ...(input === undefined ? {} : { input }),
      ...(env === undefined ? {} : { env }),
    });
    output += `${result.stdout}${result.stderr}`;
  }
  return output;
}

/** Which facts the output holds. Null: it can't tell. Pure. */
function told(
  service: TruthService,
  output: string,
  versions: Versions,
): Record<'name' | 'product' | 'version', boolean | null> {
  const asking = askings[service.service];
  const version = service.package === undefined ? undefined : versions[service.package]?.upstream;
  const sign = productSigns[service.product];
  const hasVersion = version !== undefined && output.includes(version);
  return {
    name: asking?.speaks.test(output) ?? false,
    product: sign?.test(output) ?? (service.tells.includes('product') ? false : null),
    version: service.tells.includes('version') || asking?.noisy !== true ? hasVersion : null,
  };
}
