import type { Problem } from '@picket/contracts/problem';

/** A refusal of the API, or the reason why it gave no answer: always with what, why and the way out. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: { cause: unknown }) {
    super(problem.detail, options);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

/** The problem that any thrown value stands for. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return {
    type: 'about:blank',
    title: 'Something went wrong on this page',
    status: 0,
    code: 'web.unexpected',
    detail: error instanceof Error ? error.message : 'An unknown fault.',
    hint: 'Reload the page. If it happens again, report it with the steps that led here.',
    requestId: '',
  };
}

/** Messages of one form field, joined; null when the field has none. */
export function fieldError(error: unknown, field: string): string | null {
  if (!(error instanceof ApiError)) return null;
  const found = (error.problem.errors ?? []).filter(
    (entry) => entry.field === field || entry.field === `body.${field}`,
  );
  return found.length === 0 ? null : found.map((entry) => entry.message).join(' ');
}
