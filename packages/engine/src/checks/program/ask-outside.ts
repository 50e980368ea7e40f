import type { OutsideQuestion } from '@picket/checks/dsl/outside';
import { toText } from '@picket/checks/byte-string';
import type { DslValue } from '@picket/checks/dsl/value';
import { dnsTypes } from '@picket/checks/protocols/dns/dns-block';
import { encodeQuery } from '../../dns/message.ts';
import { spend } from '../check-session.ts';
import { dnsScope } from '../dns/dns-facts.ts';
import { emptyJarm } from '../../tls/jarm/fingerprint.ts';
import { jarmOf } from '../tls/jarm-of.ts';
import type { ProgramRun } from './program-run.ts';

/** Longest pause that a template may ask for, seconds. The check's own time bounds it further. */
const longestPause = 30;

/** The answer to a function that needs the network or time; null: there is none, and the function fails. */
export async function askOutside(question: OutsideQuestion, run: ProgramRun): Promise<DslValue | null> {
  switch (question.name) {
    case 'resolve':
      return resolve(question.args, run);
    case 'wait_for':
      return pause(Number(question.args[0]), run);
    case 'jarm':
      return jarm(question.args[0] ?? '', run);
  }
}

async function pause(seconds: number, run: ProgramRun): Promise<DslValue | null> {
  const { clock, signal } = run.session;
  const left = run.deadline - clock.monotonic();
  if (!(seconds >= 0) || seconds > longestPause || seconds * 1000 > left) return null;
  await clock.sleep(seconds * 1000, signal).catch(() => {});
  return signal.aborted ? null : true;
}

/** `jarm(host:port)`. Where nothing answers it is all zeros, as the method has it; that this decides nothing is noted. */
async function jarm(place: string, run: ProgramRun): Promise<DslValue | null> {
  const found = await jarmOf(toText(place), run.endpoint, run.session);
  if (found.ok) return found.value;
  run.fail(found.error);
  return found.error.reason === 'connection-failed' || found.error.reason === 'timeout' ? emptyJarm : null;
}

/** `resolve(name, type)`: the first record, asked of the configured resolver alone. */
async function resolve(args: readonly string[], run: ProgramRun): Promise<DslValue | null> {
  const { session } = run;
  const type = (args[1] ?? '4').toUpperCase();
  const kind = type === '4' ? 'A' : type === '6' ? 'AAAA' : type;
  const code = Object.entries(dnsTypes).find(([name]) => name === kind)?.[1];
  const name = toText(args[0] ?? '');
  if (session.dns === null || code === undefined || spend(session, 0) !== null) return null;
  const query = encodeQuery({ name, type: code, class: 1 }, session.random.integer(65_536), true);
  const answer = query && (await session.dns.ask(query, 2, session.signal));
  const value = answer?.ok ? dnsScope('', answer.value)?.get(kind.toLowerCase()) : undefined;
  if (value === undefined) return null;
  return Array.isArray(value) ? (value[0] ?? null) : value;
}
