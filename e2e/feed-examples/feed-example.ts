import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExampleServer, exampleServer } from '@picket/checks/check-example';
import { parseYamlTree } from '@picket/checks/yaml-tree';
import { z } from 'zod';

/** The records of a name, as a name server has them: `MX 10 mail.example.test`. None: there is no such name. */
const dnsServer = z.strictObject({ protocol: z.literal('dns'), records: z.array(z.string()) });
/** What stands where a template asks: a tiny server, or the records of the target's name. */
export type FeedServer = ExampleServer | z.infer<typeof dnsServer>;

/** A template of the public collection with an answer that it must find something in, and one that it must not. */
export interface FeedExample {
  /** Id of the template. */
  readonly id: string;
  readonly match: FeedServer;
  /** Close, but not it: the same product repaired, a relative of it, the status right and the word missing. */
  readonly none: FeedServer;
  /** What a user has to say for this template: a login and the like. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A list is the routes of a web server; else it is a server of the file's protocol or of its own. */
const described = z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]);
const fileSchema = z.strictObject({
  protocol: z.string(),
  templates: z.record(
    z.string(),
    z.strictObject({ variables: z.record(z.string(), z.string()).default({}), match: described, none: described }),
  ),
});

/** Reads every file of answers beside this one. Throws with the file's name when one is not as it should be. */
export function readFeedExamples(folder: string = import.meta.dirname): FeedExample[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .flatMap((name) => readFile(join(folder, name)));
}

function readFile(path: string): FeedExample[] {
  const tree = parseYamlTree(readFileSync(path, 'utf8'));
  if (!tree.ok) throw new Error(`${path}: ${tree.error}`);
  const { protocol, templates } = fileSchema.parse(tree.value);
  const server = (id: string, value: z.infer<typeof described>): FeedServer => {
    const list = protocol === 'dns' ? 'records' : 'routes';
    const whole = { protocol, ...(Array.isArray(value) ? { [list]: value } : value) };
    const read = (whole.protocol === 'dns' ? dnsServer : exampleServer).safeParse(whole);
    if (read.success) return read.data;
    throw new Error(`${path}: ${id}: ${z.prettifyError(read.error)}`);
  };
  return Object.entries(templates).map(([id, { match, none, variables }]) => ({
    id,
    variables,
    match: server(id, match),
    none: server(id, none),
  }));
}
