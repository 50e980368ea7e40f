import { PicketError } from '@picket/base/error';
import { Command, InvalidArgumentError } from 'commander';
import { coverageOf } from '../content/coverage.ts';
import { coverageText } from '../content/coverage-text.ts';
import { judgeFolder, openFolder } from '../content/judge-folder.ts';
import { faultText, type LintFault, lintFolder } from '../content/lint.ts';
import { runTemplate, type TemplateRun } from '../content/run-template.ts';
import { runText } from '../content/run-text.ts';
import { testFolder } from '../content/test-folder.ts';
import { exitCode } from '../exit-code.ts';
import { type Output, printable, table } from '../terminal/output.ts';

const folders = `
DIR is a content folder of Picket (manifest.json, checks/, fingerprints/) or any folder with templates below it, such as a copy of a
public collection. Every *.yaml file is a template, but for those in hidden folders and for *.examples.yaml.`;

const lintHelp = `${folders}

Prints a line for each problem: file and line, what is wrong there, and the way out. In a content folder each check must also have
the name of its file as id and a file of examples with a server that has the weakness and one that has not.

--json prints one object a line: {"file", "line", "what", "message", "wayOut"}; "what" is a stable word for counting, such as
"field:race", "function:foo" or "value".

Exit code: 0 nothing is wrong, 1 something is, 2 the command was not understood, 70 the folder can't be read or has no template.`;

const coverageHelp = `${folders}

Counts the templates that are loaded (well-formed, with an id), compiled (every value, pattern and expression is right) and runnable
(this software has everything that they ask for), and says for each of the others what is missing. Nothing is left out in silence: a
template with a field, function or module that is not known does not run, and is listed here.

--json prints one object: {"total", "loaded", "compiled", "runnable", "unverified", "intrusive": [{"id", "reasons"}], "onFiles": [ids],
"notRunnable": [{"id", "file", "reasons": [{"kind", "what", "message"}]}]}. "unverified" counts templates that carry a publisher's
signature, which is not checked. "intrusive" are runnable ones that the safe profile leaves out, with the rules' reasons; "onFiles" look
into files and are run by "picket content run" alone, never in a scan. A workflow is runnable when its parts are.

Exit code: 0 every template is runnable, 1 some are not, 2 the command was not understood, 70 the folder can't be read or has no
template.`;

const testHelp = `${folders}

Runs each check against the example servers that ID.examples.yaml beside it describes, on the loopback address: it must find what
they are said to have and nothing else. Nothing is sent to any network.

Exit code: 0 every example came out as expected, 1 some did not, 2 the command was not understood, 70 the folder can't be read, has
no template, or none of the id of --only.`;

const runHelp = `
Compiles the template and runs it once, through the same scope gate as a scan: nothing but the one address of the target is reached, at
the pace of the profile "normal". A name is resolved once. The target is an address or a name, HOST:PORT, or http(s)://HOST:PORT; without
a port the template's own is taken. Public addresses need --authorized, templates that are not safe for their target need --intrusive.

A workflow runs its parts: templates of its pack, which is the folder of --pack, else the nearest folder above the workflow that has a
manifest.json, helpers, LICENSE.md or .git, else the one that its folder "workflows" lies in, else its own. Each finding names the part
that made it. A template that looks into files takes a folder or a file as target; no link below it is followed, nothing is sent, and
what was too much or could not be read makes the verdict "not evaluable" unless something was found.

Questions of DNS go to the resolver of this machine. A target on the loopback can call back: a listener is open there while the check waits;
for other targets use "picket scan --oast-listen".

The verdict is FOUND with its evidence (secrets masked), PASSED (asked and answered), or NOT EVALUABLE with the reason: no answer is not
a good answer.

--json prints one object: {"template", "address", "port" (or "path"), "verdict": "found"|"passed"|"not-evaluable", "findings": [...],
"reason", "detail", "intrusive": [reasons]}.

Exit code: 0 passed or found something of severity info, 1 found, 2 the command, template or target was refused (nothing was sent),
3 not evaluable, 70 a fault of the program or the machine.

Examples:
  picket content run --template redis-unauthenticated.yaml --target 10.0.0.5
  picket content run --template panel.yaml --target https://intranet.example.test:8443 --json
  picket content run --template pack/workflows/wiki.yaml --target https://wiki.example.test --pack pack
  picket content run --template file/keys.yaml --target ./configuration`;

/** `picket content`: works on checks, without platform. `signal` aborts on Ctrl-C. */
export function contentCommand(output: Output, end: (code: number) => void, signal: AbortSignal): Command {
  return new Command('content')
    .description('check, count, test and run templates')
    .addCommand(lintCommand(output, end))
    .addCommand(coverageCommand(output, end))
    .addCommand(testCommand(output, end))
    .addCommand(runCommand(output, end, signal));
}

