import type { DialFailure, DialFailureKind, DialRequest } from '@picket/base/dialer';
import { err, ok, type Result } from '@picket/base/result';
import { onAbort } from '../../gate/abort-hub.ts';
import { addressBytes } from '../../wire/address-bytes.ts';
import { errnoName, errnoOf, type KernelError, kernelError } from './kernel-error.ts';
import { libc } from './libc.ts';
import { openReadiness, type Readiness } from './readiness.ts';

/** A connect that is closed as soon as it is answered, without the weight of a socket of Node.js. */
export interface ConnectProber {
  /** As `SocketFactory.probeTcp`. */
  probe(request: DialRequest): Promise<Result<null, DialFailure>>;
  close(): void;
}

const family = { four: 2, six: 10 } as const;
/** SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC. */
const streamNonblocking = 1 | 0o4000 | 0o2000000;
const solSocket = 1;
const soLinger = 13;
const soError = 4;

/** A reset in SYN_SENT is ECONNREFUSED, so ECONNRESET means that the port had accepted. What is missing is unreachable. */
const kinds = new Map<number, DialFailureKind>([
  [errnoOf.ECONNREFUSED, 'refused'],
  [errnoOf.ECONNRESET, 'reset'],
  [errnoOf.ETIMEDOUT, 'timeout'],
  [errnoOf.EMFILE, 'local'],
  [errnoOf.ENFILE, 'local'],
  [errnoOf.ENOBUFS, 'local'],
  [errnoOf.ENOMEM, 'local'],
  [errnoOf.EAGAIN, 'local'],
  [errnoOf.EADDRNOTAVAIL, 'local'],
]);

interface Pending {
  readonly settle: (errno: number) => void;
}

/** Error number that no system call gives: the probe was given up. */
const cancelled = -1;

/**
 * Non-blocking connects, watched by one epoll descriptor which itself is watched by the event loop: nothing blocks, and one turn of the
 * loop takes up to a thousand answers. Connections are closed with RST (SO_LINGER 0), so that neither side keeps anything.
 */
export function openConnectProber(): Result<ConnectProber, KernelError> {
  const pending = new Map<number, Pending>();
  const opened = openReadiness((fd) => pending.get(fd)?.settle(socketError(fd)));
  if (!opened.ok) return opened;
  const readiness = opened.value;
  return ok({
    probe: (request) => probe(request, pending, readiness),
    close: () => {
      for (const { settle } of pending.values()) settle(cancelled);
      readiness.close();
    },
  });
}

function probe(
  request: DialRequest,
  pending: Map<number, Pending>,
  readiness: Readiness,
): Promise<Result<null, DialFailure>> {
  const begun = begin(request);
  if (!begun.ok) return Promise.resolve(outcome(begun.error.errno));
  const { fd, errno } = begun.value;
  const watched = errno === errnoOf.EINPROGRESS ? readiness.watch(fd) : errno;
  if (watched !== 0 || errno === 0) {
    libc().close(fd);
    return Promise.resolve(outcome(watched));
  }
  return new Promise((resolve) => {
    const settle = (reason: number) => {
      clearTimeout(timer);
      stopWatching();
      pending.delete(fd);
      libc().close(fd);
      resolve(outcome(reason));
    };
    const late = () => {
      // After a stall the answer may be there already: look before giving up.
      readiness.look();
      if (pending.get(fd)?.settle === settle) settle(errnoOf.ETIMEDOUT);
    };
    const timer = setTimeout(late, Math.max(1, request.timeoutMs));
    pending.set(fd, { settle });
    const stopWatching = onAbort(request.signal, () => {
      if (pending.get(fd)?.settle === settle) settle(cancelled);
    });
  });
}

/** Opens a socket and sends the SYN. `errno` is that of connect, 0 for a connection that stands at once. */
function begin(request: DialRequest): Result<{ fd: number; errno: number }, KernelError> {
  const { socket, setsockopt, connect, errno } = libc();
  const address = socketAddress(request);
  if (address === null) return err(kernelError('connect', errnoOf.EHOSTUNREACH));
  const fd = socket(address.length === 16 ? family.four : family.six, streamNonblocking, 0);
  if (fd < 0) return err(kernelError('socket', errno()));
  setsockopt(fd, solSocket, soLinger, lingerZero, lingerZero.length);
  const connected = connect(fd, address, address.length);
  return ok({ fd, errno: connected === 0 ? 0 : errno() });
}

/** `struct linger`: on, for zero seconds. */
const lingerZero = new Uint8Array(Int32Array.of(1, 0).buffer);

/** `struct sockaddr_in` (16 bytes) or `sockaddr_in6` (28 bytes). */
function socketAddress({ address, port }: DialRequest): Uint8Array | null {
  const ip = addressBytes(address);
  if (ip === null) return null;
  const four = ip.length === 4;
  const bytes = new Uint8Array(four ? 16 : 28);
  bytes[0] = four ? family.four : family.six;
  bytes[2] = port >>> 8;
  bytes[3] = port;
  bytes.set(ip, four ? 4 : 8);
  return bytes;
}

function socketError(fd: number): number {
  const value = new Int32Array(1);
  const length = new Uint8Array(Uint32Array.of(4).buffer);
  const read = libc().getsockopt(fd, solSocket, soError, new Uint8Array(value.buffer), length);
  return read < 0 ? errnoOf.EHOSTUNREACH : (value[0] ?? 0);
}

function outcome(errno: number): Result<null, DialFailure> {
  if (errno === 0) return ok(null);
  if (errno === cancelled) return err({ kind: 'cancelled', detail: '' });
  const kind = kinds.get(errno) ?? 'unreachable';
  return err({ kind, detail: kind === 'timeout' ? '' : errnoName(errno) });
}
