import { connect } from 'node:net';
import { lineChannel } from '../../local/line-channel.ts';
import { type HelperAnswer, helperAnswer } from '../helper-messages.ts';

/** Room for the description of 4094 VLANs and as many routes in one line. */
const maxLineBytes = 8 * 1024 * 1024;
/** Applying settings may wait for a link; then the helper is given up, milliseconds. */
const answerMs = 60_000;

/** Sends one request to the network helper at a socket and gives its answer. Rejects with a reason when none comes. */
export function askHelper(path: string, request: object): Promise<HelperAnswer> {
  return new Promise((resolve, reject) => {
    const stream = connect(path);
    const channel = lineChannel(stream, {
      maxLineBytes,
      onMessage: (message) => {
        const parsed = helperAnswer.safeParse(message);
        // As it came: the schema would wrap the proxy's password.
        if (parsed.success) resolve(message as HelperAnswer);
        else reject(new Error(`not an answer: ${parsed.error.message.slice(0, 500)}`));
        end();
      },
      onEnd: (reason) => {
        reject(new Error(`the network helper gave no answer: ${reason}`));
        end();
      },
    });
    const timer = setTimeout(() => {
      reject(new Error(`the network helper gave no answer within ${answerMs / 1000} s`));
      end();
    }, answerMs);
    const end = () => {
      clearTimeout(timer);
      channel.close();
    };
    channel.send({ id: 1, ...request });
  });
}
