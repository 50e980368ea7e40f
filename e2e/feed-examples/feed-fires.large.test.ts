import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readFeedExamples } from './feed-example.ts';
import { readIndex, runFeedExamples } from './run-feed-examples.ts';

/** A slice of a public collection beside the repository; a plain clone has none. */
const collection = fileURLToPath(new URL('../../../shared/feeds/nuclei-templates', import.meta.url));

/** So many templates fire and are silent as they should; fewer is a fault. Raise it when more do. */
const floor = 250;

const programs = 'programs of the feed are not run on the appliance';
const publicHost = 'its templates ask a host of the public Internet by name, which the scope gate refuses';

/** Features of remote templates that no answer can be made for, and why. */
const beyond: Readonly<Record<string, string>> = {
  'annot:@host': publicHost,
  'http.disable-path-automerge': publicHost,
  'code.engine': programs,
  'code.source': programs,
  'engine:py': programs,
  'engine:python3': programs,
  'engine:rb': programs,
  'engine:ruby': programs,
  'proto:code': programs,
  'headless.steps': 'there is no browser on the appliance',
  'proto:headless': 'there is no browser on the appliance',
  'javascript.threads':
    'its one template logs in by SSH: the key exchange is new each time, and OpenSSH proves the client',
};

/** Protocols that an appliance aims at other machines with. */
const remote = /^(?:http|network|ssl|dns|javascript)\//;

test.runIf(existsSync(collection))(
  'templates of a public collection fire on an answer made for them and are silent on a near miss, for every feature that remote ones use',
  async () => {
    const outcomes = await runFeedExamples(collection, readFeedExamples());
    const good = outcomes.filter(({ faults }) => faults.length === 0);
    const covered = new Set(good.flatMap(({ features }) => features));
    const entries = [...readIndex(collection).values()].filter(({ path }) => remote.test(path));
    const used = new Set(entries.flatMap(({ features }) => features));
    const open = [...used].filter((feature) => !covered.has(feature)).toSorted();
    process.stdout.write(
      `feed examples: ${good.length} of ${outcomes.length} templates fire and are silent as they should; ` +
        `${used.size - open.length} of ${used.size} features of remote templates covered\n  not covered: ${open.join(', ')}\n`,
    );
    expect(outcomes.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(good.length).toBeGreaterThanOrEqual(floor);
    // What is said to be beyond reach must be just that.
    expect(open).toEqual(Object.keys(beyond).toSorted());
  },
);
