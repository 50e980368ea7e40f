import { systemClock, systemRandom } from '@picket/base/adapters/system';
import type { CompiledCheck } from '@picket/checks/check';
import { namesIn } from '@picket/checks/dsl/parser';
import { nodeSockets } from '../adapters/node-sockets.ts';
import { type KnownTls, surveyFacts } from '../checks/tls/known-tls.ts';
import { defaultSurveyLimits, surveyTls, withBudget } from '../tls/survey.ts';

/** What identification would know of an example's TLS; empty where the check asks for nothing that only a survey tells. */
export async function surveyExample(check: CompiledCheck, port: number): Promise<ReadonlyMap<number, KnownTls>> {
  if (!asksForSurvey(check)) return new Map();
  const sockets = nodeSockets();
  const signal = new AbortController().signal;
  const open = () => sockets.connectTcp({ address: '127.0.0.1', port, timeoutMs: 2000, signal });
  const reach = withBudget(
    { open, clock: systemClock, random: systemRandom, signal },
    { ...defaultSurveyLimits, answerMs: 400, spacingMs: 0 },
  );
  const survey = await surveyTls(reach, null);
  return survey === null ? new Map() : new Map([[port, { survey, upgraded: false }]]);
}

function asksForSurvey(check: CompiledCheck): boolean {
  return check
    .program()
    .blocks.some(
      (block) =>
        block.protocol === 'tls' &&
        block.operators.matchers.some(
          ({ test }) =>
            test.type === 'dsl' &&
            test.expressions.some((node) => [...namesIn(node).variables].some((name) => surveyFacts.has(name))),
        ),
    );
}
