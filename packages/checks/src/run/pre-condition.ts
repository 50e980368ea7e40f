import { fromText } from '../byte-string.ts';
import { namesIn } from '../dsl/parser.ts';
import type { DslAmbient, DslScope, DslValue } from '../dsl/value.ts';
import { applyOperators, type Operators } from '../template/operators.ts';
import type { Endpoint } from './target-scope.ts';

/** Whether the requests of a block go out. `unknown`: the condition is about something that a scan does not have. */
export type PreCondition =
  | { readonly kind: 'holds' | 'does-not-hold' }
  | { readonly kind: 'unknown'; readonly detail: string };

/** What a condition may know of the request that a scan starts from: it is a mere address, a GET without fields and body. */
const ofInput = ['method', 'path', 'query', 'body', 'header', 'cookie', 'user_agent', 'content_type'];

/**
 * Judges the condition of an HTTP block by the target's variables, in lower case too, and by what the check knows so far. A condition on
 * the request that a scan starts from was written for scans of other requests: where it does not hold, nothing is said of the target.
 */
export function judgePreCondition(
  condition: Operators,
  endpoint: Endpoint,
  known: { readonly scope: DslScope; readonly ambient: DslAmbient },
): PreCondition {
  const scope = new Map([...lowerCase(known.scope), ...known.scope, ...inputFacts(endpoint)]);
  if (applyOperators(condition, scope, known.ambient).matched) return { kind: 'holds' };
  const read = namesRead(condition);
  const input = read.find((name) => ofInput.includes(name));
  if (input !== undefined) {
    const detail = `its pre-condition asks for requests whose ${input} is another than that of the scanned address`;
    return { kind: 'unknown', detail };
  }
  const missing = read.find((name) => !scope.has(name));
  return missing === undefined
    ? { kind: 'does-not-hold' }
    : { kind: 'unknown', detail: `${missing.slice(0, 80)} of its pre-condition has no value` };
}

function lowerCase(scope: DslScope): [string, DslValue][] {
  return [...scope].map(([name, value]) => [name.toLowerCase(), value]);
}

function inputFacts(endpoint: Endpoint): [string, DslValue][] {
  const [path = '', query = ''] = (endpoint.path ?? '/').split('?');
  return [
    ['method', 'GET'],
    ['path', fromText(path)],
    ['query', fromText(query)],
  ];
}

/** The variables that matchers look at. */
function namesRead({ matchers }: Operators): string[] {
  return matchers.flatMap(({ part, test }) => {
    if (test.type === 'dsl') return test.expressions.flatMap((node) => [...namesIn(node).variables]);
    return [test.type === 'status' ? 'status_code' : part];
  });
}
