import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Paths of kernel modules and of all that they need, each after what it needs: the order for insmod. A name that the kernel has not as a module is left out: it
 * is built in. What a module needs stands in its section .modinfo.
 */
export function modulePaths(folder: string, wanted: readonly string[]): string[] {
  const files = new Map<string, string>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.ko')) files.set(nameOf(file), join(folder, file));
  const order: string[] = [];
  const add = (name: string) => {
    const path = files.get(name.replaceAll('-', '_'));
    if (path === undefined || order.includes(path)) return;
    for (const needed of dependsOf(path)) add(needed);
    order.push(path);
  };
  wanted.forEach(add);
  return order;
}

function nameOf(file: string): string {
  return basename(file, '.ko').replaceAll('-', '_');
}

function dependsOf(path: string): string[] {
  const text = readFileSync(path).toString('latin1');
  return (/\0depends=([^\0]*)\0/.exec(text)?.[1] ?? '').split(',').filter((name) => name !== '');
}
