import type { AddressKey } from './address-book.ts';
import type { ScanTask } from './scan-task.ts';

/** Tasks under way, and which of them asked an address. Single hosts are found by hash, ranges by binary search. */
export class TaskTable {
  readonly all = new Set<ScanTask>();
  readonly #hosts = new Map<AddressKey, ScanTask[]>();
  #ranges: { readonly first: number; readonly last: number; readonly task: ScanTask }[] = [];
  #sorted = true;
  #turn: Iterator<ScanTask> | null = null;

  add(task: ScanTask): void {
    this.all.add(task);
    if (task.hosts.length === 1) {
      const key = task.addressAt(0);
      const others = this.#hosts.get(key);
      if (others) others.push(task);
      else this.#hosts.set(key, [task]);
      return;
    }
    for (const [first, last] of task.init.addresses.ranges) this.#ranges.push({ first, last, task });
    this.#sorted = false;
  }

  remove(task: ScanTask): void {
    this.all.delete(task);
    if (task.hosts.length > 1) {
      this.#ranges = this.#ranges.filter((range) => range.task !== task);
      return;
    }
    const key = task.addressAt(0);
    const left = (this.#hosts.get(key) ?? []).filter((other) => other !== task);
    if (left.length > 0) this.#hosts.set(key, left);
    else this.#hosts.delete(key);
  }

  /** The task whose turn it is; the turns go round, over rounds of the loop too. Undefined when there is none. */
  nextInTurn(): ScanTask | undefined {
    const next = this.#turn?.next();
    if (next && !next.done) return next.value;
    this.#turn = this.all.values();
    const first = this.#turn.next();
    return first.done ? undefined : first.value;
  }

  /** Calls `visit` for each task that asks the address, with its place there, until one says that it was meant. */
  visit(key: AddressKey, visit: (task: ScanTask, place: number) => boolean): boolean {
    for (const task of this.#hosts.get(key) ?? []) if (visit(task, 0)) return true;
    const range = this.#rangeOf(key);
    return range !== undefined && visit(range.task, range.task.init.addresses.placeOf(key));
  }

  /** Requests never overlap: each block is discovered once at a time. */
  #rangeOf(key: AddressKey): { readonly first: number; readonly last: number; readonly task: ScanTask } | undefined {
    if (!this.#sorted) this.#ranges.sort((a, b) => a.first - b.first);
    this.#sorted = true;
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ranges[middle]?.first ?? 0) <= key) low = middle + 1;
      else high = middle;
    }
    const range = this.#ranges[low - 1];
    return range && key <= range.last ? range : undefined;
  }
}
