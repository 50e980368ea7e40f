import type { Result } from '@picket/base/result';
import type { ByteString } from '@picket/checks/byte-string';

/** A plain file of the folder that is looked into. */
export interface TargetFile {
  /** Path below the folder, with slashes; the name alone where a single file was named. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** The folder, or the one file, that a user wants looked into. Nothing outside of it can be reached through this. */
export interface TargetFiles {
  /** Plain files in the order of their names; links are none. `left` says why there are more than these; empty: there are none. */
  list(): Promise<Result<{ readonly files: readonly TargetFile[]; readonly left: string }, string>>;
  /** Up to `most` bytes from the beginning of a listed file. The error is a sentence. */
  read(path: string, most: number): Promise<Result<ByteString, string>>;
}
