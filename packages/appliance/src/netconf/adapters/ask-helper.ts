import { connect } from 'node:net';
import { lineChannel } from '../../local/line-channel.ts';
import { type HelperAnswer, helperAnswer, helperWorking } from '../helper-messages.ts';

/** Room for the description of 4094 VLANs and as many routes in one line. */
const maxLineBytes = 8 * 1024 * 1024;
/** A helper that says nothing for so long is given up, milliseconds; one that works says so every 15 s. */
const silenceMs = 60_000;

/** Sends one request to the network helper at a socket and gives its answer. Rejects with a reason when none comes. */
export function askHelper(
  path: string,
  request: object,
  onWorking: (message: string) => void = () => {},
): Promise<HelperAnswer> {
  return new Promise((resolve, reject) => {
    const stream = connect(path);
    const channel = lineChannel(stream, {
      maxLineBytes,
      onMessage: (message) => {
        const working = helperWorking.safeParse(message);
        if (working.success) {
          timer.refresh();
          return onWorking(working.data.message);
        }
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
      reject(new Error(`the network helper said nothing for ${silenceMs / 1000} s`));
      end();
    }, silenceMs);
    const end = () => {
      clearTimeout(timer);
      channel.close();
    };
    channel.send({ id: 1, progress: true, ...request });
  });
}
