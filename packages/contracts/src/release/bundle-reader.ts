import { err, ok, type Result } from '@picket/base/result';
import type { Verifier } from '../http-signature.ts';
import type { BundleFault, BundleFaultCode } from './bundle-fault.ts';
import { type BundleHead, bundleHeadBytes, decodeBundleHead } from './bundle-header.ts';
import { parseReleaseManifest, type ReleaseFile, type ReleaseManifest, releaseLimits } from './release-manifest.ts';

/** A running SHA-256. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** Lower-case hex; the hash is over then. */
  hex(): string;
}

export interface BundleReaderDeps {
  /** Verifier of a release key by its id, null for a key that is not trusted. Without this port nobody's signature is looked at. */
  readonly trust?: (keyId: string) => Verifier | null;
  readonly newHash: () => RunningHash;
}

/** What came out of the bytes so far, in order. What is written from `data` is good only once `file-end` came. */
export type BundlePiece =
  | { readonly kind: 'manifest'; readonly manifest: ReleaseManifest; readonly keyId: string }
  | { readonly kind: 'file'; readonly file: ReleaseFile }
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'file-end'; readonly file: ReleaseFile };

/**
 * Reads a bundle as its bytes come, with no more than its manifest in memory. Total: whatever the bytes are, `push` and
 * `end` give pieces or a fault, and after a fault only that fault.
 */
export class BundleReader {
  readonly #deps: BundleReaderDeps;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #head: BundleHead | null = null;
  #manifest: ReleaseManifest | null = null;
  #next = 0;
  #open: { readonly file: ReleaseFile; readonly hash: RunningHash; left: number } | null = null;
  #fault: BundleFault | null = null;

  constructor(deps: BundleReaderDeps) {
    this.#deps = deps;
  }

  push(chunk: Uint8Array): Result<readonly BundlePiece[], BundleFault> {
    if (this.#fault !== null) return err(this.#fault);
    const pieces: BundlePiece[] = [];
    const left = this.#manifest === null ? this.#begin(chunk, pieces) : chunk;
    if (left !== null) this.#files(left, pieces);
    return this.#fault === null ? ok(pieces) : err(this.#fault);
  }

  /** No more bytes come. */
  end(): Result<ReleaseManifest, BundleFault> {
    if (this.#fault === null && this.#manifest === null)
      this.#refuse(this.#head ? 'bundle.cut-off' : 'bundle.not-a-bundle', 'in its head');
    else if (this.#fault === null && (this.#open !== null || this.#next < (this.#manifest?.files.length ?? 0)))
      this.#refuse('bundle.cut-off', this.#open?.file.path ?? '');
    return this.#fault === null && this.#manifest !== null
      ? ok(this.#manifest)
      : err(this.#fault ?? { code: 'bundle.not-a-bundle', detail: '' });
  }

  /** Head and manifest. Gives what follows them, null while they are not whole. */
  #begin(chunk: Uint8Array, pieces: BundlePiece[]): Uint8Array | null {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    const wanted = bundleHeadBytes + (this.#head?.manifestBytes ?? 0);
    if (this.#waitingBytes < wanted) return null;
    const bytes = joined(this.#waiting, this.#waitingBytes);
    this.#waiting = [bytes];
    if (this.#head === null) {
      this.#head = decodeBundleHead(bytes);
      if (this.#head === null) return this.#refuse('bundle.not-a-bundle', '');
      if (this.#head.manifestBytes > releaseLimits.manifestBytes)
        return this.#refuse('bundle.manifest-invalid', `it has ${this.#head.manifestBytes} bytes`);
      if (bytes.length < bundleHeadBytes + this.#head.manifestBytes) return null;
    }
    return this.#judge(this.#head, bytes, pieces);
  }

  #judge(head: BundleHead, bytes: Uint8Array, pieces: BundlePiece[]): Uint8Array | null {
    const end = bundleHeadBytes + head.manifestBytes;
    const signed = bytes.subarray(bundleHeadBytes, end);
    // What nobody vouches for is not even parsed.
    if (this.#deps.trust) {
      const verify = this.#deps.trust(head.keyId);
      if (verify === null) return this.#refuse('bundle.key-unknown', `key ${head.keyId}`);
      if (!verify(signed, head.signature)) return this.#refuse('bundle.signature-invalid', `key ${head.keyId}`);
    }
    const manifest = parseReleaseManifest(signed);
    if (!manifest.ok) return this.#refuse('bundle.manifest-invalid', manifest.error);
    this.#manifest = manifest.value;
    this.#waiting = [];
    pieces.push({ kind: 'manifest', manifest: manifest.value, keyId: head.keyId });
    return bytes.subarray(end);
  }

  #files(chunk: Uint8Array, pieces: BundlePiece[]): void {
    let bytes = chunk;
    this.#openNext(pieces);
    while (bytes.length > 0 && this.#fault === null) {
      const open = this.#open;
      if (open === null) {
        this.#refuse('bundle.too-long', `${bytes.length} bytes`);
        return;
      }
      const data = bytes.subarray(0, open.left);
      open.hash.update(data);
      open.left -= data.length;
      pieces.push({ kind: 'data', bytes: data });
      bytes = bytes.subarray(data.length);
      this.#openNext(pieces);
    }
  }

  /** Ends the file that has all its bytes, and opens the next that has any. */
  #openNext(pieces: BundlePiece[]): void {
    while (this.#open === null || this.#open.left === 0) {
      if (this.#open !== null) {
        const { file, hash } = this.#open;
        this.#open = null;
        if (hash.hex() !== file.sha256) {
          this.#refuse('bundle.file-damaged', file.path);
          return;
        }
        pieces.push({ kind: 'file-end', file });
      }
      const file = this.#manifest?.files[this.#next];
      if (file === undefined) return;
      this.#next += 1;
      this.#open = { file, hash: this.#deps.newHash(), left: file.size };
      pieces.push({ kind: 'file', file });
    }
  }

  #refuse(code: BundleFaultCode, detail: string): null {
    this.#fault = { code, detail };
    return null;
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
