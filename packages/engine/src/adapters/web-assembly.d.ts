/** The little of WebAssembly's interface that is used; the language libraries in use do not declare it. */
declare namespace WebAssembly {
  /** Compiled code without state: threads share it. */
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module';
  }
  const Module: new (bytes: Uint8Array) => Module;
}
