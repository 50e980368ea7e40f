import type { CheckResult } from '@picket/engine/checks/check-run';
import { printable } from '../terminal/output.ts';
import type { RunPlace, TemplateRun } from './run-template.ts';

/** The verdict and what it rests on, as a person reads it. */
export function runText({ check, place, result }: TemplateRun): string {
  const title = `${printable(check.name)} [${check.id}, ${check.severity}] on ${placeText(place)}\n`;
  return title + verdictText(result, check.id);
}

function placeText(place: RunPlace): string {
  return 'path' in place ? printable(place.path) : `${place.address} port ${place.port}`;
}

/** A finding of a workflow names the part that made it. */
function verdictText(result: CheckResult, id: string): string {
  switch (result.kind) {
    case 'passed':
      return 'PASSED: asked and answered, the weakness is not there\n';
    case 'not-evaluable':
      return `NOT EVALUABLE: ${result.failure.reason}${detail(result.failure.detail)}\n${wayOut(result.failure.reason)}`;
    case 'found':
      return result.findings
        .map(({ check, severity, instance, evidence }) =>
          [
            `FOUND${check === id ? '' : ` [${check}, ${severity}]`}${detail(instance)}`,
            ...section('matcher', evidence.matcher),
            ...(evidence.extracted ?? []).flatMap((value) => section('extracted', value)),
            ...section('request', evidence.request),
            ...section('response', evidence.response),
            '',
          ].join('\n'),
        )
        .join('');
  }
}

function section(name: string, text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const lines = text.split('\n').map(printable);
  return lines.length === 1 ? [`  ${name}: ${lines[0]}`] : [`  ${name}:`, ...lines.map((line) => `    ${line}`)];
}

function detail(text: string): string {
  return text === '' ? '' : `: ${printable(text)}`;
}

function wayOut(reason: string): string {
  return reason === 'check-not-allowed' ? 'It is not safe for its target; --intrusive runs it all the same.\n' : '';
}