function lintCommand(output: Output, end: (code: number) => void): Command {
  return new Command('lint')
    .description('find everything that is wrong in a folder of templates')
    .argument('<dir>', 'content folder or template tree')
    .option('--json', 'a JSON object a line on standard output')
    .addHelpText('after', lintHelp)
    .action(async (directory: string, options: { json?: boolean }) => {
      const folder = await openFolder(directory);
      const faults: LintFault[] = [];
      for await (const fault of lintFolder(folder)) {
        faults.push(fault);
        output.out(options.json ? `${JSON.stringify(fault)}\n` : `${printable(faultText(directory, fault))}\n`);
      }
      const files = new Set(faults.map(({ file }) => file)).size;
      if (!options.json)
        output.out(`${folder.templates.length} templates, ${faults.length} problems in ${files} files\n`);
      end(faults.length === 0 ? exitCode.clean : exitCode.findings);
    });
}

function coverageCommand(output: Output, end: (code: number) => void): Command {
  return new Command('coverage')
    .description('count the templates that can be run, and say why the others can not')
    .argument('<dir>', 'content folder or template tree')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', coverageHelp)
    .action(async (directory: string, options: { json?: boolean }) => {
      const coverage = await coverageOf(judgeFolder(await openFolder(directory)));
      output.out(options.json ? `${JSON.stringify(coverage)}\n` : coverageText(coverage));
      end(coverage.runnable === coverage.total ? exitCode.clean : exitCode.findings);
    });
}

function testCommand(output: Output, end: (code: number) => void): Command {
  return new Command('test')
    .description('run the checks of a folder against their examples')
    .argument('<dir>', 'content folder or template tree')
    .option('--only <id>', 'this check alone')
    .option('--traps', 'also against servers that mean nothing: no check may find anything there')
    .option('--json', 'a JSON object a line on standard output: {"check", "title", "ok", "message"}')
    .addHelpText('after', testHelp)
    .action(async (directory: string, options: { only?: string; traps?: boolean; json?: boolean }) => {
      const folder = await openFolder(directory);
      const failed: string[][] = [];
      let cases = 0;
      for await (const each of testFolder(folder, { only: options.only ?? null, traps: options.traps ?? false })) {
        cases += 1;
        if (options.json) output.out(`${JSON.stringify(each)}\n`);
        if (!each.ok) failed.push([each.check, printable(each.title), printable(each.message)]);
      }
      if (cases === 0) throw new Error(`There is no check "${options.only}" in ${directory}.`);
      if (!options.json) output.out(`${table(failed)}${cases - failed.length}/${cases} examples passed\n`);
      end(failed.length === 0 ? exitCode.clean : exitCode.findings);
    });
}

interface RawRunOptions {
  readonly template: string;
  readonly target: string;
  readonly pack?: string;
  readonly port?: number;
  readonly tls?: boolean;
  readonly intrusive?: boolean;
  readonly authorized?: boolean;
  readonly allowList?: string;
  readonly json?: boolean;
}

function runCommand(output: Output, end: (code: number) => void, signal: AbortSignal): Command {
  return new Command('run')
    .description('run one template on one target and show what it rests its verdict on')
    .requiredOption('--template <file>', 'the template')
    .requiredOption('--target <target>', 'HOST, HOST:PORT or http(s)://HOST:PORT; a folder or file for file templates')
    .option('--pack <dir>', "folder of the template's word lists and parts")
    .option('--port <port>', "the port (default: the target's, then the template's own)", portNumber)
    .option('--tls', 'the port speaks TLS from the first byte (default on 443, 8443 and https://)')
    .option('--intrusive', 'run it although it logs in, writes or strains')
    .option('--authorized', 'the owner of the public address permits it')
    .option('--allow-list <file>', 'local file with the last word on what may be scanned')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', runHelp)
    .action(async (raw: RawRunOptions) => {
      const options = {
        template: raw.template,
        target: raw.target,
        pack: raw.pack ?? null,
        port: raw.port ?? null,
        tls: raw.tls ?? false,
        intrusive: raw.intrusive ?? false,
        authorized: raw.authorized ?? false,
        allowList: raw.allowList ?? null,
      };
      try {
        const run = await runTemplate(options, signal);
        output.out(raw.json ? `${JSON.stringify(runDocument(run))}\n` : runText(run));
        end(runCode(run));
      } catch (error) {
        if (!(error instanceof PicketError) || error.kind !== 'user') throw error;
        output.err(`picket: ${error.message}${error.hint === undefined ? '' : ` ${error.hint}`}\n`);
        end(exitCode.usage);
      }
    });
}

function runDocument({ check, place, result }: TemplateRun) {
  const findings = result.kind === 'found' ? result.findings : [];
  return {
    template: check.id,
    ...place,
    verdict: result.kind,
    // A finding in a file has no address: its instance is the file.
    findings:
      'path' in place
        ? findings.map(({ address: _address, protocol: _protocol, port: _port, ...rest }) => rest)
        : findings,
    ...(result.kind === 'not-evaluable' ? result.failure : {}),
    intrusive: check.intrusive,
  };
}

function runCode({ result }: TemplateRun): number {
  if (result.kind === 'not-evaluable') return exitCode.incomplete;
  const graver = result.kind === 'found' && result.findings.some(({ severity }) => severity !== 'info');
  return graver ? exitCode.findings : exitCode.clean;
}

function portNumber(value: string): number {
  const port = /^[0-9]{1,5}$/.test(value) ? Number(value) : 0;
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('It must be a port, 1 to 65535.');
  return port;
}
