import { z } from 'zod';

/** What can be updated apart from each other. */
export const releaseKinds = ['content', 'software'] as const;
export const releaseKind = z.enum(releaseKinds);
export type ReleaseKind = z.infer<typeof releaseKind>;

/** Content has date-numbers (`20261121.1`), software three numbers (`0.2.0`). Both are also names of folders. */
export const versionPatterns: Readonly<Record<ReleaseKind, RegExp>> = {
  content: /^[0-9]{8}\.[0-9]{1,4}$/,
  software: /^(0|[1-9][0-9]{0,8})(\.(0|[1-9][0-9]{0,8})){2}$/,
};

/** A version of either kind. */
export const releaseVersion = z
  .string()
  .max(40)
  .refine((text) => versionPatterns.content.test(text) || versionPatterns.software.test(text), {
    message: 'must be a version such as 20261121.1 or 0.2.0',
  });

/** Below 0: `left` is older. A text that is no version is older than every version; two such texts are equal. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? -1) - (b[at] ?? -1);
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}

function partsOf(text: string): readonly number[] {
  return /^[0-9]{1,9}(\.[0-9]{1,9}){1,3}$/.test(text) ? text.split('.').map(Number) : [];
}
