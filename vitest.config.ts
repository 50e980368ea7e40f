import { defineConfig } from 'vitest/config';

const sources = [
  'packages/*/src',
  'packages/*/browser',
  'packages/*/bench',
  'packages/contracts/recorded',
  'e2e',
  'lab',
  'content',
  'scripts',
];
const files = (pattern: string) => sources.map((folder) => `${folder}/**/${pattern}`);

/** Large tests that judge by the clock what several processes do, or that look at what is left on the machine: each has it to itself. */
const alone = [
  'lab/lab.large.test.ts',
  'e2e/faults*.large.test.ts',
  'e2e/network-errors.large.test.ts',
  'e2e/pool.large.test.ts',
  'e2e/replicas.large.test.ts',
  'e2e/stop-all.large.test.ts',
  'e2e/vlan.large.test.ts',
  'e2e/window-end.large.test.ts',
];

const large = { testTimeout: 600_000, hookTimeout: 300_000, pool: 'forks' } as const;

/** Three sizes (house style 25), the largest in two parts. Order is shuffled. */
export default defineConfig({
  test: {
    setupFiles: ['scripts/test/property-runs.ts'],
    sequence: { shuffle: { files: true, tests: false } },
    projects: [
      {
        extends: true,
        test: {
          name: 'small',
          include: files('*.test.{ts,tsx}'),
          exclude: files('*.{medium,large}.test.{ts,tsx}'),
          testTimeout: 10_000,
          pool: 'threads',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'medium',
          include: files('*.medium.test.ts'),
          // Bounds a test that hangs. On a busy machine the first start of a platform with its embedded database alone takes a minute.
          testTimeout: 150_000,
          hookTimeout: 150_000,
          pool: 'forks',
          // They mostly wait: for processes, sockets and databases.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...large,
          name: 'large',
          include: files('*.large.test.ts'),
          exclude: alone,
          // Each has namespaces or ports of its own, and waits for much of its time.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          ...large,
          name: 'large, alone',
          include: alone,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
