import { createHmac } from 'node:crypto';
import type { Secret } from '@picket/base/secret';

/**
 * Header fields that prove who sent a body and when: `picket-signature: t=<seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 (RFC 2104) of `<seconds>.<body>`
 * under the webhook's secret. A receiver computes the same, compares in constant time, and refuses a time more than five minutes away.
 */
export function signWebhook(body: Uint8Array, secret: Secret, now: number): Readonly<Record<string, string>> {
  const seconds = Math.floor(now / 1000);
  const mac = createHmac('sha256', secret.reveal()).update(`${seconds}.`).update(body).digest('hex');
  return { 'picket-timestamp': String(seconds), 'picket-signature': `t=${seconds},v1=${mac}` };
}
