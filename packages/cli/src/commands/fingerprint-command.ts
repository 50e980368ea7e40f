import { Command } from 'commander';
import { exitCode } from '../exit-code.ts';
import { loadServiceProbes } from '@picket/engine/adapters/service-probes-file';
import { type VerifiedFile, verifyFolder } from '../fingerprints/verify-folder.ts';
import { type Output, printable, table } from '../terminal/output.ts';

const help = `
DIR is searched with its sub-folders for *.xml files in the format of recog. Each <example> of a <fingerprint> must match the
pattern of its own fingerprint (that counts as an example passed), and every field that the example names in an attribute must
come out of the match with exactly that value (a value passed). Patterns run on a linear-time engine; what that engine can't
express is reported as not compiling. An example with _encoding="base64" is decoded first, one with _filename="..." is read from
the file of that name beside its XML file. Nothing is sent to any network and nothing is written.

Output: a line for each file that has a fault, each fault, then the totals:
  7525/7525 examples passed, 7852/7852 values right, 4657 fingerprints in 50 files (175 without an example)

--json prints one document instead: {"examples", "examplesPassed", "values", "valuesPassed", "fingerprints", "withoutExample",
"faults", "files": [{"file", ... the same figures ..., "withoutExample": [names], "faults": [sentences]}]}.

Exit code: 0 every example and value passed and every file was understood, 1 something did not, 2 the command was not
understood, 70 the folder can't be read or holds no fingerprint file.

Examples:
  picket fingerprint verify content/fingerprints --strict
  picket fingerprint verify /usr/share/recog/xml --json | jq .files[].faults`;

const probesHelp = `
Directives: Exclude, Probe, match, softmatch, ports, sslports, rarity, fallback, totalwaitms, tcpwrappedms. Patterns run on a
linear-time engine: those that look around, refer back or hold atomic groups are left out. Nothing is sent to any network.

Exit code: 0 every line can be used, 1 some can't (each is printed with its number), 2 the command was not understood, 70 the
file can't be read or holds no probe.`;

/** `picket fingerprint`: works on fingerprint files, without platform or network. */
export function fingerprintCommand(output: Output, end: (code: number) => void): Command {
  const verify = new Command('verify')
    .description('run the examples of fingerprint files and count what passes')
    .argument('<dir>', 'folder with fingerprint files')
    .option('--strict', 'examples must also meet their own fingerprint before others, and every fingerprint needs one')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', help)
    .action(async (folder: string, options: { strict?: boolean; json?: boolean }) => {
      const files = await verifyFolder(folder, { strict: options.strict ?? false });
      const totals = total(files);
      output.out(options.json ? `${JSON.stringify({ ...totals, files })}\n` : report(files, totals));
      end(totals.faults === 0 ? exitCode.clean : exitCode.findings);
    });
  const probes = new Command('probes')
    .description('read a file of service probes, as "picket scan --service-probes" would, and list what can\'t be used')
    .argument('<file>', 'file in the syntax of nmap-service-probes')
    .option('--json', 'one JSON document on standard output')
    .addHelpText('after', probesHelp)
    .action(async (path: string, options: { json?: boolean }) => {
      const { file, matcher } = await loadServiceProbes(path);
      const matches = file.probes.reduce((sum, probe) => sum + probe.matches.length, 0);
      const left = [...file.problems, ...matcher.unusable].sort((a, b) => a.line - b.line);
      const totals = { probes: file.probes.length, matches, usable: matches - matcher.unusable.length };
      if (options.json) output.out(`${JSON.stringify({ ...totals, unusable: left })}\n`);
      else {
        for (const { line, message } of left) output.out(`${path}:${line}: ${printable(message)}\n`);
        output.out(
          `${totals.probes} probes, ${totals.usable}/${matches} matches usable, ${left.length} lines left out\n`,
        );
      }
      end(left.length === 0 ? exitCode.clean : exitCode.findings);
    });
  return new Command('fingerprint').description('work on fingerprint files').addCommand(verify).addCommand(probes);
}

type Totals = Record<
  'examples' | 'examplesPassed' | 'values' | 'valuesPassed' | 'fingerprints' | 'withoutExample' | 'faults',
  number
>;

function total(files: readonly VerifiedFile[]): Totals {
  const sum = (of: (file: VerifiedFile) => number) => files.reduce((all, file) => all + of(file), 0);
  return {
    examples: sum((file) => file.examples),
    examplesPassed: sum((file) => file.examplesPassed),
    values: sum((file) => file.values),
    valuesPassed: sum((file) => file.valuesPassed),
    fingerprints: sum((file) => file.fingerprints),
    withoutExample: sum((file) => file.withoutExample.length),
    faults: sum((file) => file.faults.length),
  };
}

function report(files: readonly VerifiedFile[], totals: Totals): string {
  const faulty = files.filter((file) => file.faults.length > 0);
  const rows = faulty.map((file) => [
    printable(file.file),
    `${file.examplesPassed}/${file.examples} examples`,
    `${file.valuesPassed}/${file.values} values`,
  ]);
  const faults = faulty.flatMap((file) => file.faults.map((fault) => `${printable(`${file.file}: ${fault}`)}\n`));
  return `${table(rows)}${faults.join('')}${totals.examplesPassed}/${totals.examples} examples passed, ${totals.valuesPassed}/${totals.values} values right, ${totals.fingerprints} fingerprints in ${files.length} files (${totals.withoutExample} without an example)\n`;
}
