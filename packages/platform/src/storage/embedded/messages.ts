import type { EmbeddedProgram } from './program.ts';
import type { RawDatabaseError } from '../storage-error.ts';
import type { StatementResult } from '../session-source.ts';

/** What the worker is started with. */
export interface EmbeddedWorkerData {
  /** Null: in memory. */
  readonly directory: string | null;
  readonly template: string | null;
  readonly program: EmbeddedProgram;
}

/** To the worker. It answers each request with a reply of the same `id`, in order. */
export type EmbeddedRequest =
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly id: number; readonly kind: 'script'; readonly sql: string }
  | { readonly id: number; readonly kind: 'dump' }
  | { readonly id: number; readonly kind: 'close' };

/** From the worker. */
export type EmbeddedMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: RawDatabaseError }
  | { readonly kind: 'reply'; readonly id: number; readonly result: StatementResult }
  | { readonly kind: 'dumped'; readonly id: number; readonly tar: Uint8Array }
  | { readonly kind: 'error'; readonly id: number; readonly error: RawDatabaseError }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };
