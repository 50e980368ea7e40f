import { runningSha256 } from '@picket/base/adapters/running-hash';
import { ok } from '@picket/base/result';
import { readBundle } from '@picket/contracts/release/read-bundle';
import { sha256Of } from '@picket/contracts/release/testing/test-bundle';
import type { RecordName, UpdateFiles } from '../update-files.ts';
import { emptyRecord, type TakenRelease, type UpdateRecord } from '../update-record.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Updates in memory: no disk, all of their rules. */
export class MemoryUpdateFiles implements UpdateFiles {
  readonly parts = new Map<string, Uint8Array>();
  readonly versions = new Map<string, string>();
  readonly records = new Map<RecordName, UpdateRecord>();
  readonly current = new Map<string, string | null>();
  next: TakenRelease | null = null;
  call: string | null = null;
  free = 10_000_000_000;

  partSize = async (sha256: string) => this.parts.get(sha256)?.length ?? 0;
  append = async (sha256: string, offset: number, bytes: Uint8Array) => {
    const before = this.parts.get(sha256)?.subarray(0, offset) ?? new Uint8Array();
    this.parts.set(sha256, new Uint8Array(Buffer.concat([before, bytes])));
  };
  dropPart = async (sha256: string) => void this.parts.delete(sha256);
  dropOtherParts = async (sha256: string) => {
    for (const name of this.parts.keys()) if (name !== sha256) this.parts.delete(name);
  };
  verify: UpdateFiles['verify'] = async (sha256, trust) => {
    const bytes = this.parts.get(sha256) ?? new Uint8Array();
    return { sha256: sha256Of(bytes), read: await readBundle(once(bytes), { trust, newHash: runningSha256 }) };
  };
  unpack: UpdateFiles['unpack'] = async ({ kind, version, sha256 }, trust) => {
    const { read } = await this.verify(sha256, trust);
    if (!read.ok) return read;
    this.versions.set(this.folder(kind, version), sha256);
    return ok(null);
  };
  installed: UpdateFiles['installed'] = async (kind, version) => this.versions.get(this.folder(kind, version)) ?? null;
  folder: UpdateFiles['folder'] = (kind, version) => `${kind}/${version}`;
  record = async (name: RecordName) => this.records.get(name) ?? emptyRecord;
  saveRecord = async (name: RecordName, record: UpdateRecord) => void this.records.set(name, record);
  setCurrent: UpdateFiles['setCurrent'] = async (kind, version) => void this.current.set(kind, version);
  prune: UpdateFiles['prune'] = async (kind, keep) => {
    const kept = new Set(keep.map((version) => this.folder(kind, version)));
    for (const name of this.versions.keys()) if (name.startsWith(kind) && !kept.has(name)) this.versions.delete(name);
  };
  request = async (release: TakenRelease) => void (this.next = release);
  requested = async () => this.next;
  dropRequest = async () => void (this.next = null);
  callHome = async (version: string) => void (this.call = version);
  calledHome = async () => this.call;
  dropCall = async () => void (this.call = null);
  freeBytes = async () => this.free;
}
