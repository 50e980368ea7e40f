import { readFile } from 'node:fs/promises';

/** PGlite's compiled code and files. Threads share them: what one database has compiled, the next one of the process need not. */
export interface EmbeddedProgram {
  readonly wasmModule: WebAssembly.Module;
  readonly initdbWasmModule: WebAssembly.Module;
  readonly fsBundle: Blob;
}

let program: Promise<EmbeddedProgram> | null = null;

/** Read and compiled once a process. Fails when the package is damaged. */
export function embeddedProgram(): Promise<EmbeddedProgram> {
  program ??= load();
  return program;
}

async function load(): Promise<EmbeddedProgram> {
  const read = (name: string) => readFile(new URL(name, import.meta.resolve('@electric-sql/pglite')));
  const compile = async (name: string) => new WebAssembly.Module(await read(name));
  const [wasmModule, initdbWasmModule, files] = await Promise.all([
    compile('pglite.wasm'),
    compile('initdb.wasm'),
    read('pglite.data'),
  ]);
  return { wasmModule, initdbWasmModule, fsBundle: new Blob([files]) };
}
