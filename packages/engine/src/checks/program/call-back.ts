import { type DslNode, namesIn } from '@picket/checks/dsl/parser';
import type { Matcher } from '@picket/checks/template/matcher';
import type { Operators } from '@picket/checks/template/operators';
import type { DslValue } from '@picket/checks/dsl/value';
import { fromText } from '@picket/checks/byte-string';
import type { OastCall } from '../../oast/oast-port.ts';

/** Whether operators ask what a target called. */
export function looksAtCalls(operators: Operators): boolean {
  return operators.matchers.some(looks);
}

/** Whether only a question of DNS would do for them. */
export function wantsDns(operators: Operators): boolean {
  return operators.matchers.filter(looks).some(({ test }) => {
    if (test.type === 'word') return test.words.every((word) => 'literal' in word && word.literal === 'dns');
    return test.type === 'dsl' && test.expressions.some((node) => saysDnsAlone(node));
  });
}

function looks({ part, test }: Matcher): boolean {
  if (part.startsWith('interactsh')) return true;
  if (test.type !== 'dsl') return false;
  return test.expressions.some((node) => [...namesIn(node).variables].some((name) => name.startsWith('interactsh')));
}

function saysDnsAlone(node: DslNode): boolean {
  const text = JSON.stringify(node);
  return text.includes('"interactsh_protocol"') && text.includes('"dns"') && !text.includes('"http"');
}

/** The variables of a call (format reference: `interactsh_protocol`, `interactsh_request`, `interactsh_ip`). */
export function callScope(call: OastCall): Map<string, DslValue> {
  return new Map<string, DslValue>([
    ['interactsh_protocol', call.protocol],
    ['interactsh_request', call.request],
    ['interactsh_ip', fromText(call.address)],
  ]);
}
