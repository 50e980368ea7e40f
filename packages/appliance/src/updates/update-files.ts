import type { Result } from '@picket/base/result';
import type { Verifier } from '@picket/contracts/http-signature';
import type { BundleFault } from '@picket/contracts/release/bundle-fault';
import type { ReleaseManifest } from '@picket/contracts/release/release-manifest';
import type { ReleaseKind } from '@picket/contracts/release/release-version';
import type { TakenRelease, UpdateRecord } from './update-record.ts';

/** Verifier of a release key that is trusted here, by its id. */
export type ReleaseTrust = (keyId: string) => Verifier | null;

/** A record file: `content` belongs to the daemon, `software` to the launcher, `software-refused` holds what the daemon refused of software. */
export type RecordName = 'content' | 'software' | 'software-refused';

/** The disk side of updates. Everything that others build on is forced to the disk before a promise resolves. */
export interface UpdateFiles {
  /** Bytes of a bundle that are here. */
  partSize(sha256: string): Promise<number>;
  append(sha256: string, offset: number, bytes: Uint8Array): Promise<void>;
  dropPart(sha256: string): Promise<void>;
  /** Removes what was downloaded of other bundles. */
  dropOtherParts(sha256: string): Promise<void>;
  /** SHA-256 of what is here, lower-case hex, and whether it is a bundle that holds. */
  verify(
    sha256: string,
    trust: ReleaseTrust,
  ): Promise<{ readonly sha256: string; readonly read: Result<ReleaseManifest, BundleFault> }>;
  /** Makes the folder of a version from its bundle: whole, or not at all. */
  unpack(
    release: { readonly kind: ReleaseKind } & TakenRelease,
    trust: ReleaseTrust,
  ): Promise<Result<null, BundleFault>>;
  /** Hash of the bundle that the folder of a version was made from; null without one. */
  installed(kind: ReleaseKind, version: string): Promise<string | null>;
  folder(kind: ReleaseKind, version: string): string;
  record(name: RecordName): Promise<UpdateRecord>;
  saveRecord(name: RecordName, record: UpdateRecord): Promise<void>;
  /** Points `current` at a version; null: at none, so that the installation's is used. */
  setCurrent(kind: ReleaseKind, version: string | null): Promise<void>;
  /** Removes versions that are not named, and what an interrupted unpacking left. */
  prune(kind: ReleaseKind, keep: readonly string[]): Promise<void>;
  /** Asks the launcher to try a version of the software. */
  request(release: TakenRelease): Promise<void>;
  /** What was asked; null: nothing. */
  requested(): Promise<TakenRelease | null>;
  dropRequest(): Promise<void>;
  /** Says that this version reached the platform. */
  callHome(version: string): Promise<void>;
  /** The version that said so since the mark was taken away; null: none. */
  calledHome(): Promise<string | null>;
  dropCall(): Promise<void>;
  /** Bytes that may still be written. */
  freeBytes(): Promise<number>;
}
