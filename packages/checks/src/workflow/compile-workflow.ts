import type { MapReader } from '../template/reader.ts';
import type { WorkflowMatcher, WorkflowStep } from './workflow-step.ts';

/** Steps of one workflow, all levels together. */
const mostSteps = 500;

/** Compiles `workflows:`; null when there is none. What is wrong or not supported goes to the reader's problems. */
export function compileWorkflow(reader: MapReader): readonly WorkflowStep[] | null {
  if (!reader.has('workflows')) return null;
  const count = { steps: 0 };
  const steps = compileSteps(reader, 'workflows', count);
  if (steps.length === 0) reader.wrong('workflows', 'it is empty');
  if (count.steps > mostSteps)
    reader.unsupported('workflows', 'workflow:size', `a workflow of more than ${mostSteps} steps is not run`);
  return steps;
}

function compileSteps(reader: MapReader, key: string, count: { steps: number }): WorkflowStep[] {
  return reader.items(key).map((item) => compileStep(item, count));
}

function compileStep(reader: MapReader, count: { steps: number }): WorkflowStep {
  count.steps += 1;
  const path = (reader.text('template') ?? '').trim();
  const tags = listOf(reader.texts('tags')).map((tag) => tag.toLowerCase());
  if ((path === '') === (tags.length === 0)) reader.wrong('', 'a step names either a template or tags');
  const fault = path === '' ? null : faultOf(path);
  if (fault !== null) reader.unsupported('template', 'workflow:path', `"${path.slice(0, 120)}" ${fault}`);
  const matchers = reader.items('matchers').map((item) => compileMatcher(item, count));
  const next = compileSteps(reader, 'subtemplates', count);
  if (matchers.length > 0 && next.length > 0)
    reader.unsupported('subtemplates', 'workflow:both', 'a step has either matchers or subtemplates of its own');
  reader.finish();
  return { parts: path === '' ? { tags } : { path }, matchers, next };
}

function compileMatcher(reader: MapReader, count: { steps: number }): WorkflowMatcher {
  const names = listOf(reader.texts('name'));
  if (names.length === 0) reader.wrong('name', 'it is missing');
  const all = reader.choice(['and', 'or'], 'or', 'condition') === 'and';
  const next = compileSteps(reader, 'subtemplates', count);
  reader.finish();
  return { names, all, next };
}

const listOf = (texts: readonly string[]) =>
  texts
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');

/** Why a path names no part: parts lie in the workflow's own pack. */
function faultOf(path: string): string | null {
  if (/^(?:[/\\~]|[A-Za-z]:)/.test(path)) return 'is not a path inside the pack';
  if (path.split(/[/\\]/).includes('..')) return 'leads out of its folder';
  return /[\\*?[\]\0]/.test(path) ? 'is not the path of a template or a folder' : null;
}
