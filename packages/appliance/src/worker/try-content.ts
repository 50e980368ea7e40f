import { describeError } from '@picket/base/error';
import { loadContent } from '@picket/engine/adapters/content-loader';

/**
 * Loads the engine, and the content folder that is its one argument, as a scan would, under the same bounds of memory. Exit code 0: it can be used; 1: the reason is
 * on standard output, one clause.
 */
try {
  // A release that lacks a module that scans need must not get through.
  await import('./load-engine.ts');
  await loadContent(process.argv[2] ?? '');
  process.exitCode = 0;
} catch (error) {
  process.stdout.write(describeError(error));
  process.exitCode = 1;
}
