import type { Tag, TagRule } from '@picket/contracts/api/tag';

/** What a rule asks for, part by part, for people. */
export function rulePartsOf(rule: TagRule): readonly { readonly name: string; readonly text: string }[] {
  const port = rule.port === null ? '' : `${rule.port}${rule.protocol === null ? '' : `/${rule.protocol}`}`;
  const parts = [
    { name: 'Addresses', text: rule.ranges.replaceAll(/\s+/g, ' ').trim() },
    { name: 'System', text: rule.os },
    { name: 'Open port', text: port === '' && rule.protocol !== null ? `any, ${rule.protocol}` : port },
    { name: 'Service', text: rule.service },
    { name: 'Product', text: rule.product },
  ];
  return parts.filter((part) => part.text !== '');
}

/** How a tag comes to its assets, in one line. */
export function kindText({ kind, rule }: Pick<Tag, 'kind' | 'rule'>): string {
  if (kind === 'manual') return 'by hand';
  const parts = rule === null ? [] : rulePartsOf(rule);
  if (parts.length === 0) return 'by rule';
  return `by rule: ${parts.map((part) => `${part.name.toLowerCase()} ${part.text}`).join(', ')}`;
}
