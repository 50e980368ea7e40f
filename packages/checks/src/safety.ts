import type { CheckProgram, RequestBlock } from './check.ts';
import type { HttpBlock } from './protocols/http/http-block.ts';
import { literalOf } from './template/checked-text.ts';

/** Tags by which publishers mark content that may disturb, change or lock out. */
const intrusiveTags = new Set([
  'intrusive',
  'dos',
  'fuzz',
  'fuzzing',
  'dast',
  'bruteforce',
  'brute-force',
  'brute',
  'default-login',
  'default-logins',
  'token-spray',
  'credential-stuffing',
  'fileupload',
  'file-upload',
  'rce-exploit',
]);

const changingMethods = new Set(['PUT', 'DELETE', 'PATCH', 'PURGE', 'CONNECT', 'DEBUG']);

/** Texts that run a command or write on the target if the weakness is there. */
const commandText =
  /\/etc\/(?:passwd|shadow)|\b(?:cmd(?:\.exe)?|powershell)\b.{0,8}(?:\/c|-)|\/bin\/(?:ba)?sh\b|[;|`&]\s*(?:id|whoami|cat|curl|wget|ping|nslookup|sleep)\b|\$\((?:id|whoami|cat|curl|wget|ping|sleep)|Runtime\.getRuntime|ProcessBuilder|\bexec\(|\bsystem\(|\beval\(|(?:waitfor\s+delay|pg_sleep|benchmark\(|sleep\([0-9])/i;

const passwordLists = /pass|pwd|user|login|credential|token/i;

/**
 * Why a check is not safe for its target, as short reasons; empty when nothing speaks against it. Judged by what the
 * publisher says and by what the requests do: content cannot declare itself safe.
 */
export function intrusiveReasons(tags: readonly string[], declared: string | null, program: CheckProgram): string[] {
  const reasons = new Set<string>();
  for (const tag of tags) if (intrusiveTags.has(tag)) reasons.add(`tagged ${tag}`);
  if (declared === 'false') reasons.add('declared not safe');
  for (const block of program.blocks) for (const reason of ofBlock(block)) reasons.add(reason);
  return [...reasons];
}

function ofBlock(block: RequestBlock): string[] {
  if (block.protocol === 'tls') return [];
  const reasons = block.protocol === 'http' ? ofHttp(block) : [];
  if (block.payloads?.lists.some(([name, values]) => passwordLists.test(name) && values.length > 0))
    reasons.push('tries credentials');
  if (block.protocol !== 'http' && block.inputs.some((input) => commandText.test(literalOf(input.data))))
    reasons.push('sends a command');
  return reasons;
}

function ofHttp(block: HttpBlock): string[] {
  const reasons: string[] = block.digest === null ? [] : ['tries credentials'];
  for (const request of block.requests) {
    if (changingMethods.has(request.method)) reasons.push(`uses ${request.method}`);
    const body = literalOf(request.body);
    if (/filename\s*=/i.test(body)) reasons.push('uploads a file');
    const sent = [literalOf(request.target), body, ...request.headers.map(([, value]) => literalOf(value))].join('\n');
    if (commandText.test(sent) || commandText.test(decodePercent(sent))) reasons.push('sends a command');
  }
  return reasons;
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
