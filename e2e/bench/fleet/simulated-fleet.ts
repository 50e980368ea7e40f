import { setTimeout as delay } from 'node:timers/promises';
import type { ScriptedAppliance } from '../../../packages/platform/src/features/testing/scripted-appliance.ts';

/** What appliances saw since `reset`. */
export interface FleetFigures {
  /** Milliseconds from the request to the whole answer, of polls that are not held. */
  readonly polls: readonly number[];
  /** Milliseconds that held polls took beyond the time that they asked to be held for. */
  readonly late: readonly number[];
  readonly failed: number;
}

/** Wait of a poll that asks to be held, seconds. */
const holdSeconds = 25;
/** A request that was given up may never say so. */
const goneMs = 2000;
/** After a failed poll, before the next. */
const backOffMs = [500, 1500] as const;

/**
 * Appliances that poll: signed as real ones sign, each over its own connection that stays open. Some poll every `intervalSeconds`, spread evenly,
 * the others ask for their answers to be held. After a failure the next attempt comes soon, and goes where `origin` says then.
 */
export class SimulatedFleet {
  readonly #stop = new AbortController();
  readonly #members: Promise<void>[] = [];
  readonly #origins: () => readonly string[];
  #polls: number[] = [];
  #late: number[] = [];
  #failed = 0;
  readonly #unheard = new Set<ScriptedAppliance>();

  /** `origins` are asked anew for each attempt: an appliance takes one of them, always the same while they are the same. */
  constructor(origins: () => readonly string[]) {
    this.#origins = origins;
  }

  add(appliances: readonly ScriptedAppliance[], intervalSeconds: number): void {
    for (const [index, each] of appliances.entries()) {
      const phase = (index / appliances.length) * intervalSeconds * 1000;
      this.#members.push(this.#pollEvery(each, index, { phase, interval: intervalSeconds * 1000 }));
    }
  }

  addHeld(appliances: readonly ScriptedAppliance[]): void {
    for (const [index, each] of appliances.entries()) this.#members.push(this.#holdOn(each, index));
  }

  reset(): void {
    this.#polls = [];
    this.#late = [];
    this.#failed = 0;
  }

  figures(): FleetFigures {
    return { polls: this.#polls, late: this.#late, failed: this.#failed };
  }

  /** Appliances whose last attempt failed. */
  get unheard(): number {
    return this.#unheard.size;
  }

  /** Polls that are on their way are given up. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.race([Promise.all(this.#members), delay(goneMs)]);
  }

  async #pollEvery(each: ScriptedAppliance, index: number, when: { phase: number; interval: number }): Promise<void> {
    const began = performance.now();
    for (let round = 0; await this.#sleep(began + when.phase + round * when.interval - performance.now()); round += 1) {
      while (!this.#stop.signal.aborted && !(await this.#poll(each, index, 0))) await this.#backOff();
    }
    each.close();
  }

  async #holdOn(each: ScriptedAppliance, index: number): Promise<void> {
    await this.#sleep((index % 100) * 20);
    while (!this.#stop.signal.aborted) {
      if (!(await this.#poll(each, index, holdSeconds))) await this.#backOff();
    }
    each.close();
  }

  async #poll(each: ScriptedAppliance, index: number, waitSeconds: number): Promise<boolean> {
    const origins = this.#origins();
    each.origin = origins[index % origins.length] ?? '';
    const sent = performance.now();
    const answer = await each.rawPoll({ waitSeconds }, { signal: this.#stop.signal }).catch(() => null);
    if (this.#stop.signal.aborted) return true;
    const took = performance.now() - sent;
    if (answer?.status !== 200) {
      this.#failed += 1;
      this.#unheard.add(each);
      return false;
    }
    this.#unheard.delete(each);
    if (waitSeconds === 0) this.#polls.push(took);
    else if (took > waitSeconds * 1000 - 1000) this.#late.push(Math.max(0, took - waitSeconds * 1000));
    return true;
  }

  #backOff(): Promise<boolean> {
    const [least, most] = backOffMs;
    return this.#sleep(least + Math.random() * (most - least));
  }

  /** False when the fleet stops. */
  async #sleep(ms: number): Promise<boolean> {
    await delay(Math.max(0, ms), undefined, { signal: this.#stop.signal }).catch(() => {});
    return !this.#stop.signal.aborted;
  }
}
