/** What the thread is started with. */
export interface PacThreadData {
  readonly wasm: WebAssembly.Module;
  readonly script: string;
  readonly url: string;
  readonly host: string;
}

/** What it says before it ends. */
export type PacThreadReport = { readonly result: string } | { readonly reason: string };
