import { ownValue } from '@picket/base/own-value';
/** What the author of a template can do about a problem, by the first part of its `what`. */
const waysOut: Readonly<Record<string, string>> = {
  yaml: 'Put the YAML right at this line.',
  unreadable: 'Make the file readable, or move it out of the folder.',
  duplicate: 'Give one of the two another id, or remove it.',
  value: 'Write a value that the format knows.',
  field:
    'Remove the field or correct its name; the check does not run with it, for it would mean something else without.',
  function: 'Correct the name of the function or write the expression without it.',
  protocol: 'Write the check over a protocol that is supported; see docs/content.md.',
  workflow: 'Name templates, folders or tags that the pack has and that can be run; see docs/content.md.',
  variable: 'Define the variable, or correct its name.',
  oast: 'The check needs a listener for call-backs; see docs/content.md.',
  examples: 'Write the file of examples: a server that has the weakness and one that has not.',
  name: 'Name the file after the id.',
  syntax: 'Put it right; "picket fingerprint verify" runs the examples of fingerprint files.',
};

/** A sentence. */
export function wayOut(what: string): string {
  return (
    ownValue(waysOut, what.split(':')[0] ?? '') ??
    'Write the check without it, or wait for a release that has it; see docs/content.md.'
  );
}
