import { formatIp, type IpRange, parseIp } from '@picket/base/ip';
import { contains, type RangeSet } from '@picket/base/range-set';
import type { ChecksProgress } from '@picket/contracts/checks-progress';
import type { EngineEventOf } from '@picket/contracts/event';
import type { ResumeState } from '@picket/contracts/resume';
import type { HostPast } from './host-work.ts';
import type { OpenPort } from './probe-stages.ts';

const nothing: HostPast = { open: [], services: [], checks: [], silent: false };

/** What is gathered of one host. */
interface Past {
  readonly open: OpenPort[];
  readonly services: EngineEventOf<'service'>[];
  readonly checks: ChecksProgress[];
}

/** What earlier runs left, found by host. */
export class ResumeIndex {
  readonly #pasts = new Map<string, Past>();
  readonly #hosts = new Map<string, EngineEventOf<'host'>>();
  /** Numeric order within a family, so that the hosts of a block are found without a walk over all. */
  readonly #sorted: { readonly bits: bigint; readonly family: 4 | 6 }[] = [];

  constructor(resume: ResumeState) {
    for (const host of resume.hosts) {
      if (host.unit.phase === 'discovery' && host.state === 'silent') continue;
      const address = parseIp(host.address);
      if (!address.ok) continue;
      if (!this.#hosts.has(host.address)) this.#sorted.push(address.value);
      this.#hosts.set(host.address, host);
    }
    for (const { address, protocol, port, state, reason } of resume.ports) {
      if (state === 'open' || state === 'open|filtered')
        this.#past(address).open.push({ protocol, port, state, reason });
    }
    for (const service of resume.services) this.#past(service.address).services.push(service);
    for (const progress of resume.checks) this.#past(progress.address).checks.push(progress);
    this.#sorted.sort((a, b) => a.family - b.family || (a.bits < b.bits ? -1 : a.bits > b.bits ? 1 : 0));
  }

  past(address: string): HostPast {
    const past = this.#pasts.get(address);
    const silent = this.#hosts.get(address)?.state === 'silent';
    return past ? { ...past, silent } : { ...nothing, silent };
  }

  /** Hosts found earlier in a block whose discovery ended, in order; only those still in scope. */
  *hostsIn(block: IpRange, allowed: RangeSet): Generator<EngineEventOf<'host'>> {
    for (let index = this.#firstAt(block); index < this.#sorted.length; index += 1) {
      const address = this.#sorted[index];
      if (!address || address.family !== block.family || address.bits > block.last) return;
      const host = this.#hosts.get(formatIp(address));
      if (host && contains(allowed, address)) yield host;
    }
  }

  #firstAt(block: IpRange): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const address = this.#sorted[middle];
      const before =
        address && (address.family < block.family || (address.family === block.family && address.bits < block.first));
      if (before) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #past(address: string): Past {
    const known = this.#pasts.get(address) ?? { open: [], services: [], checks: [] };
    this.#pasts.set(address, known);
    return known;
  }
}
