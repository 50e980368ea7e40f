import type { HostName } from '../run/stages.ts';
import { oneLine } from '../services/printable.ts';

/** Longest list that a host event may carry (`contracts/event`). */
const mostNames = 64;
/** No single source may crowd out the others. */
const mostPerSource = 16;

/** The names of one host, each once for each source, in the order in which they were told. */
export class NameBook {
  /** Made with the first name: most hosts of a large network have none. */
  #kept: { readonly names: Map<string, HostName>; readonly bySource: Map<string, number> } | null = null;

  constructor(names: readonly HostName[] = []) {
    this.add(names);
  }

  /** Takes names in; true when at least one of them was new. Names that can be no name are left out. */
  add(names: readonly HostName[]): boolean {
    if (names.length === 0) return false;
    this.#kept ??= { names: new Map(), bySource: new Map() };
    const { names: kept, bySource } = this.#kept;
    const before = kept.size;
    for (const { name, source } of names) {
      const clean = oneLine(name, 255).replace(/\.$/, '');
      const key = `${source}|${clean.toLowerCase()}`;
      const ofSource = bySource.get(source) ?? 0;
      if (!isName(clean) || kept.has(key) || ofSource >= mostPerSource || kept.size >= mostNames) continue;
      kept.set(key, { name: clean, source });
      bySource.set(source, ofSource + 1);
    }
    return kept.size > before;
  }

  list(): HostName[] {
    return this.#kept === null ? [] : [...this.#kept.names.values()];
  }
}

/** Wildcards of certificates and addresses name no host. */
function isName(text: string): boolean {
  return text !== '' && !text.startsWith('*') && !/^[0-9.]+$/.test(text) && !/^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text);
}
