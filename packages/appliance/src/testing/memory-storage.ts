import type { SpoolStorage } from '../daemon/spool/storage.ts';

/** Files in memory whose disk can be full and whose process can be killed: only synced bytes are sure to be left. */
export class MemoryStorage implements SpoolStorage {
  readonly files = new Map<string, { bytes: Uint8Array; synced: number }>();
  /** Bytes of all files together. */
  capacity = Number.POSITIVE_INFINITY;

  get used(): number {
    return [...this.files.values()].reduce((sum, each) => sum + each.bytes.length, 0);
  }

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  size(name: string): Promise<number> {
    return Promise.resolve(this.#file(name).bytes.length);
  }

  read(name: string, offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.#file(name).bytes.slice(offset, offset + length));
  }

  create(name: string): Promise<void> {
    this.files.set(name, { bytes: new Uint8Array(), synced: 0 });
    return Promise.resolve();
  }

  append(name: string, offset: number, bytes: Uint8Array): Promise<void> {
    const file = this.#file(name);
    const room = Math.max(0, this.capacity - this.used);
    const written = bytes.slice(0, room);
    file.bytes = Buffer.concat([file.bytes.subarray(0, offset), written]);
    if (room < bytes.length) return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC' }));
    return Promise.resolve();
  }

  sync(name: string): Promise<void> {
    const file = this.#file(name);
    file.synced = file.bytes.length;
    return Promise.resolve();
  }

  truncate(name: string, size: number): Promise<void> {
    const file = this.#file(name);
    file.bytes = file.bytes.slice(0, size);
    file.synced = Math.min(file.synced, size);
    return Promise.resolve();
  }

  rename(from: string, to: string): Promise<void> {
    this.files.set(to, this.#file(from));
    this.files.delete(from);
    return Promise.resolve();
  }

  remove(name: string): Promise<void> {
    this.files.delete(name);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** What a crash may leave: of each file the synced bytes and any part of the rest. */
  crash(keep: (unsynced: number) => number): MemoryStorage {
    const after = new MemoryStorage();
    for (const [name, { bytes, synced }] of this.files) {
      const left = bytes.slice(0, synced + keep(bytes.length - synced));
      after.files.set(name, { bytes: left, synced: left.length });
    }
    return after;
  }

  #file(name: string) {
    const file = this.files.get(name);
    if (!file) throw Object.assign(new Error(`no file ${name}`), { code: 'ENOENT' });
    return file;
  }
}
