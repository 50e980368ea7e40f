import type { Connector } from '@picket/outbound/connector';
import { httpsClient } from '@picket/outbound/adapters/https-client';
import { err, ok, type Result } from '@picket/base/result';
import type { Secret } from '@picket/base/secret';
import { signWebhook } from './webhook-signature.ts';

/** From the name to the last byte of the answer, milliseconds. */
const deadlineMs = 20_000;
/** Of what the receiver answers nothing but the status counts. */
const maxAnswerBytes = 65_536;

export interface WebhookMessage {
  readonly url: string;
  readonly caPem: string | null;
  readonly secret: Secret;
  /** JSON. */
  readonly body: string;
  /** The same for every attempt. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface WebhookFailure {
  readonly message: string;
  /** Trying again is of no use. */
  readonly final: boolean;
}

/** Hands one message to its receiver over HTTPS. Redirects are answers like any other and lead nowhere. */
export async function sendWebhook(
  connector: Connector,
  { url, caPem, secret, body, id, now }: WebhookMessage,
  signal: AbortSignal,
): Promise<Result<null, WebhookFailure>> {
  const { origin, host, pathname, search, username } = new URL(url);
  if (username !== '') return err({ message: 'The URL holds a user name.', final: true });
  const client = httpsClient({ origin: withPort(origin), connector, trust: { ca: caPem } });
  try {
    const bytes = new TextEncoder().encode(body);
    const answer = await client.request({
      method: 'POST',
      target: pathname + search,
      headers: {
        host,
        'content-type': 'application/json',
        'user-agent': 'picket',
        'picket-event-id': id,
        ...signWebhook(bytes, secret, now),
      },
      body: bytes,
      deadlineMs,
      maxAnswerBytes,
      signal,
    });
    if (!answer.ok) return err({ message: `${answer.error.message} ${answer.error.hint}`.trim(), final: false });
    return judge(answer.value.status);
  } finally {
    client.close();
  }
}

function withPort(origin: string): string {
  return new URL(origin).port === '' ? `${origin}:443` : origin;
}

function judge(status: number): Result<null, WebhookFailure> {
  if (status >= 200 && status < 300) return ok(null);
  if (status === 410) return err({ message: 'The receiver answered 410: it is gone for good.', final: true });
  if (status >= 300 && status < 400)
    return err({ message: `The receiver answered ${status}, a redirect: redirects are not followed.`, final: false });
  return err({ message: `The receiver answered ${status}.`, final: false });
}
