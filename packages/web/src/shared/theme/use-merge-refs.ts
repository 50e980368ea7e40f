import { useMergedRef } from '@mantine/hooks';

/** One ref for several, as `useMergeRefs` of Floating UI: what the build gives to ScrollArea instead (`vite.config.ts`). */
export function useMergeRefs<T>(refs: readonly (React.Ref<T> | undefined)[]): React.RefCallback<T> {
  return useMergedRef(...refs.filter((ref) => ref !== undefined));
}
