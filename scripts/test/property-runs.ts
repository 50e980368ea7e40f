import fc from 'fast-check';

/** Properties run a fixed share of cases in every test run, and many more under `npm run fuzz`. */
fc.configureGlobal({
  numRuns: Number(process.env.PICKET_PROPERTY_RUNS ?? 100),
  ...(process.env.PICKET_PROPERTY_SEED === undefined ? {} : { seed: Number(process.env.PICKET_PROPERTY_SEED) }),
});
