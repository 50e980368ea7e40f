import type { Operators } from '../../template/operators.ts';
import type { TemplateText } from '../../template/text.ts';
import type { Payloads } from '../payloads.ts';

/** A script of a template. It runs in a sandbox whose only way out are the modules of `script/script-modules.ts`. */
export interface JavascriptBlock {
  readonly protocol: 'javascript';
  /** Runs once for the whole scan, before the block does, and may change its payloads and variables; null: there is none. */
  readonly init: string | null;
  /** Has to be true for the script to run; null: it always runs. */
  readonly preCondition: string | null;
  readonly code: string;
  /** Variables of the script. `Port` is the port of the service that is checked, whatever the template says. */
  readonly args: readonly (readonly [name: string, value: TemplateText])[];
  /** Ports that the template names in `Port`. */
  readonly ports: readonly number[];
  /** Modules that the script requires. */
  readonly modules: readonly string[];
  readonly payloads: Payloads | null;
  readonly operators: Operators;
  readonly stopAtFirstMatch: boolean;
}
