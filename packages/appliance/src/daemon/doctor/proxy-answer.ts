import type { Finding } from './examine.ts';

/**
 * What a proxy's first answer to CONNECT means (RFC 9110 section 9.3.6). `head` is what came until the blank line, or until the end of
 * the connection. Total.
 */
export function proxyFinding(head: string): Finding {
  if (head === '') return failed('proxy-closed', 'it closed the connection without an answer');
  const status = /^HTTP\/1\.[01] ([0-9]{3})(?: |\r?\n|$)/.exec(head)?.[1];
  if (status === undefined) return failed('proxy-no-http', 'its answer is not HTTP/1');
  const code = Number(status);
  if (code >= 200 && code < 300) return { outcome: 'ok', detail: 'it opens a tunnel to the platform' };
  if (code !== 407)
    return { outcome: 'failed', detail: `HTTP/${code}`, cause: { kind: 'proxy-status', status: code, ntlm: false } };
  const methods = [...head.matchAll(/^proxy-authenticate: *([A-Za-z-]+)/gim)].map((match) => match[1] ?? '');
  if (!methods.some((method) => /^(basic|ntlm)$/i.test(method))) {
    return failed('proxy-no-auth', `it offers ${methods.slice(0, 5).join(', ') || 'no method'}`);
  }
  return { outcome: 'not-tested', detail: `it asks for a login (${methods.slice(0, 5).join(', ')})` };
}

function failed(kind: 'proxy-closed' | 'proxy-no-http' | 'proxy-no-auth', detail: string): Finding {
  return { outcome: 'failed', detail, cause: { kind, ntlm: false } };
}
