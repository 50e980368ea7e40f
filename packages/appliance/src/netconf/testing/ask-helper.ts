import { connect } from 'node:net';
import { lineChannel } from '../../local/line-channel.ts';
import { type HelperAnswer, helperAnswer } from '../helper-messages.ts';

/** Sends one request to a network helper and gives its answer. */
export function askHelper(path: string, request: object): Promise<HelperAnswer> {
  return new Promise((resolve, reject) => {
    const stream = connect(path);
    const channel = lineChannel(stream, {
      maxLineBytes: 8 * 1024 * 1024,
      onMessage: (message) => {
        const parsed = helperAnswer.safeParse(message);
        if (parsed.success) resolve(message as HelperAnswer);
        else reject(new Error(`not an answer: ${parsed.error.message}`));
        channel.close();
      },
      onEnd: (reason) => reject(new Error(`the helper gave no answer: ${reason}`)),
    });
    channel.send({ id: 1, ...request });
  });
}
