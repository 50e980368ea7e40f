import { parseIp } from '@picket/base/ip';
import { err, type Result } from '@picket/base/result';
import { toText } from '@picket/checks/byte-string';
import { type DnsBlock, dnsClasses, dnsTypes } from '@picket/checks/protocols/dns/dns-block';
import type { DslScope } from '@picket/checks/dsl/value';
import { payloadSets } from '@picket/checks/run/payload-sets';
import { renderText } from '@picket/checks/template/text';
import { encodeQuery } from '../../dns/message.ts';
import { reverseName } from '../../names/reverse-name.ts';
import { type CheckFailure, failureOf } from '../check-failure.ts';
import { spend } from '../check-session.ts';
import type { ProgramRun } from '../program/program-run.ts';
import { askZone, type DnsAnswer } from './ask-zone.ts';
import { dnsScopeOfAll, queryText } from './dns-facts.ts';

/** Runs a `dns` block with every set of payloads. True when it matched. */
export async function runDnsBlock(block: DnsBlock, run: ProgramRun): Promise<boolean> {
  let matched = false;
  for (const values of payloadSets(block.payloads, run.scope, run.ambient)) {
    if (run.overdue()) return matched;
    const scope = new Map([...run.scope, ...values]);
    const query = queryOf(block, scope, run);
    if ('failure' in query) {
      if (query.failure) run.fail(query.failure);
      continue;
    }
    const answer = await ask(block, query.query, scope, run);
    const facts = answer.ok ? dnsScopeOfAll(queryText(query.query), answer.value.messages) : null;
    if (!answer.ok || facts === null) {
      run.fail(answer.ok ? { reason: 'connection-failed', detail: 'the answer is no DNS' } : answer.error);
      continue;
    }
    run.remember('dns', facts, block);
    const result = await run.judge(block.operators, new Map([...scope, ...facts]));
    if (!result.matched) {
      if (answer.value.cut) run.fail({ reason: 'connection-failed', detail: 'the zone was not read to its end' });
      continue;
    }
    matched = true;
    run.report(block.operators, result, {
      place: [query.name, ...(block.payloads === null ? [] : values.values())].join(' '),
      request: String(facts.get('request') ?? ''),
      response: String(facts.get('raw') ?? ''),
    });
  }
  return matched;
}

type Query = { readonly query: Uint8Array; readonly name: string } | { readonly failure: CheckFailure | null };

/** The question with its values. A host without a name has nothing to ask about, but for the name of its address (PTR). */
function queryOf(block: DnsBlock, scope: DslScope, run: ProgramRun): Query {
  const rendered = renderText(block.name, scope, run.ambient);
  if (!('text' in rendered))
    return {
      failure: run.extracts ? null : { reason: 'check-unsupported', detail: `${rendered.missing} has no value` },
    };
  const written = toText(rendered.text).trim().replace(/\.$/, '');
  const isAddress = parseIp(written.replace(/^\[|\]$/g, '')).ok;
  const name = isAddress && block.type === 'PTR' ? reverseName(written.replace(/^\[|\]$/g, '')) : written;
  if (name === null || (isAddress && block.type !== 'PTR') || (run.endpoint.name === null && block.type !== 'PTR'))
    return { failure: { reason: 'check-unsupported', detail: 'the host has no name that DNS could be asked about' } };
  const id = run.session.random.integer(65_536);
  const query = encodeQuery({ name, type: dnsTypes[block.type], class: dnsClasses[block.class] }, id, block.recursion);
  return query === null
    ? { failure: { reason: 'check-unsupported', detail: `"${name.slice(0, 80)}" is no name of DNS` } }
    : { query, name };
}

/** Asks the configured resolver, or the scanned host when the template names it as name server. */
async function ask(
  block: DnsBlock,
  query: Uint8Array,
  scope: DslScope,
  run: ProgramRun,
): Promise<Result<DnsAnswer, CheckFailure>> {
  const { session } = run;
  const refused = spend(session, 0);
  if (refused) return err(refused);
  if (block.resolvers.length > 0) return askHost(block, query, scope, run);
  if (session.dns === null) return err({ reason: 'check-not-allowed', detail: 'this scan asks no resolver for names' });
  const answer = await session.dns.ask(query, block.tries, session.signal);
  return answer.ok ? { ok: true, value: whole(answer.value) } : answer;
}

const whole = (message: Uint8Array): DnsAnswer => ({ messages: [message], cut: false });

async function askHost(
  block: DnsBlock,
  query: Uint8Array,
  scope: DslScope,
  run: ProgramRun,
): Promise<Result<DnsAnswer, CheckFailure>> {
  const { endpoint, session } = run;
  for (const resolver of block.resolvers) {
    const rendered = renderText(resolver, scope, run.ambient);
    const match = 'text' in rendered ? /^\[?([^\]]*?)\]?(?::([0-9]{1,5}))?$/.exec(rendered.text.trim()) : null;
    if (!match || ![endpoint.address, endpoint.name].includes(match[1] ?? '')) continue;
    const request = { address: endpoint.address, port: Number(match[2] ?? 53), timeoutMs: session.limits.firstByteMs };
    if (block.type === 'AXFR') return askZone(request, query, session);
    for (let attempt = 0; attempt < block.tries; attempt += 1) {
      const answers = await session.dialer.exchangeUdp({ ...request, signal: session.signal, payload: query });
      const own = answers.ok ? answers.value.find((each) => each[0] === query[0] && each[1] === query[1]) : undefined;
      if (own) return { ok: true, value: whole(own) };
      if (!answers.ok && answers.error.kind !== 'timeout') return err(failureOf(answers.error));
    }
    return err({ reason: 'timeout', detail: 'the name server does not answer' });
  }
  return err({ reason: 'scope-denied', detail: 'the template names name servers that are not the scanned host' });
}
