import { fromText } from '@picket/checks/byte-string';
import { combinations, mostPayloads, type Payloads } from '@picket/checks/protocols/payloads';
import { err, ok } from '@picket/base/result';
import type { ScriptValue } from '../sandbox/script-messages.ts';
import type { ScriptArgs } from '../script-args.ts';
import { misuse } from '../script-fault.ts';
import type { ScriptFunction } from '../script-host.ts';
import type { InitOutcome } from './script-inits.ts';

/** Names that one `init` may give, and characters of all that it gives: every host of the scan keeps them. */
const mostNames = 64;
const mostCharacters = 2_097_152;

/** Variables that are the runtime's to give. */
const reserved = new Set(['Port', 'template']);

/** What `set` and `updatePayload` of an `init` change; bounded. A value is a value: markers in it stay as they are written. */
export class InitChanges {
  readonly #payloads: Payloads | null;
  readonly #lists: Map<string, Payloads['lists'][number][1]>;
  readonly #variables = new Map<string, ScriptValue>();
  #characters = 0;

  constructor(payloads: Payloads | null) {
    this.#payloads = payloads;
    this.#lists = new Map(payloads?.lists);
  }

  readonly functions: ReadonlyMap<string, ScriptFunction> = new Map<string, ScriptFunction>([
    ['set', (args) => this.#set(args)],
    ['updatePayload', (args) => this.#updatePayload(args)],
  ]);

  /** The payloads and variables after the script, or that there are too many combinations. */
  given(): InitOutcome {
    const payloads = { attack: this.#payloads?.attack ?? ('batteringram' as const), lists: [...this.#lists] };
    if (combinations(payloads) > mostPayloads)
      return err({ reason: 'check-unsupported', detail: `init: more than ${mostPayloads} combinations are not run` });
    return ok({ payloads: payloads.lists.length === 0 ? null : payloads, variables: this.#variables });
  }

  #set(args: ScriptArgs): null {
    const name = nameOf(args, /^[A-Za-z_$][\w$]{0,60}$/);
    if (reserved.has(name)) throw misuse(`${name} can't be set`);
    const value = args.value(1);
    if (value === null) throw misuse(`set has no value for ${name}`);
    this.#spend(name, JSON.stringify(value).length);
    this.#variables.set(name, value);
    return null;
  }

  /** A list of texts and numbers, or one text with a value on each line. */
  #updatePayload(args: ScriptArgs): null {
    const name = nameOf(args, /^[A-Za-z_][\w-]{0,60}$/);
    const given = args.value(1);
    if (typeof given === 'string' && !given.includes('\n')) throw misuse('an init reads no files');
    const values = typeof given === 'string' ? given.trim().split(/\r?\n/) : given;
    if (!Array.isArray(values) || values.length === 0) throw misuse(`updatePayload has no list for ${name}`);
    const texts = values.map((value: ScriptValue) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
      throw misuse(`the payload list ${name} holds something that is no text`);
    });
    this.#spend(
      name,
      texts.reduce((sum, text) => sum + text.length, 0),
    );
    this.#lists.set(
      name,
      texts.map((text) => ({ literal: fromText(text) })),
    );
    return null;
  }

  #spend(name: string, characters: number): void {
    this.#characters += name.length + characters;
    const names = new Set([...this.#variables.keys(), ...this.#lists.keys(), name]);
    if (names.size <= mostNames && this.#characters <= mostCharacters) return;
    throw misuse(`an init gives at most ${mostNames} names and ${mostCharacters} characters`);
  }
}

function nameOf(args: ScriptArgs, pattern: RegExp): string {
  const name = args.text(0);
  if (pattern.test(name) && name !== '__proto__') return name;
  throw misuse(`"${name.slice(0, 40)}" is no name of a variable`);
}
