import { hex, latin, u32be } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** NAMES_REQ (110) of the Erlang port mapper; the answer begins with the mapper's own port. */
export const epmd: ServiceProbe = {
  name: 'epmd',
  help: 'Asks the Erlang port mapper for the names of the nodes.',
  services: ['epmd'],
  transport: 'tcp',
  opens: 'client',
  ports: [4369],
  tlsPorts: [],
  proved: 'specification',
  next: (answers) => (answers.length === 0 ? hex('00 01 6e') : null),
  classify(answers, context) {
    const answer = answers[0] ?? new Uint8Array(0);
    const nodes = latin(answer.subarray(4));
    if (u32be(answer, 0) !== context.port || !/^(?:name \S+ at port [0-9]+\n)*$/.test(nodes)) return null;
    const names = [...nodes.matchAll(/name (\S+) at/g)].map((match) => match[1]).slice(0, 8);
    return {
      service: 'epmd',
      vendor: 'Erlang',
      product: 'Erlang port mapper',
      info: names.length > 0 ? `nodes: ${names.join(', ')}` : 'no nodes',
    };
  },
};
