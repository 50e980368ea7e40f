import type { SpoolStorage } from '../daemon/spool/storage.ts';

/** The same files for a process that is killed before their n-th operation: neither that one nor any after it happens, or ever answers. */
export function mortalStorage(storage: SpoolStorage, killAt: number) {
  let operations = 0;
  const death = Promise.withResolvers<void>();
  const mortal = new Proxy(storage, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        operations += 1;
        if (operations < killAt) return Reflect.apply(value, target, args);
        death.resolve();
        return new Promise(() => {});
      };
    },
  });
  return {
    storage: mortal,
    died: death.promise,
    get dead() {
      return operations >= killAt;
    },
  };
}
