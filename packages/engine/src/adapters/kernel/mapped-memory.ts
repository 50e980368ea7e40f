import type { Result } from '@picket/base/result';
import { err, ok } from '@picket/base/result';
import { type KernelError, kernelError } from './kernel-error.ts';
import { libc } from './libc.ts';

/** Memory outside the heap of JavaScript: it never moves, so the kernel may keep its address. */
export interface MappedMemory {
  readonly address: number;
  readonly bytes: Uint8Array;
  /** Unmaps it; `bytes` must not be touched after. */
  release(): void;
}

const readWrite = 3;
const shared = 1;
const privateAnonymous = 0x22;
/** MAP_FAILED as an unsigned number that a double can hold. */
const failedAbove = 2 ** 63;

/** Maps zeroed memory of this process, or with `fd` the ring of a packet socket. */
export function mapMemory(length: number, fd = -1): Result<MappedMemory, KernelError> {
  const { mmap, munmap, errno, view } = libc();
  const address = Number(mmap(0, length, readWrite, fd < 0 ? privateAnonymous : shared, fd, 0));
  if (address >= failedAbove) return err(kernelError('mmap', errno()));
  let mapped = true;
  return ok({
    address,
    bytes: new Uint8Array(view(address, length)),
    release: () => {
      if (mapped) munmap(address, length);
      mapped = false;
    },
  });
}
