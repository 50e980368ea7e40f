import type { CheckProgram, RequestBlock } from './check.ts';
import type { HttpBlock } from './protocols/http/http-block.ts';
import { type SafetyRule, type SafetyRuleId, safetyRules } from './safety-rules.ts';
import { literalOf } from './template/checked-text.ts';

const blank = `(?:''|"")`;
/** Calls of a script that log in. An anonymous LDAP bind is none, nor is a null session of SMB. */
const logsIn = new RegExp(
  String.raw`\.\s*(?:Connect|ConnectWithDB|ExecuteQuery\w*|GetServerInfoAuth|ListShares(?!\s*\(\s*\w+\s*,\s*\w+\s*,\s*${blank}\s*,\s*${blank}\s*\))|Authenticate(?!\s*\(\s*${blank}\s*,\s*${blank}\s*\)))\s*\(`,
);

const passwordLists = /pass|pwd|user|login|credential|token/i;

/**
 * Why a check is not safe for its target, as short reasons; empty when nothing speaks against it. Judged by what the
 * publisher says and by what the requests do: content cannot declare itself safe.
 */
export function intrusiveReasons(tags: readonly string[], declared: string | null, program: CheckProgram): string[] {
  const reasons = new Set<string>();
  for (const tag of tags) if (ruleOf('tag').pattern.test(tag)) reasons.add(`tagged ${tag}`);
  if (declared === 'false') reasons.add(ruleOf('declared').reason);
  for (const block of program.blocks) for (const reason of ofBlock(block)) reasons.add(reason);
  return [...reasons];
}

function ruleOf(id: SafetyRuleId): SafetyRule {
  return safetyRules[id];
}

function ofBlock(block: RequestBlock): string[] {
  if (block.protocol === 'tls' || block.protocol === 'file') return [];
  const reasons = block.protocol === 'http' ? ofHttp(block) : [];
  if (
    'payloads' in block &&
    block.payloads?.lists.some(([name, values]) => passwordLists.test(name) && values.length > 0)
  )
    reasons.push(ruleOf('credentials').reason);
  if (block.protocol === 'tcp' || block.protocol === 'udp') {
    const sent = block.inputs.map((input) => literalOf(input.data)).join('\n');
    for (const id of ['command', 'serialised', 'settings'] as const)
      if (ruleOf(id).pattern.test(sent)) reasons.push(ruleOf(id).reason);
  }
  if (block.protocol === 'javascript' && logsIn.test(block.code)) reasons.push(ruleOf('credentials').reason);
  return reasons;
}

function ofHttp(block: HttpBlock): string[] {
  const reasons: string[] = block.digest === null ? [] : [ruleOf('credentials').reason];
  if (block.race !== null) reasons.push(ruleOf('race').reason);
  for (const request of block.requests) {
    if (ruleOf('method').pattern.test(request.method)) reasons.push(`uses ${request.method}`);
    const body = literalOf(request.body);
    const fields = request.headers.map(([name, value]) => `${name}: ${literalOf(value)}`).join('\n');
    const target = literalOf(request.target);
    const sent = [target, fields, body].join('\n');
    const whole = `${sent}\n${decodePercent(sent)}`;
    for (const id of ['command', 'serialised'] as const)
      if (ruleOf(id).pattern.test(whole)) reasons.push(ruleOf(id).reason);
    if (ruleOf('upload').pattern.test(body)) reasons.push(ruleOf('upload').reason);
    if (ruleOf('credentials').pattern.test(`${fields}\n${body}`)) reasons.push(ruleOf('credentials').reason);
    // A GET that only names such a page looks at it; with a body, or told what to do in its query, a request does it.
    const act = `${request.method === 'GET' || request.method === 'HEAD' ? queryOf(target) : target}\n${body}`;
    for (const id of ['write', 'delete', 'accounts', 'settings'] as const)
      if (ruleOf(id).pattern.test(act)) reasons.push(ruleOf(id).reason);
  }
  return reasons;
}

function queryOf(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? '' : target.slice(at);
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
