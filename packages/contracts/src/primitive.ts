import { parseIp, formatIp, parseRange } from '@picket/base/ip';
import { z } from 'zod';

/** ISO 8601, UTC, e.g. `2026-11-21T04:40:00.000Z`. */
export const isoDateTime = z.iso.datetime().meta({ description: 'ISO 8601 time in UTC.' });

/** A positive integer id. */
export const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** A canonical IP literal (`formatIp`). */
export const ipLiteral = z
  .string()
  .max(45)
  .refine(
    (text) => {
      const parsed = parseIp(text);
      return parsed.ok && formatIp(parsed.value) === text;
    },
    { message: 'must be an IP address in its canonical form' },
  );

/** `10.0.0.1`, `10.0.0.1-10.0.0.9` or a CIDR prefix. */
export const ipRangeText = z
  .string()
  .max(91)
  .refine((text) => parseRange(text).ok, { message: 'must be an address range' });

export const portNumber = z.number().int().min(1).max(65_535);
export const transport = z.enum(['tcp', 'udp']);

export const severity = z.enum(['info', 'low', 'medium', 'high', 'critical']);
export type Severity = z.infer<typeof severity>;

/** Severities by rising weight: index + 1 is the number that the v2-compatible API uses. */
export const severities = severity.options;

/** Severity band of a CVSS base score: 0, 0.1, 4.0, 7.0, 9.0. */
export function severityOfScore(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'medium';
  return score > 0 ? 'low' : 'info';
}

/** Printable text from a hostile network, bounded. */
export const shortText = z.string().max(1024);
export const jobKind = z.enum(['map', 'scan']);
export const phase = z.enum(['discovery', 'ports', 'services', 'os', 'checks']);
