import koffi from 'koffi';

/**
 * The system calls of the packet engine: the only file that knows the FFI. Declared with plain numbers for addresses (user space ends
 * below 2^47, so a JavaScript number holds any exactly), because nothing that the garbage collector may move is ever given to the
 * kernel for longer than a call. Results are those of the manual pages; after a negative one `errno` tells why.
 */
export interface Libc {
  /** Error number of the last call; read it before anything else happens. */
  errno(): number;
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  connect(fd: number, address: Uint8Array, length: number): number;
  close(fd: number): number;
  setsockopt(fd: number, level: number, option: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, option: number, value: Uint8Array, length: Uint8Array): number;
  /** `messages` is the address of an array of `struct mmsghdr`. */
  sendmmsg(fd: number, messages: number, count: number, flags: number): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  recv(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  poll(descriptors: Uint8Array, count: number, milliseconds: number): number;
  mmap(address: number, length: number, protection: number, flags: number, fd: number, offset: number): number;
  munmap(address: number, length: number): number;
  epoll_create1(flags: number): number;
  epoll_ctl(epoll: number, operation: number, fd: number, event: Uint8Array): number;
  epoll_wait(epoll: number, events: Uint8Array, most: number, milliseconds: number): number;
  getrlimit(resource: number, limits: Uint8Array): number;
  setrlimit(resource: number, limits: Uint8Array): number;
  /** The memory at an address, without a copy. Valid as long as it is mapped. */
  view(address: number, length: number): ArrayBuffer;
}

let opened: Libc | undefined;

/** The C library of this process; loaded at the first call. Throws where it has no such functions (not Linux). */
export function libc(): Libc {
  opened ??= open();
  return opened;
}

function open(): Libc {
  const library = koffi.load(null);
  return {
    errno: () => koffi.errno(),
    socket: library.func('int socket(int, int, int)'),
    bind: library.func('int bind(int, const uint8_t*, uint32_t)'),
    connect: library.func('int connect(int, const uint8_t*, uint32_t)'),
    close: library.func('int close(int)'),
    setsockopt: library.func('int setsockopt(int, int, int, const uint8_t*, uint32_t)'),
    getsockopt: library.func('int getsockopt(int, int, int, void*, void*)'),
    sendmmsg: library.func('int sendmmsg(int, uintptr_t, uint32_t, int)'),
    send: library.func('long send(int, const uint8_t*, size_t, int)'),
    recv: library.func('long recv(int, void*, size_t, int)'),
    poll: library.func('int poll(void*, unsigned long, int)'),
    mmap: library.func('uintptr_t mmap(uintptr_t, size_t, int, int, int, int64_t)'),
    munmap: library.func('int munmap(uintptr_t, size_t)'),
    epoll_create1: library.func('int epoll_create1(int)'),
    epoll_ctl: library.func('int epoll_ctl(int, int, int, const uint8_t*)'),
    epoll_wait: library.func('int epoll_wait(int, void*, int, int)'),
    getrlimit: library.func('int getrlimit(int, void*)'),
    setrlimit: library.func('int setrlimit(int, const uint8_t*)'),
    view: (address, length) => koffi.view(address, length),
  };
}

/** Calls `onReadable` from the event loop whenever the descriptor is readable, until the answer is called. Keeps no process alive. */
export function watchReadable(fd: number, onReadable: () => void): () => void {
  const handle = koffi.node.poll(fd, { readable: true }, onReadable);
  handle.unref();
  return () => handle.close();
}
