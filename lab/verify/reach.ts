import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Lab, nsExec } from '../lab-control.ts';
import { hostAddresses, type TruthHost } from '../truth.ts';
import type { Statement } from './statement.ts';

const program = fileURLToPath(new URL('connect-all.ts', import.meta.url));

/** What becomes of a TCP connection: accepted, reset, or no word for two seconds. */
const outcomesSchema = z.array(
  z.object({ address: z.string(), port: z.int(), outcome: z.enum(['open', 'closed', 'silent', 'unreachable']) }),
);

/** Ports that no host of the lab has open, to see how its closed ports behave. */
const closedSamples = [1, 9999, 54_321];

/**
 * Proves from the scanner's namespace, with plain connections, that each host's open TCP ports answer on each of its addresses, and that
 * the others are closed, or silent where the host drops them.
 */
export async function proveReach(lab: Lab): Promise<readonly Statement[]> {
  const expected = lab.truth.hosts.flatMap(expectedOutcomes);
  const input = JSON.stringify(expected.map(({ address, port }) => ({ address, port })));
  const result = await nsExec(lab, 'scanner', [process.execPath, program], { input, timeoutMs: 60_000 });
  const seen = outcomesSchema.parse(JSON.parse(result.stdout));
  return expected.map((want, index) => ({
    host: want.host,
    what: `[${want.address}]:${want.port} is ${want.outcome}`,
    holds: seen[index]?.outcome === want.outcome,
    detail: `it is ${seen[index]?.outcome}`,
  }));
}

interface Expected {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly outcome: 'open' | 'closed' | 'silent';
}

function expectedOutcomes(host: TruthHost): readonly Expected[] {
  const tcp = host.services.filter((service) => service.transport === 'tcp');
  const otherwise = host.dropsAllBut === undefined ? 'closed' : 'silent';
  return hostAddresses(host).flatMap((address) => {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    const open = tcp.filter((service) => service.families.includes(family)).map((service) => service.port);
    const shut = [...closedSamples, ...host.hidden.map((service) => service.port)];
    return [
      ...open.map((port) => ({ host: host.name, address, port, outcome: 'open' as const })),
      ...shut.map((port) => ({ host: host.name, address, port, outcome: otherwise }) as const),
    ];
  });
}

/** Proves that every host answers ping, but those that drop it. */
export async function provePing(lab: Lab, host: TruthHost): Promise<readonly Statement[]> {
  const answers = host.dropsAllBut === undefined;
  return Promise.all(
    hostAddresses(host).map(async (address) => {
      const result = await nsExec(lab, 'scanner', ['ping', '-n', '-c', '1', '-W', '2', address]);
      const what = `${address} ${answers ? 'answers' : 'does not answer'} ping`;
      return { host: host.name, what, holds: (result.code === 0) === answers, detail: result.stdout.trim() };
    }),
  );
}
