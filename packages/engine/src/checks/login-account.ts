import { fromBase64 } from '@picket/checks/byte-string';
import type { HttpRequest } from '@picket/checks/run/http-message';
import { safetyRules } from '@picket/checks/safety-rules';

/** Fields that hold the account in a form, a query, JSON or XML. */
const accountField =
  /(?:^|[&?"'\s{,<])(?:user(?:name|id|_?name|_?login)?|usr|login(?:name)?|log|email|account|j_username|os_username|userid)["']?\s*[=:>]\s*["']?([^&\s"'<,}]{1,128})/i;
/** Commands of text protocols that name the account: FTP and POP3, IMAP, NATS and the like. */
const accountCommand = /(?:^|[\r\n])(?:USER\s+([^\r\n ]{1,128})|\S{1,16}\s+LOGIN\s+"?([^\s"]{1,128}))/i;

/**
 * The account that a request tries to log in to, `''` where it names none, null when it does not log in. By the same rule that makes
 * such a check not safe, but on what really goes out.
 */
export function accountOfRequest(request: Pick<HttpRequest, 'path' | 'headers' | 'body'>): string | null {
  const fields = request.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
  const sent = `${fields}\n${request.body}`;
  if (!safetyRules.credentials.pattern.test(sent)) return null;
  const basic = /^authorization:\s*basic\s+(\S+)/im.exec(fields)?.[1];
  if (basic !== undefined) return (fromBase64(basic) ?? '').split(':', 1)[0] ?? '';
  const digest = /^authorization:\s*digest\s.*username="([^"]{0,128})"/im.exec(fields)?.[1];
  return digest ?? accountField.exec(`${request.body}\n${request.path}`)?.[1] ?? '';
}

/** Commands that give a password. */
const passwordCommand = /(?:^|[\r\n])(?:PASS\s|AUTH\s+[^\s"]|\S{1,16}\s+LOGIN\s)/i;

/**
 * The account that text commands log in to (FTP, POP3, IMAP, Redis), `''` where they give a password alone, null when they give none.
 * Anonymous FTP (RFC 1635) has no password that could be wrong.
 */
export function accountOfText(sent: string): string | null {
  if (!passwordCommand.test(sent)) return null;
  const match = accountCommand.exec(sent);
  const account = match?.[1] ?? match?.[2] ?? '';
  return /^(?:anonymous|ftp)$/i.test(account) ? null : account;
}
