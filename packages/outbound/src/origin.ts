import type { Destination } from './connector.ts';

/** Host (without brackets) and port of an `https://` origin. The origin has passed `parseEnrolment` before. */
export function originOf(origin: string): Destination {
  const url = new URL(origin);
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  return { host, port: url.port === '' ? 443 : Number(url.port) };
}
