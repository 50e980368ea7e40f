import { ownValue } from '@picket/base/own-value';
import { moduleName, scriptModules } from './script-modules.ts';

/** What a script needs, as far as its text shows. */
export interface ScriptNeeds {
  /** Names of the modules that it requires. */
  readonly modules: readonly string[];
  /** Modules and members that it uses and that are not there: stable words such as `module:kerberos` or `member:ssh.Run`. */
  readonly missing: readonly string[];
}

/** Longest script that is read, characters. */
export const mostScriptText = 200_000;

const requireCall = /\brequire\s*\(\s*(?:(["'`])([\w./-]{1,60})\1\s*\)|)/g;
const assigned =
  /\b([A-Za-z_$][\w$]{0,60})\s*=\s*(?:new\s+)?(?:([A-Za-z_$][\w$]{0,60})\s*\.\s*([A-Za-z_]\w{0,60})|require\s*\(\s*["'`]([\w./-]{1,60})["'`]\s*\)(?:\s*\.\s*([A-Za-z_]\w{0,60}))?)/g;
const memberUse = /(?<![\w$.])([A-Za-z_$][\w$]{0,60})\s*\.\s*([A-Za-z_]\w{0,60})/g;

/**
 * Reads which modules and members a script uses. It looks at words, not at meaning: a name that a script builds while it runs is
 * found when it runs, not here.
 */
export function scanScript(source: string): ScriptNeeds {
  const text = withoutComments(source.slice(0, mostScriptText));
  const modules = new Set<string>();
  const missing = new Set<string>();
  for (const match of text.matchAll(requireCall)) {
    const path = match[2];
    const name = path === undefined ? null : moduleName(path);
    if (name === null) missing.add(path === undefined ? 'module:computed' : `module:${path.replace(/^nuclei\//, '')}`);
    else modules.add(name);
  }
  for (const name of unknownMembers(text, modules)) missing.add(name);
  for (const name of refusedMembers(text, modules)) missing.add(name);
  return { modules: [...modules], missing: [...missing] };
}

/** What a variable of a script holds: a module, or an object of a class. */
interface Held {
  readonly module: string;
  readonly className: string | null;
}

function* unknownMembers(text: string, modules: Set<string>): Generator<string> {
  const held = new Map<string, Held | null>([
    ['bytes', { module: 'bytes', className: null }],
    ['structs', { module: 'structs', className: null }],
  ]);
  for (const match of text.matchAll(assigned)) {
    const [whole, name = '', owner, member, path, chained] = match;
    const module = path === undefined ? held.get(owner ?? '') : moduleOf(path);
    const used = member ?? chained;
    const goesOn = isChained(text, match.index + whole.length);
    const value = goesOn ? null : used === undefined ? (module ?? null) : madeBy(module, used);
    // A variable that holds different things at different times is not judged.
    held.set(name, held.has(name) && !same(held.get(name), value) ? null : value);
  }
  for (const [, name = '', member = ''] of text.matchAll(memberUse)) {
    const value = held.get(name);
    if (!value) continue;
    modules.add(value.module);
    if (!members(value).includes(member)) yield `member:${value.module}.${member}`;
  }
}

/** Words of the text that name a refused method of one of its modules, whatever they are said of. */
function* refusedMembers(text: string, modules: ReadonlySet<string>): Generator<string> {
  const words = new Set(text.match(/[A-Za-z_$][\w$]*/g));
  for (const module of modules)
    for (const { refused = [] } of Object.values(ownValue(scriptModules, module)?.classes ?? {}))
      for (const name of refused) if (words.has(name)) yield `member:${module}.${name}`;
}

/** After the arguments of a call comes another member: what is assigned is the result of that, which nobody knows here. */
function isChained(text: string, at: number): boolean {
  const after = /^\s{0,20}\(/.exec(text.slice(at, at + 24));
  if (!after) return false;
  let depth = 1;
  let end = at + after[0].length;
  for (; depth > 0 && end < Math.min(text.length, at + 500); end += 1) {
    if (text[end] === '(') depth += 1;
    else if (text[end] === ')') depth -= 1;
  }
  return depth > 0 || /^\s{0,20}\./.test(text.slice(end, end + 24));
}

function moduleOf(path: string): Held | null {
  const module = moduleName(path);
  return module === null ? null : { module, className: null };
}

function madeBy(owner: Held | null | undefined, member: string): Held | null {
  if (!owner || owner.className !== null) return null;
  const table = ownValue(scriptModules, owner.module);
  const className = table?.returns?.[member] ?? (table && Object.hasOwn(table.classes, member) ? member : null);
  return className === null ? null : { module: owner.module, className };
}

function members({ module, className }: Held): readonly string[] {
  const table = ownValue(scriptModules, module);
  if (className === null)
    return [...(table?.functions ?? []), ...Object.keys(table?.classes ?? {}), ...Object.keys(table?.constants ?? {})];
  const own = table?.classes[className];
  return [...(own?.methods ?? []), ...(own?.fields ?? [])];
}

const same = (left: Held | null | undefined, right: Held | null) =>
  left?.module === right?.module && left?.className === right?.className;

/** Comments become blanks; texts stay, because paths of modules are in them. */
function withoutComments(text: string): string {
  return text.replace(
    /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\//g,
    (whole, kept) => (kept === undefined ? whole.replace(/[^\n]/g, ' ') : kept),
  );
}
