import { err, ok, type Result } from '@picket/base/result';
import type { DslScope } from '@picket/checks/dsl/value';
import { ownPlace } from '@picket/checks/run/own-place';
import type { Endpoint } from '@picket/checks/run/target-scope';
import { renderText, type TemplateText } from '@picket/checks/template/text';
import type { CheckFailure } from '../check-failure.ts';
import type { ProgramRun } from './program-run.ts';

/** The endpoint that a self-contained request names. The error: it is not the scanned host, or a variable of it has no value. */
export function ownEndpoint(
  place: TemplateText | null,
  scope: DslScope,
  run: ProgramRun,
  usualPort = 80,
): Result<Endpoint, CheckFailure> {
  const rendered = place === null ? { missing: 'the server' } : renderText(place, scope, run.ambient);
  if ('missing' in rendered) return err({ reason: 'check-unsupported', detail: `${rendered.missing} has no value` });
  const endpoint = ownPlace(rendered.text, run.endpoint, usualPort);
  if (endpoint !== null) return ok(endpoint);
  const named = rendered.text.replace(/[^\x21-\x7e]/g, '.').slice(0, 80);
  return err({ reason: 'scope-denied', detail: `not run: ${named} is outside the scope` });
}

/** The endpoints of a block: the scanned service, or those of the places it names that are the scanned host. What is not is noted. */
export function endpointsOf(
  block: { readonly places: readonly TemplateText[]; readonly ports?: readonly number[] },
  scope: DslScope,
  run: ProgramRun,
): readonly Endpoint[] {
  if (block.places.length === 0) return [run.endpoint];
  return block.places.flatMap((place) => {
    const endpoint = ownEndpoint(place, scope, run, block.ports?.[0] ?? 443);
    if (!endpoint.ok) run.fail(endpoint.error);
    return endpoint.ok ? [endpoint.value] : [];
  });
}
