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

/** Three sizes (house style 25). Order is shuffled; large tests run one file at a time because they share the machine's network. */
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
          name: 'large',
          include: files('*.large.test.ts'),
          testTimeout: 600_000,
          hookTimeout: 300_000,
          pool: 'forks',
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
