import { loadContent } from '@picket/engine/adapters/content-loader';

/*
 * `load-templates.ts CONTENT CACHE`: loads a content folder with a cache of templates, as a scan does before it begins. Prints seconds, checks
 * and peak memory as JSON.
 */
const [directory = '', cache = ''] = process.argv.slice(2);
const started = performance.now();
const library = await loadContent(directory, [], cache);
const seconds = (performance.now() - started) / 1000;
const peakMegabytes = process.resourceUsage().maxRSS / 1024;
process.stdout.write(`${JSON.stringify({ seconds, checks: library.checks.length, peakMegabytes })}\n`);
