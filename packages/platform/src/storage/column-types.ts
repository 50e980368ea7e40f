import type { ColumnType } from 'kysely';

/** A JSON column: comes out as `unknown` (parse it), goes in as text (`JSON.stringify`). */
export type Json = ColumnType<unknown, string, string>;
/** A JSON column with a default. */
export type JsonDefault = ColumnType<unknown, string | undefined, string>;
/** A column that holds null unless given. */
export type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;
/** A JSON column that holds null unless given. */
export type NullableJson = ColumnType<unknown, string | null | undefined, string | null>;
