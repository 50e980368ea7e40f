import { readFile, stat } from 'node:fs/promises';
import { describeError, userError } from '@picket/base/error';
import { parseServiceProbes } from '@picket/checks/service-probes/parse-service-probes';
import { ServiceProbeMatcher } from '@picket/checks/service-probes/service-probe-matcher';
import type { UserProbes } from '../services/user-probes.ts';

const largestFile = 16 * 1024 * 1024;

/**
 * Reads a file of service probes that the user gave, one character a byte. A user error when it can't be read or holds no probe; lines that
 * can't be used are in the result.
 */
export async function loadServiceProbes(path: string): Promise<UserProbes> {
  const hint = 'Give a text file in the syntax of nmap-service-probes.';
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > largestFile) throw new Error(`it has ${size} bytes, at most ${largestFile} are read`);
    text = await readFile(path, 'latin1');
  } catch (error) {
    throw userError(
      'engine.service-probes-unreadable',
      `The service probes ${path} can't be read: ${describeError(error)}.`,
      hint,
    );
  }
  const file = parseServiceProbes(text);
  if (file.probes.length === 0) {
    const [first] = file.problems;
    const why = first ? ` Line ${first.line}: ${first.message}` : '';
    throw userError('engine.service-probes-empty', `There is no usable probe in ${path}.${why}`, hint);
  }
  return { file, matcher: new ServiceProbeMatcher(file) };
}
