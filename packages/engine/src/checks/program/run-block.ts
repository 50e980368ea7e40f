import type { RequestBlock } from '@picket/checks/check';
import { runDnsBlock } from '../dns/run-dns-block.ts';
import { runFileBlock } from '../file/run-file-block.ts';
import { runJavascriptBlock } from '../javascript/run-javascript-block.ts';
import { runHttpBlock } from '../http/run-http-block.ts';
import { runSocketBlock } from '../socket/run-socket-block.ts';
import { runTlsBlock } from '../tls/run-tls-block.ts';
import type { ProgramRun } from './program-run.ts';

/** Runs one block of a check: true when something in it matched. What could not be judged is noted in `run`. */
export function runBlock(block: RequestBlock, run: ProgramRun): Promise<boolean> {
  switch (block.protocol) {
    case 'http':
      return runHttpBlock(block, run);
    case 'tcp':
    case 'udp':
      return runSocketBlock(block, run);
    case 'dns':
      return runDnsBlock(block, run);
    case 'file':
      return runFileBlock(block, run);
    case 'javascript':
      return runJavascriptBlock(block, run);
    case 'tls':
      return runTlsBlock(block, run);
  }
}
