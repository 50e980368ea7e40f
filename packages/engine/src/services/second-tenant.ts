import type { IdentifyTarget, StageTools } from '../run/stages.ts';
import { ascii, latin } from './bytes.ts';
import type { PortOutcome } from './outcome.ts';

/** A multiplexer decides by the first bytes, so a short wait is enough; other servers refuse or hang up at once. */
const answerMs = 700;

/**
 * Looks whether a port that speaks TLS from the first byte also hands out SSH in the clear, as multiplexers do (sslh, HAProxy,
 * VPN gateways on 443), and says so beside what is known: a port has one service event.
 */
export async function withSecondTenant(
  outcome: PortOutcome,
  target: IdentifyTarget,
  tools: StageTools,
  connectMs: number,
): Promise<PortOutcome> {
  if (outcome.tunnel !== 'tls' || tools.signal.aborted) return outcome;
  const ssh = await sshBeside(target, tools, connectMs);
  if (ssh === null) return outcome;
  const told = `also SSH in the clear: ${ssh}`;
  const { identification } = outcome;
  if (identification === null) return { ...outcome, remark: told };
  const info = [identification.info, told].filter((part) => part !== undefined && part !== '').join('; ');
  return { ...outcome, identification: { ...identification, info } };
}

/** Says an identification string of SSH (RFC 4253 section 4.2) and reads one answer; null when it is none. */
async function sshBeside(target: IdentifyTarget, tools: StageTools, connectMs: number): Promise<string | null> {
  const { address, port } = target;
  const dialed = await tools.dialer.connectTcp({ address, port, timeoutMs: connectMs, signal: tools.signal });
  if (!dialed.ok) return null;
  await dialed.value.write(ascii('SSH-2.0-Picket\r\n'));
  const answer = await dialed.value.read({ timeoutMs: answerMs, maxBytes: 4096 });
  dialed.value.close();
  return /^SSH-[12]\.[0-9]{1,2}-[\x21-\x7e]{1,100}/.exec(latin(answer.bytes))?.[0] ?? null;
}
