import { join } from 'node:path';
import { type Lab, nsExec } from '../lab-control.ts';
import { judge, type ProofTarget } from '../proofs/proof.ts';
import { proofs } from '../proofs/registry.ts';
import type { TruthHost, TruthService } from '../truth.ts';
import type { Statement } from './statement.ts';

/** Proves each planted weakness of a host with an ordinary client, and with the same client that the hardened ones refuse. */
export async function proveWeaknesses(lab: Lab, host: TruthHost): Promise<readonly Statement[]> {
  const statements: Statement[] = [];
  for (const service of host.services) {
    for (const check of service.weaknesses)
      statements.push(await prove(lab, host, service, { check, expected: 'weak' }));
    for (const check of service.resists)
      statements.push(await prove(lab, host, service, { check, expected: 'refused' }));
  }
  return statements;
}

async function prove(
  lab: Lab,
  host: TruthHost,
  service: TruthService,
  claim: { check: string; expected: 'weak' | 'refused' },
): Promise<Statement> {
  const what = `${claim.check} on ${service.transport}/${service.port} is ${claim.expected}`;
  const proof = proofs[claim.check];
  if (proof === undefined)
    return { host: host.name, what, holds: false, detail: 'no client proves it: add one to lab/proofs' };
  const call = proof.call(proofTarget(lab, host, service));
  const result = await nsExec(lab, 'scanner', call.argv, {
    timeoutMs: 15_000,
    ...(call.input === undefined ? {} : { input: call.input }),
    ...(call.env === undefined ? {} : { env: call.env }),
  });
  const output = `${result.stdout}${result.stderr}`;
  const verdict = judge(proof, output);
  return {
    host: host.name,
    what,
    holds: verdict === claim.expected,
    detail: `${verdict}: ${output.trim().slice(-600)}`,
  };
}

function proofTarget(lab: Lab, host: TruthHost, service: TruthService): ProofTarget {
  return {
    address: host.ipv4 ?? host.ipv6 ?? '',
    port: service.port,
    transport: service.transport,
    certificates: join(lab.names.folder, 'certificates'),
    zone: host.hardened ? 'elsewhere.test' : 'lab.test',
  };
}
