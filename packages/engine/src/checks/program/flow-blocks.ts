import { ownValue } from '@picket/base/own-value';
import type { RequestBlock } from '@picket/checks/check';

/** Kinds of block that a call in a flow stands for. */
const blockKinds: Readonly<Record<string, readonly RequestBlock['protocol'][]>> = {
  http: ['http'],
  requests: ['http'],
  dns: ['dns'],
  javascript: ['javascript'],
  tcp: ['tcp', 'udp'],
  network: ['tcp', 'udp'],
  ssl: ['tls'],
  file: ['file'],
};

/** Names of the calls of a flow that run blocks. */
export const blockCalls: readonly string[] = Object.keys(blockKinds);

/** The blocks that a call means: those of its kind with these numbers (from 1), or all of the kind. */
export function chosenBlocks(
  name: string,
  ids: readonly (number | string)[],
  blocks: readonly RequestBlock[],
): readonly RequestBlock[] {
  const own = blocks.filter((block) => ownValue(blockKinds, name)?.includes(block.protocol));
  return ids.length === 0 ? own : ids.flatMap((id) => own[Number(id) - 1] ?? []);
}
