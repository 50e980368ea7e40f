import type { EngineEventOf } from '@picket/contracts/event';

/** An operating system in words, `Debian Linux 12`; a maker that is the product's own name is not said twice. */
export function systemName({ vendor, product, version }: EngineEventOf<'os'>): string {
  return [vendor === product ? undefined : vendor, product, version].filter((part) => part !== undefined).join(' ');
}
