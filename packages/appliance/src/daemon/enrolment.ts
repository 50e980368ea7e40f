import type { Log } from '@picket/base/log';
import type { Secret } from '@picket/base/secret';
import { type HelloAnswer, helloAnswer, type Identity } from '@picket/contracts/enrolment';
import type { PollRequest } from '@picket/contracts/poll';
import { appliancePaths, protocolLevel } from '@picket/contracts/protocol';
import { type OutboundFailure, plainFailure } from '@picket/outbound/failure';
import { parseJson, type SignedAnswer, type SignedClient } from '@picket/outbound/signed-client';
import type { Result } from '@picket/base/result';
import { err, ok } from '@picket/base/result';
import type { Tries } from './tries.ts';

export interface EnrolmentDeps {
  readonly client: SignedClient;
  readonly tries: Tries;
  readonly log: Log;
  /** The device's raw public key, base64url. */
  readonly publicKey: string;
  readonly facts: () => PollRequest['facts'];
  /** Given: the appliance activates itself with it. Null: it shows an activation code. Asked before each try: the console may give one. */
  readonly personalizationCode: () => Secret | null;
  readonly onWaiting: (waiting: Extract<HelloAnswer, { state: 'waiting' }>) => void;
  readonly onFailure: (failure: OutboundFailure) => void;
  readonly onRefused: (answer: SignedAnswer) => void;
}

/** A refused code does not get better by asking often, and asking is rate-limited. */
const refusedBackoff = { firstMs: 15_000, maxMs: 120_000 };

/** Announces the device until the platform has taken it in. Rejects when `signal` aborts. */
export async function enrol(deps: EnrolmentDeps, signal: AbortSignal): Promise<Identity> {
  const tried = deps.tries.of();
  for (;;) {
    const result = await ask(deps, signal);
    signal.throwIfAborted();
    if (!result.ok) {
      await tried.failed(signal, result.error === 'refused' ? refusedBackoff : undefined);
      continue;
    }
    tried.worked();
    if (result.value.state === 'activated') return result.value;
    deps.onWaiting(result.value);
    await deps.tries.sleep(result.value.retryAfterSeconds * 1000, signal);
  }
}

async function ask(deps: EnrolmentDeps, signal: AbortSignal): Promise<Result<HelloAnswer, 'refused' | 'failed'>> {
  const personalizationCode = deps.personalizationCode();
  const announcement = { level: protocolLevel, publicKey: deps.publicKey, facts: deps.facts() };
  const body = personalizationCode ? { ...announcement, code: personalizationCode.reveal() } : announcement;
  const result = await deps.client.send({
    method: 'POST',
    path: personalizationCode ? appliancePaths.personalize : appliancePaths.hello,
    contentType: 'application/json',
    body: Buffer.from(JSON.stringify(body)),
    deadlineMs: 30_000,
    maxAnswerBytes: 65_536,
    signal,
  });
  if (!result.ok) {
    if (!signal.aborted)
      deps.log.write('warning', 'enrolment.failed', { kind: result.error.kind, detail: result.error.detail });
    deps.onFailure(result.error);
    return err('failed');
  }
  const answer = result.value;
  if (answer.status >= 400) {
    deps.log.write('warning', 'enrolment.refused', { status: answer.status, code: answer.problem?.code ?? null });
    deps.onRefused(answer);
    return err(answer.status >= 500 ? 'failed' : 'refused');
  }
  const parsed = helloAnswer.safeParse(parseJson(answer.body));
  if (parsed.success) return ok(parsed.data);
  deps.onFailure(plainFailure('the platform', 'answer', 'the answer to the announcement can not be read'));
  return err('failed');
}
