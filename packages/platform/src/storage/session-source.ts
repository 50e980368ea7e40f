/** One statement's outcome, the same from both kinds of database. */
export interface StatementResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows that an insert, update, delete or merge touched; null for other statements. */
  readonly affectedRows: number | null;
  /** Command tag's word: `SELECT`, `COMMIT`, `ROLLBACK`. */
  readonly command: string;
}

/** One connection, held by one caller at a time. */
export interface DatabaseSession {
  /** One statement with parameters. Throws what `storageError` makes. */
  query(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Statements without parameters, separated by semicolons. */
  script(sql: string): Promise<void>;
  /** Gives it back. `broken`: its state is unknown, do not use it again. */
  release(broken: boolean): void;
}

/** Where sessions come from: a pool of connections, or the single one of the embedded database behind a mutex. */
export interface SessionSource {
  acquire(): Promise<DatabaseSession>;
  close(): Promise<void>;
}
