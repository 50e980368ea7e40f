import { refuse } from '../server/http-error.ts';
import type { z } from 'zod';

/** Parses a JSON body with its contract; refuses with the first fault. */
export function readBody<T extends z.ZodType>(schema: T, body: Uint8Array): z.output<T> {
  const parsed = schema.safeParse(parseJson(body));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  throw refuse({
    status: 400,
    code: 'request.malformed',
    message: `The request is not valid: ${where}${issue?.message ?? 'it is not JSON'}.`.slice(0, 500),
    hint: 'Update the software of the appliance.',
  });
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
