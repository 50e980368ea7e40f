import type { JqValue } from './value.ts';

/** Syntax tree of a jq filter. */
export type JqNode =
  | { readonly kind: 'identity' | 'descend' }
  | { readonly kind: 'literal'; readonly value: JqValue }
  | { readonly kind: 'text'; readonly parts: readonly (string | JqNode)[]; readonly format: string | null }
  | { readonly kind: 'format' | 'variable'; readonly name: string }
  | { readonly kind: 'index'; readonly target: JqNode; readonly key: JqNode }
  | { readonly kind: 'slice'; readonly target: JqNode; readonly from: JqNode | null; readonly to: JqNode | null }
  | { readonly kind: 'each'; readonly target: JqNode }
  | { readonly kind: 'array'; readonly body: JqNode | null }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: JqNode, value: JqNode])[] }
  | { readonly kind: 'negate'; readonly operand: JqNode }
  | { readonly kind: 'pipe' | 'comma'; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: JqNode; readonly right: JqNode }
  | { readonly kind: 'choice'; readonly condition: JqNode; readonly yes: JqNode; readonly no: JqNode }
  | { readonly kind: 'try'; readonly body: JqNode; readonly handler: JqNode | null }
  | { readonly kind: 'bind'; readonly source: JqNode; readonly name: string; readonly body: JqNode }
  | {
      readonly kind: 'reduce' | 'foreach';
      readonly source: JqNode;
      readonly name: string;
      readonly init: JqNode;
      readonly update: JqNode;
      readonly extract: JqNode | null;
    }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly JqNode[] };
