import type { CheckProgram } from '../check.ts';

/** Whether a program refers to one of these variables anywhere: in a request, a variable of its own, a matcher or an extractor. */
export function usesVariable(program: CheckProgram, names: ReadonlySet<string>): boolean {
  const open: unknown[] = [program.variables, program.blocks, program.flow];
  for (let node = open.pop(); node !== undefined || open.length > 0; node = open.pop()) {
    if (typeof node !== 'object' || node === null || !isPlain(node)) continue;
    if (Reflect.get(node, 'kind') === 'variable' && names.has(String(Reflect.get(node, 'name')))) return true;
    open.push(...(Array.isArray(node) ? node : Object.values(node)));
  }
  return false;
}

/** Compiled patterns are no part of the tree. */
function isPlain(node: object): boolean {
  return Array.isArray(node) || Object.getPrototypeOf(node) === Object.prototype;
}
