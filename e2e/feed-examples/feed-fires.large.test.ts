import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFeedExamples } from './feed-example.ts';
import { readIndex, runFeedExamples } from './run-feed-examples.ts';

/** A slice of a public collection beside the repository; a plain clone has none. */
const collection = fileURLToPath(new URL('../../../shared/feeds/nuclei-templates', import.meta.url));

/** So many templates fire and are silent as they should; fewer is a fault. Raise it when more do. */
const floor = 200;

test.runIf(existsSync(collection))(
  'templates of a public collection fire on an answer made for them and are silent on a near miss',
  async () => {
    const outcomes = await runFeedExamples(collection, readFeedExamples());
    const good = outcomes.filter(({ faults }) => faults.length === 0);
    const covered = new Set(good.flatMap(({ features }) => features));
    const all = new Set([...readIndex(collection).values()].flatMap(({ features }) => features));
    const open = [...all].filter((feature) => !covered.has(feature)).toSorted();
    process.stdout.write(
      `feed examples: ${good.length} of ${outcomes.length} templates fire and are silent as they should; ` +
        `${covered.size} of ${all.size} features covered\n  covered: ${[...covered].toSorted().join(', ')}\n  not covered: ${open.join(', ')}\n`,
    );
    expect(outcomes.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(good.length).toBeGreaterThanOrEqual(floor);
  },
);
