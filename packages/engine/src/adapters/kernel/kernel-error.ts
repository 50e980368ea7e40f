/** Error numbers of Linux that the engine decides by (errno(3)); the same on every architecture that is supported. */
export const errnoOf = {
  EPERM: 1,
  EINTR: 4,
  ENXIO: 6,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  ENODEV: 19,
  EMFILE: 24,
  ENFILE: 23,
  EMSGSIZE: 90,
  EAFNOSUPPORT: 97,
  EADDRNOTAVAIL: 99,
  ENETDOWN: 100,
  ENETUNREACH: 101,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ENOBUFS: 105,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTDOWN: 112,
  EHOSTUNREACH: 113,
  EINPROGRESS: 115,
} as const;

const names = new Map<number, string>(Object.entries(errnoOf).map(([name, number]) => [number, name]));

/** `EPERM`, or `errno 95` for a number that has no name here. */
export function errnoName(errno: number): string {
  return names.get(errno) ?? `errno ${errno}`;
}

/** A system call that failed. */
export interface KernelError {
  readonly errno: number;
  /** `socket: EPERM`. */
  readonly detail: string;
}

/** The failure of the named call. */
export function kernelError(call: string, errno: number): KernelError {
  return { errno, detail: `${call}: ${errnoName(errno)}` };
}
