import { type CasePlay, judgeCount } from '../conformance-case.ts';

/** Looks into the suite's own folder of files. */
const data: CasePlay = async (tools, expect) =>
  judgeCount(await tools.run({ port: 0, files: 'protocols/file/data' }), expect);

/** `protocols/file/*`. */
export const fileCases: Readonly<Record<string, CasePlay>> = {
  'protocols/file/extract.yaml': data,
  'protocols/file/matcher-with-or.yaml': data,
  'protocols/file/matcher-with-and.yaml': data,
  'protocols/file/matcher-with-nested-and.yaml': data,
};
