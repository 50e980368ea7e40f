import { err, ok, type Result } from '@picket/base/result';
import { type KernelError, kernelError } from './kernel-error.ts';
import { libc, watchReadable } from './libc.ts';

/** Sockets whose connect is under way; each is told once. */
export interface Readiness {
  /** 0, or the errno why it cannot be watched. Closing the descriptor ends the watch. */
  watch(fd: number): number;
  /** Tells at once what is ready, without waiting. */
  look(): void;
  close(): void;
}

const closeOnExec = 0o2000000;
const add = 1;
/** EPOLLOUT and EPOLLONESHOT; errors are always told. */
const writableOnce = 0x4 | 0x40000000;
/** `struct epoll_event`: events (4), data (8); packed on x64, aligned elsewhere. */
const eventLayout = process.arch === 'x64' ? { bytes: 12, data: 4 } : { bytes: 16, data: 8 };
/** Answers taken in one turn of the event loop: some ten milliseconds of work at most. */
const mostAtOnce = 512;

/** One epoll descriptor inside the event loop of Node.js. It keeps no process alive; the time-outs of what is watched do. */
export function openReadiness(onReady: (fd: number) => void): Result<Readiness, KernelError> {
  const { epoll_create1, epoll_ctl, epoll_wait, close, errno } = libc();
  const epoll = epoll_create1(closeOnExec);
  if (epoll < 0) return err(kernelError('epoll_create1', errno()));
  const events = new Uint8Array(mostAtOnce * eventLayout.bytes);
  const seen = new DataView(events.buffer);
  const wanted = new Uint8Array(eventLayout.bytes);
  const request = new DataView(wanted.buffer);
  request.setUint32(0, writableOnce, true);
  const look = () => {
    const count = epoll_wait(epoll, events, mostAtOnce, 0);
    const ready: number[] = [];
    for (let index = 0; index < count; index += 1) {
      ready.push(seen.getInt32(index * eventLayout.bytes + eventLayout.data, true));
    }
    for (const fd of ready) onReady(fd);
  };
  const stop = watchReadable(epoll, look);
  return ok({
    watch: (fd) => {
      request.setInt32(eventLayout.data, fd, true);
      return epoll_ctl(epoll, add, fd, wanted) < 0 ? errno() : 0;
    },
    look,
    close: () => {
      stop();
      close(epoll);
    },
  });
}
