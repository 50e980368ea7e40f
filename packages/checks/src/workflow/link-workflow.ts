import type { CompiledCheck } from '../check.ts';
import type { TemplateProblem } from '../template/reader.ts';
import type { WorkflowStep } from './workflow-step.ts';

/** A workflow whose parts are all there. */
export interface Workflow {
  /** Its own header; ports, services and protocols are those of the parts that it begins with. */
  readonly check: CompiledCheck;
  readonly steps: readonly LinkedStep[];
}

export interface LinkedStep {
  readonly parts: readonly CompiledCheck[];
  /** Templates that the step's folder or tags mean and that can't be run, by path: without them it tells less. */
  readonly lacking: readonly string[];
  readonly matchers: readonly LinkedMatcher[];
  readonly next: readonly LinkedStep[];
}

export interface LinkedMatcher {
  readonly names: readonly string[];
  readonly all: boolean;
  readonly next: readonly LinkedStep[];
}

/** The templates of a pack. */
export interface WorkflowPack {
  /** Paths below the pack's folder, with slashes, in order. */
  readonly paths: readonly string[];
  /** The check of a path of the pack, or why it can't be run. */
  load(path: string): CompiledCheck | readonly Pick<TemplateProblem, 'message'>[];
}

/** Most parts of one workflow, all steps together. */
const mostParts = 20_000;

type Problems = TemplateProblem[];

/**
 * Finds the parts of a workflow in its own pack. A named template that is not there, can't be run, or is a workflow itself, makes the
 * whole workflow one that can't be run; so does a folder or a tag without a template.
 */
export function linkWorkflow(
  check: CompiledCheck,
  path: string,
  pack: WorkflowPack,
): Workflow | readonly TemplateProblem[] {
  const problems: Problems = [];
  const finder = new PartFinder(pack, path, problems);
  const steps = (check.workflow ?? []).map((step, at) => finder.link(step, `workflows[${at}]`));
  if (problems.length > 0) return problems;
  const first = steps.flatMap(({ parts }) => parts);
  const union = <T>(of: (part: CompiledCheck) => readonly T[]) => [...new Set(first.flatMap(of))];
  const header = {
    protocols: union((part) => part.protocols),
    ports: union((part) => part.ports),
    services: union((part) => part.services),
  };
  return { check: { ...check, ...header }, steps };
}

class PartFinder {
  readonly #pack: WorkflowPack;
  readonly #folder: string;
  readonly #problems: Problems;
  #parts = 0;

  /** `path`: where the workflow lies in the pack. */
  constructor(pack: WorkflowPack, path: string, problems: Problems) {
    this.#pack = pack;
    this.#folder = path.slice(0, path.lastIndexOf('/') + 1);
    this.#problems = problems;
  }

  link(step: WorkflowStep, at: string): LinkedStep {
    const found = 'path' in step.parts ? this.#named(step.parts.path, at) : this.#tagged(step.parts.tags, at);
    this.#parts += found.parts.length;
    if (this.#parts > mostParts && this.#parts - found.parts.length <= mostParts)
      this.#problem(at, 'size', `a workflow of more than ${mostParts} parts is not run`);
    return {
      ...found,
      matchers: step.matchers.map((matcher, index) => ({
        ...matcher,
        next: matcher.next.map((next, each) => this.link(next, `${at}.matchers[${index}].subtemplates[${each}]`)),
      })),
      next: step.next.map((next, index) => this.link(next, `${at}.subtemplates[${index}]`)),
    };
  }

  /** From the top of the pack, else from the workflow's own folder. */
  #named(path: string, at: string): Pick<LinkedStep, 'parts' | 'lacking'> {
    const plain = path.replace(/^(?:\.\/)+/, '').replace(/\/+/g, '/');
    for (const place of [plain, this.#folder + plain]) {
      if (this.#pack.paths.includes(place)) return { parts: this.#one(place, at), lacking: [] };
      const folder = place.endsWith('/') ? place : `${place}/`;
      const inside = this.#pack.paths.filter((each) => each.startsWith(folder));
      if (inside.length > 0) return this.#several(inside);
    }
    this.#problem(at, 'missing', `the pack has no template and no folder ${path.slice(0, 120)}`);
    return { parts: [], lacking: [] };
  }

  #one(path: string, at: string): CompiledCheck[] {
    const loaded = this.#pack.load(path);
    if (isProblems(loaded)) this.#problem(at, 'part', `${path} can't be run: ${loaded[0]?.message ?? ''}`);
    else if (loaded.workflow !== null) this.#problem(at, 'part', `${path} is a workflow, which is no part of another`);
    else if (readsFiles(loaded)) this.#problem(at, 'part', `${path} looks into files, which is no part of a workflow`);
    else return [loaded];
    return [];
  }

  #tagged(tags: readonly string[], at: string): Pick<LinkedStep, 'parts' | 'lacking'> {
    const wanted = new Set(tags);
    const { parts } = this.#several(this.#pack.paths);
    const having = parts.filter((part) => part.tags.some((tag) => wanted.has(tag)));
    if (having.length === 0)
      this.#problem(
        at,
        'missing',
        `no template of the pack that can be run has the tag ${tags.join(', ').slice(0, 120)}`,
      );
    return { parts: having, lacking: [] };
  }

  #several(paths: readonly string[]): Pick<LinkedStep, 'parts' | 'lacking'> {
    const parts: CompiledCheck[] = [];
    const lacking: string[] = [];
    for (const path of paths) {
      const loaded = this.#pack.load(path);
      if (isProblems(loaded)) lacking.push(path);
      else if (loaded.workflow === null && !readsFiles(loaded)) parts.push(loaded);
    }
    return { parts, lacking };
  }

  #problem(at: string, what: string, message: string): void {
    this.#problems.push({ kind: 'unsupported', path: at, what: `workflow:${what}`, message: `${at}: ${message}.` });
  }
}

/** Whether a check looks into files of a folder instead of asking a host. */
export function readsFiles(check: Pick<CompiledCheck, 'protocols'>): boolean {
  return check.protocols.includes('file');
}

function isProblems(loaded: ReturnType<WorkflowPack['load']>): loaded is readonly Pick<TemplateProblem, 'message'>[] {
  return Array.isArray(loaded);
}
