import type { Connection, DialFailure } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import type { IdentifyTarget, StageTools } from '../run/stages.ts';
import type { OpenForTls } from '../tls/hello-exchange.ts';
import type { ProbeContext, ServiceProbe } from './probe.ts';
import type { ServiceTiming } from './timing.ts';

const maxSteps = 6;
const maxAnswerBytes = 65_536;

/**
 * Opens connections on which TLS can begin: at once, or with `probe` after its protocol's upgrade was asked for and granted
 * (STARTTLS and its like). The probe's own steps do the asking, so a probe that can upgrade can be surveyed.
 */
export function openForTls(
  target: IdentifyTarget,
  tools: StageTools,
  timing: ServiceTiming,
  probe: ServiceProbe | null,
): OpenForTls {
  const { address, port } = target;
  const context: ProbeContext = {
    host: target.names[0] ?? (address.includes(':') ? `[${address}]` : address),
    port,
    tls: false,
  };
  return async () => {
    const dialed = await tools.dialer.connectTcp({ address, port, timeoutMs: timing.connectMs, signal: tools.signal });
    if (!dialed.ok || probe === null) return dialed;
    return upgraded(dialed.value, probe, context, timing);
  };
}

async function upgraded(
  connection: Connection,
  probe: ServiceProbe,
  context: ProbeContext,
  timing: ServiceTiming,
): Promise<Result<Connection, DialFailure>> {
  const answers: Uint8Array[] = [];
  if (probe.opens === 'server') {
    const until = (received: Uint8Array) => probe.whole?.(received, 0) ?? true;
    const banner = await connection.read({ timeoutMs: timing.likelyBannerMs, maxBytes: maxAnswerBytes, until });
    answers.push(banner.bytes);
  }
  for (let step = 0; step < maxSteps; step += 1) {
    const next = probe.next(answers, context);
    if (next === 'start-tls') return ok(connection);
    if (next === null) break;
    await connection.write(next);
    const index = answers.length;
    if (probe.silent?.(index)) {
      answers.push(new Uint8Array(0));
      continue;
    }
    const answer = await connection.read({
      timeoutMs: timing.answerMs,
      maxBytes: maxAnswerBytes,
      ...(probe.whole ? { until: (received) => probe.whole?.(received, index) ?? true } : {}),
    });
    if (answer.bytes.length === 0) break;
    answers.push(answer.bytes);
  }
  connection.close();
  return err({ kind: 'reset', detail: `${probe.name}: no upgrade to TLS was granted` });
}
