import type { Random } from '@picket/base/random';
import type { DialFailure } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import type { OpenForTls } from '../hello-exchange.ts';
import { decodeJarmAnswer, isJarmAnswer, type JarmAnswer } from './answer.ts';
import { jarmFingerprint } from './fingerprint.ts';
import { type JarmHello, jarmHelloBytes, jarmHellos } from './hellos.ts';

/** How the ten hellos reach a server. */
export interface JarmReach {
  readonly open: OpenForTls;
  readonly random: Random;
  /** How long one answer may take, milliseconds. */
  readonly answerMs: number;
}

/** Most that is read of an answer: its first record, bytes. */
const answerBytes = 16_645;

/**
 * The JARM fingerprint of a server (salesforce/jarm, "JARM"): ten hellos, each on a connection of its own, one after the other. `host`
 * is the name or address that they carry. The error: one of them got neither an answer nor a refusal, so there is no fingerprint.
 */
export async function askJarm(reach: JarmReach, host: string): Promise<Result<string, DialFailure>> {
  const answers: (JarmAnswer | null)[] = [];
  for (const hello of jarmHellos) {
    const answer = await askOne(reach, hello, host);
    if (!answer.ok) return answer;
    answers.push(answer.value);
  }
  return ok(jarmFingerprint(answers));
}

async function askOne(
  reach: JarmReach,
  hello: JarmHello,
  host: string,
): Promise<Result<JarmAnswer | null, DialFailure>> {
  const opened = await reach.open();
  // Accepted and closed at once is an answer of a kind.
  if (!opened.ok) return opened.error.kind === 'reset' ? ok(null) : opened;
  const connection = opened.value;
  try {
    // A server that hung up at once may still have said why, so its answer is read in any case.
    await connection.write(jarmHelloBytes(hello, host, reach.random));
    const reply = await connection.read({ timeoutMs: reach.answerMs, maxBytes: answerBytes, until: isJarmAnswer });
    if (reply.end === 'cancelled') return err({ kind: 'cancelled', detail: '' });
    if (reply.end === 'timeout') return err({ kind: 'timeout', detail: 'a hello is not answered' });
    return ok(decodeJarmAnswer(reply.bytes));
  } finally {
    connection.close();
  }
}
