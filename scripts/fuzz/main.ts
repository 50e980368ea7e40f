import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fuzzTargets } from '../../packages/engine/src/fuzz/registry.ts';
import { fuzzDecoders } from './decoder-rounds.ts';
import { fuzzProperties } from './property-rounds.ts';

const usage = `npm run fuzz [-- OPTIONS]

Feeds every decoder with random and mutated inputs, made from real messages; none may throw, hang, write, or read past its
input. An input and its decoder are printed when one does.

  --count N        inputs for each decoder (default 1000000)
  --only TEXT      only decoders whose name holds this text
  --from NAME      start at this decoder of the list: goes on after an interruption
  --seed N         the same inputs again (default: another each time)
  --list           print the names of the decoders and end
  --properties N   instead: run the property tests for N minutes, each round with another seed
  --runs N         cases of each property in a round (default 5000)
`;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    from: { type: 'string' },
    seed: { type: 'string' },
    list: { type: 'boolean' },
    properties: { type: 'string' },
    runs: { type: 'string', default: '5000' },
    help: { type: 'boolean', short: 'h' },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);
const count = Number(values.count);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
const minutes = Number(values.properties ?? 1);
const runs = Number(values.runs);

const from = values.from;
if (from !== undefined && !fuzzTargets.some(({ name }) => name === from)) {
  process.stderr.write(`fuzz: there is no decoder "${from}"; --list has their names.\n`);
  process.exitCode = 2;
} else if (values.help || !(count > 0) || !Number.isInteger(seed) || !(minutes > 0) || !(runs > 0)) {
  process.stdout.write(usage);
  process.exitCode = values.help ? 0 : 2;
} else if (values.list) {
  for (const { name } of fuzzTargets) say(name);
} else {
  const survived =
    values.properties === undefined
      ? await fuzzDecoders({ count, seed, only: values.only ?? null, from: values.from ?? null }, say)
      : await fuzzProperties(root, { minutes, runs }, say);
  process.exitCode = survived ? 0 : 1;
}
