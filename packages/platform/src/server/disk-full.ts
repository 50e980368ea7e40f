/** Whether an error says that a disk (or a quota) is full: of a file system, or of PostgreSQL (`disk_full`). */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === '53100';
}
