import type { HostName } from '../run/stages.ts';
import { oneLine } from '../services/printable.ts';

/** Longest list that a host event may carry (`contracts/event`). */
const mostNames = 64;
/** No single source may crowd out the others. */
const mostPerSource = 16;

/** The names of one host, each once for each source, in the order in which they were told. */
export class NameBook {
  readonly #names = new Map<string, HostName>();
  readonly #bySource = new Map<string, number>();

  constructor(names: readonly HostName[] = []) {
    this.add(names);
  }

  /** Takes names in; true when at least one of them was new. Names that can be no name are left out. */
  add(names: readonly HostName[]): boolean {
    const before = this.#names.size;
    for (const { name, source } of names) {
      const clean = oneLine(name, 255).replace(/\.$/, '');
      const key = `${source}|${clean.toLowerCase()}`;
      const ofSource = this.#bySource.get(source) ?? 0;
      if (!isName(clean) || this.#names.has(key) || ofSource >= mostPerSource || this.#names.size >= mostNames)
        continue;
      this.#names.set(key, { name: clean, source });
      this.#bySource.set(source, ofSource + 1);
    }
    return this.#names.size > before;
  }

  list(): HostName[] {
    return [...this.#names.values()];
  }
}

/** Wildcards of certificates and addresses name no host. */
function isName(text: string): boolean {
  return text !== '' && !text.startsWith('*') && !/^[0-9.]+$/.test(text) && !/^[0-9a-f:]*:[0-9a-f:.]*$/i.test(text);
}
