import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { engineEvent } from '@picket/contracts/event';

/** What became of a check at one place: why it could not be evaluated, if so; `not run` where it does not apply or was not loaded. */
export type PlaceVerdict = 'fires' | 'silent' | 'not run' | `not evaluable: ${string}`;

/** Verdicts by `check address:port`. */
export class Verdicts {
  readonly #byKey = new Map<string, PlaceVerdict>();
  readonly #severities = new Map<string, string>();

  of(check: string, place: string): PlaceVerdict {
    return this.#byKey.get(`${check} ${place}`) ?? 'not run';
  }

  /** `check address:port` of all findings. */
  get fired(): string[] {
    return [...this.#severities.keys()];
  }

  /** Those above info. */
  get aboveInfo(): string[] {
    return [...this.#severities].filter(([, severity]) => severity !== 'info').map(([key]) => key);
  }

  /** Takes one line of `picket scan --json`. A finding wins over what else is said of the same place. */
  take(line: string): void {
    const event = engineEvent.safeParse(JSON.parse(line)).data;
    if (event?.type === 'finding') {
      const key = `${event.check} ${event.address}:${event.port}`;
      this.#byKey.set(key, 'fires');
      this.#severities.set(key, event.severity);
    } else if (event?.type === 'checked') {
      const place = `${event.address}:${event.port}`;
      for (const check of event.passed) this.#set(`${check} ${place}`, 'silent');
      for (const { check, reason } of event.notEvaluable) this.#set(`${check} ${place}`, `not evaluable: ${reason}`);
    }
  }

  #set(key: string, verdict: PlaceVerdict): void {
    if (this.#byKey.get(key) !== 'fires') this.#byKey.set(key, verdict);
  }
}

/** Reads a file of `picket scan --json`. */
export async function readVerdicts(file: string): Promise<Verdicts> {
  const verdicts = new Verdicts();
  for await (const line of createInterface({ input: createReadStream(file) })) verdicts.take(line);
  return verdicts;
}
