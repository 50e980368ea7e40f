import type { OsAnswer, OsClaim, SystemName } from './claim.ts';
import { nameOfPath } from './systems.ts';
import { type WindowsRole, windowsName } from './windows-releases.ts';

/** Below this an answer is worth less than saying that nothing is known. */
const leastConfidence = 0.3;
/** A special system is named only when it is at least so believable against the general one. */
const leastShare = 0.5;
/** A special system wins against another only when the evidence for it outweighs by this factor; else what both share is the answer. */
const outweighs = 1.25;
/** How much of the confidence a contradiction of full confidence takes away. */
const doubt = 0.5;
const mostTexts = 5;

/** What all claims together come to; null when they come to nothing. Pure and total. */
export function judgeOs(claims: readonly OsClaim[], role: WindowsRole): OsAnswer | null {
  const usable = claims.filter((claim) => claim.path.length > 0 && claim.confidence > 0 && claim.confidence <= 1);
  let path: readonly string[] = [];
  let supporters: readonly OsClaim[] = usable;
  let answer = { path, confidence: 0 };
  let belief = 1;
  const against = new Set<OsClaim>();
  for (;;) {
    const next = strongestChild(supporters, path, path.length === 0);
    if (!next) break;
    for (const claim of next.against) against.add(claim);
    if (!next.clear) break;
    belief *= 1 - doubt * strongest(next.against);
    const confidence = strongest(next.supporters) * belief;
    if (confidence < leastConfidence || confidence < answer.confidence * leastShare) break;
    ({ path, supporters } = next);
    answer = { path, confidence };
  }
  if (answer.path.length === 0) return null;
  const agreeing = usable.filter((claim) => agrees(claim, answer.path));
  return {
    ...describe(answer.path, agreeing, role),
    confidence: Math.floor(answer.confidence * 100) / 100,
    evidence: evidenceText(agreeing, [...against]),
  };
}

interface Child {
  readonly path: readonly string[];
  readonly supporters: readonly OsClaim[];
  readonly against: readonly OsClaim[];
  /** It outweighs what contradicts it: at the first level by anything at all, since nothing is shared there. */
  readonly clear: boolean;
}

/** The best system one level below `path`, and what contradicts it. Null when no claim goes deeper. */
function strongestChild(claims: readonly OsClaim[], path: readonly string[], atRoot: boolean): Child | null {
  const deeper = claims.filter((claim) => claim.path.length > path.length);
  const groups = [...Map.groupBy(deeper, (claim) => claim.path[path.length] ?? '')]
    .map(([name, own]) => ({ name, own, weight: weightOf(own) }))
    .toSorted((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
  const [best, ...others] = groups;
  if (!best) return null;
  const against = others.flatMap(({ own }) => own).filter((claim) => !atRoot || !claim.alike?.includes(best.name));
  const rival = Math.max(
    0,
    ...[...Map.groupBy(against, (claim) => claim.path[path.length] ?? '').values()].map(weightOf),
  );
  return {
    path: [...path, best.name],
    supporters: best.own,
    against,
    clear: atRoot ? best.weight > rival : best.weight >= rival * outweighs,
  };
}

/** How much several claims weigh together: sources add to each other, claims of one source do not. Orders only, no confidence. */
function weightOf(claims: readonly OsClaim[]): number {
  let miss = 1;
  for (const own of Map.groupBy(claims, (claim) => claim.source).values()) miss *= 1 - strongest(own);
  return 1 - miss;
}

function strongest(claims: readonly OsClaim[]): number {
  return claims.reduce((most, claim) => Math.max(most, claim.confidence), 0);
}

/** The claim is about the answer, something more general, or (by what it shares) may be. */
function agrees(claim: OsClaim, path: readonly string[]): boolean {
  const root = path[0];
  if (root !== undefined && claim.alike?.includes(root)) return true;
  return claim.path.slice(0, path.length).every((part, index) => part === path[index]);
}

function describe(path: readonly string[], claims: readonly OsClaim[], role: WindowsRole): SystemName {
  if (path[0] === 'windows') return windowsName(path[1], path[2], role);
  const own = claims.find((claim) => claim.name && claim.path.join('/') === path.join('/'))?.name;
  const name = nameOfPath(path) ?? own ?? { product: path.join(' ') };
  const kernel = path.join('/') === 'linux' ? claims.find((claim) => claim.kernel !== undefined)?.kernel : undefined;
  return kernel === undefined ? name : { ...name, version: kernel };
}

function evidenceText(claims: readonly OsClaim[], against: readonly OsClaim[]): string {
  const pro = textsOf(claims);
  const contra = textsOf(against);
  const doubtText =
    contra.length === 0
      ? ''
      : `; against it: ${contra.join('; ')} (several systems answer at this address: a proxy, a container or forwarded ports)`;
  const text = `${pro.join('; ')}${doubtText}`;
  return text.length <= 1024 ? text : `${text.slice(0, 1023)}…`;
}

function textsOf(claims: readonly OsClaim[]): string[] {
  const sorted = claims.toSorted((a, b) => b.confidence - a.confidence || b.path.length - a.path.length);
  return [...new Set(sorted.map((claim) => claim.text.slice(0, 300)))].slice(0, mostTexts);
}
