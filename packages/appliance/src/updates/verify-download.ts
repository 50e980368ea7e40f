import { type BundleFault, bundleFaultText } from '@picket/contracts/release/bundle-fault';
import { contentEngineLevel } from '@picket/contracts/release/content-engine-level';
import type { ReleaseManifest } from '@picket/contracts/release/release-manifest';
import type { WantedBundle } from '@picket/contracts/updates';
import type { UpdateFailure } from './update-failure.ts';
import type { ReleaseTrust, UpdateFiles } from './update-files.ts';

export interface VerifyQuestion {
  readonly offer: WantedBundle;
  readonly trust: ReleaseTrust;
  /** Protocol level that the platform serves. */
  readonly platformLevel: number;
}

/** Whether what was downloaded is what was offered, signed by somebody who is trusted, and of a level that can be used. */
export async function verifyDownload(
  files: Pick<UpdateFiles, 'verify'>,
  { offer, trust, platformLevel }: VerifyQuestion,
): Promise<UpdateFailure | null> {
  const { sha256, read } = await files.verify(offer.sha256, trust);
  if (!read.ok) return faultFailure(read.error);
  if (sha256 !== offer.sha256) return lasting('updates.hash', 'its bytes have another hash than the platform named');
  return manifestFailure(read.value, offer, platformLevel);
}

function manifestFailure(manifest: ReleaseManifest, offer: WantedBundle, platformLevel: number): UpdateFailure | null {
  const { kind, version, level } = manifest;
  if (kind !== offer.kind || version !== offer.version)
    return lasting('updates.not-wanted', `it holds ${kind} ${version}, not ${offer.kind} ${offer.version}`);
  const here = kind === 'content' ? contentEngineLevel : platformLevel;
  if (level > here) return lasting('updates.level', `it needs level ${level}, here is ${here}`);
  return null;
}

/** A bundle that does not hold. */
export function faultFailure(fault: BundleFault): UpdateFailure {
  return lasting(fault.code, bundleFaultText(fault));
}

function lasting(code: string, detail: string): UpdateFailure {
  return { code, detail, lasting: true };
}
