import type { CasePlay } from './conformance-case.ts';
import { dnsCases, mixedCases } from './cases/dns-cases.ts';
import { fileCases } from './cases/file-cases.ts';
import { flowCases } from './cases/flow-cases.ts';
import { httpPaceCases } from './cases/http-pace-cases.ts';
import { httpPlainCases } from './cases/http-plain-cases.ts';
import { httpRawCases } from './cases/http-raw-cases.ts';
import { javascriptCases } from './cases/javascript-cases.ts';
import { oastCases } from './cases/oast-cases.ts';
import { networkCases, sslCases } from './cases/socket-cases.ts';
import { workflowCases } from './cases/workflow-cases.ts';

/** How each case is played, by its template. */
export const casePlays: Readonly<Record<string, CasePlay>> = {
  ...httpPlainCases,
  ...httpRawCases,
  ...httpPaceCases,
  ...networkCases,
  ...sslCases,
  ...flowCases,
  ...oastCases,
  ...dnsCases,
  ...mixedCases,
  ...javascriptCases,
  ...workflowCases,
  ...fileCases,
};
