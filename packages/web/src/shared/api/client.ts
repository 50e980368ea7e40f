import { problem } from '@picket/contracts/problem';
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** Where the API lives, seen from the page. */
export const apiBase = '/api/v1';

/** Longest wait for an answer, milliseconds. */
const deadlineMs = 30_000;
/** The same while a file is sent. */
const fileDeadlineMs = 600_000;

/** Values of a query string; empty and undefined ones are left out. */
export type QueryValues = Readonly<Record<string, string | number | undefined>>;

interface Send {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The one way to the platform. Every answer passes its schema; every refusal becomes an `ApiError`. */
export interface ApiClient {
  get<T extends z.ZodType>(schema: T, path: string, query?: QueryValues, signal?: AbortSignal): Promise<z.output<T>>;
  /** A `Blob` goes as it is, anything else as JSON. */
  send<T extends z.ZodType>(
    schema: T,
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<z.output<T>>;
  /** The token that changing requests carry; comes with the session. */
  setCsrfToken(token: string | null): void;
}

/** Builds the client over an injected `fetch`. `onUnauthorized` hears of every 401: the session ended. */
export function createApiClient(fetcher: typeof fetch, onUnauthorized: () => void): ApiClient {
  let csrfToken: string | null = null;

  async function exchange<T extends z.ZodType>(schema: T, send: Send): Promise<z.output<T>> {
    const answer = await reach(fetcher, send, csrfToken);
    const body = await readJson(answer);
    if (!answer.ok) {
      if (answer.status === 401 && send.path !== '/session') onUnauthorized();
      throw new ApiError(refusal(answer, body));
    }
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new ApiError(unreadable(send, answer, parsed.error.message));
    return parsed.data;
  }

  return {
    get: (schema, path, query, signal) =>
      exchange(schema, { method: 'GET', path: `${path}${queryString(query ?? {})}`, signal }),
    send: (schema, method, path, body) => exchange(schema, { method, path, body }),
    setCsrfToken(token) {
      csrfToken = token;
    },
  };
}

async function reach(fetcher: typeof fetch, send: Send, csrfToken: string | null): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  const file = send.body instanceof Blob ? send.body : null;
  if (send.body !== undefined) headers['content-type'] = file ? 'application/octet-stream' : 'application/json';
  if (send.method !== 'GET' && csrfToken !== null) headers['x-picket-csrf'] = csrfToken;
  const deadline = AbortSignal.timeout(file ? fileDeadlineMs : deadlineMs);
  try {
    return await fetcher(`${apiBase}${send.path}`, {
      method: send.method,
      headers,
      credentials: 'same-origin',
      signal: send.signal ? AbortSignal.any([send.signal, deadline]) : deadline,
      ...(send.body === undefined ? {} : { body: file ?? JSON.stringify(send.body) }),
    });
  } catch (cause) {
    if (send.signal?.aborted) throw cause;
    throw new ApiError(unreachable(), { cause });
  }
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(answer: Response, body: unknown) {
  const parsed = problem.safeParse(body);
  if (parsed.success) return parsed.data;
  return {
    type: 'about:blank',
    title: 'The platform refused',
    status: answer.status,
    code: 'web.bare-refusal',
    detail: `It answered with HTTP ${answer.status} and no explanation.`,
    hint: 'A proxy between this browser and the platform may have answered instead. Try again, then look at the platform log.',
    requestId: answer.headers.get('x-request-id') ?? '',
  };
}

function unreachable() {
  return {
    type: 'about:blank',
    title: 'The platform does not answer',
    status: 0,
    code: 'web.unreachable',
    detail: 'No connection to the platform could be made, or it took longer than 30 seconds.',
    hint: 'Check that the platform runs and that this computer reaches it, then try again. Nothing you typed is lost.',
    requestId: '',
  };
}

function unreadable(send: Send, answer: Response, reason: string) {
  return {
    type: 'about:blank',
    title: 'The answer could not be read',
    status: answer.status,
    code: 'web.unreadable',
    detail: `${send.method} ${send.path}: ${reason.slice(0, 300)}`,
    hint: 'The page and the platform may be of different versions. Reload the page.',
    requestId: answer.headers.get('x-request-id') ?? '',
  };
}

/** `?a=1&b=2`, or the empty text. */
export function queryString(values: QueryValues): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
