import type { FixtureState } from './fixture-state.ts';

/** An answer of the fixture. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A request of the interface. */
export interface Call {
  readonly state: FixtureState;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

/** One thing; null where there is none. */
export function one(body: unknown): Answer | null {
  return body === undefined ? null : { status: 200, body };
}

/** The part of a list that the request asks for. */
export function list(all: readonly unknown[], query: URLSearchParams): Answer {
  const from = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? 50);
  const to = from + limit;
  return {
    status: 200,
    body: { items: all.slice(from, to), nextCursor: to < all.length ? String(to) : null, total: all.length },
  };
}

/** A refusal, as problem details. */
export function refusal(status: number, code: string, detail: string, hint?: string, errors?: unknown): Answer {
  return {
    status,
    body: { type: 'about:blank', title: 'Refused', status, code, detail, hint, errors, requestId: 'fixture-7f3a9c' },
  };
}
