/**
 * The files of one spool stream. `append` may have written a part when it fails; the spool then truncates. Errors
 * carry the system's `code`; `ENOSPC` and `EDQUOT` are waited out, others end the spool.
 */
export interface SpoolStorage {
  list(): Promise<readonly string[]>;
  size(name: string): Promise<number>;
  read(name: string, offset: number, length: number): Promise<Uint8Array>;
  create(name: string): Promise<void>;
  /** Writes `bytes` at `offset`, the end of the file. */
  append(name: string, offset: number, bytes: Uint8Array): Promise<void>;
  /** On the platter when it resolves. */
  sync(name: string): Promise<void>;
  truncate(name: string, size: number): Promise<void>;
  /** Durable when it resolves; needs no space. */
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}
