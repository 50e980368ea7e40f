import { PicketError } from '@picket/base/error';
import type { Problem } from '@picket/contracts/problem';
import { z } from 'zod';
import type { FieldFault } from './http-error.ts';

/** An answer that refuses: the body and what goes into its header. */
export interface ProblemAnswer {
  readonly problem: Problem;
  readonly retryAfterSeconds: number | null;
  /** Worth an entry in the log with its reason: not the caller's fault. */
  readonly ours: boolean;
}

const details = z.object({
  status: z.number().int().min(400).max(599).optional(),
  retryAfterSeconds: z.number().int().optional(),
  errors: z.array(z.object({ field: z.string(), item: z.string().optional(), message: z.string() })).optional(),
});

const frameworkError = z.object({
  statusCode: z.number().int().min(400).max(499),
  code: z.string(),
  message: z.string(),
});
const validationError = z.object({
  validation: z.array(z.object({ instancePath: z.string(), message: z.string().optional() })),
  validationContext: z.string().optional(),
});

/** Anything thrown below a route, as a problem (RFC 9457). What is our fault says no more than its request id. */
export function problemOf(error: unknown, requestId: string): ProblemAnswer {
  if (error instanceof PicketError) return fromPicketError(error, requestId);
  const invalid = validationError.safeParse(error);
  if (invalid.success) return fromValidation(invalid.data, requestId);
  const framework = frameworkError.safeParse(error);
  if (framework.success) return fromFramework(framework.data, requestId);
  return internal(requestId);
}

function answer(
  fields: Omit<Problem, 'type' | 'title'>,
  retryAfterSeconds: number | null,
  ours: boolean,
): ProblemAnswer {
  return { problem: { type: 'about:blank', title: title(fields.status), ...fields }, retryAfterSeconds, ours };
}

function fromPicketError(error: PicketError, requestId: string): ProblemAnswer {
  if (error.kind === 'bug') return internal(requestId);
  const { status, retryAfterSeconds, errors } = details.parse(error.details);
  const operational = error.kind === 'operational';
  return answer(
    {
      status: status ?? (operational ? 503 : 400),
      code: error.code,
      // The reason of an operational error can name hosts of the installation: it stays in the log.
      detail:
        operational && error.code.startsWith('storage.')
          ? 'The database cannot be reached at the moment.'
          : error.message,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(errors === undefined ? {} : { errors: errors.map(withoutUndefined) }),
      requestId,
    },
    retryAfterSeconds ?? (operational ? 5 : null),
    operational,
  );
}

function withoutUndefined(fault: { field: string; item?: string | undefined; message: string }): FieldFault {
  const { field, item, message } = fault;
  return item === undefined ? { field, message } : { field, item, message };
}

function fromValidation(error: z.output<typeof validationError>, requestId: string): ProblemAnswer {
  const errors = error.validation.map((issue) => ({
    field: issue.instancePath.replace(/^\//, '').replaceAll('/', '.'),
    message: issue.message ?? 'is not valid',
  }));
  const where = error.validationContext ?? 'body';
  const names = [...new Set(errors.map((fault) => fault.field || where))].slice(0, 5).join(', ');
  return answer(
    {
      status: 400,
      code: 'request.invalid',
      detail: `The request's ${where} has ${errors.length === 1 ? 'a fault' : `${errors.length} faults`}: ${names}.`,
      hint: 'Mend the named fields; /api/docs describes each of them.',
      errors,
      requestId,
    },
    null,
    false,
  );
}

const frameworkCodes: Readonly<Record<number, readonly [code: string, hint: string]>> = {
  400: ['request.malformed', 'Send valid JSON with the header content-type: application/json.'],
  404: ['request.not-found', 'Look at /api/docs for the paths that exist.'],
  405: ['request.method', 'Look at /api/docs for the methods of this path.'],
  413: ['request.too-large', 'Send less at a time.'],
  414: ['request.too-large', 'Send less at a time.'],
  415: ['request.content-type', 'Send JSON with the header content-type: application/json.'],
};

function fromFramework(error: z.output<typeof frameworkError>, requestId: string): ProblemAnswer {
  const [code, hint] = frameworkCodes[error.statusCode] ?? ['request.refused', 'Look at /api/docs.'];
  return answer({ status: error.statusCode, code, detail: error.message, hint, requestId }, null, false);
}

function internal(requestId: string): ProblemAnswer {
  return answer(
    {
      status: 500,
      code: 'platform.internal',
      detail: 'The platform made a mistake. The reason is in its log under this request id.',
      hint: 'Try again. If it stays, report the fault with the request id.',
      requestId,
    },
    null,
    true,
  );
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  410: 'Gone',
  413: 'Too large',
  415: 'Unsupported content',
  421: 'Wrong host',
  426: 'Upgrade needed',
  429: 'Too many attempts',
  500: 'Internal error',
  503: 'Not available now',
};

function title(status: number): string {
  return titles[status] ?? 'Refused';
}
