import { connect, createServer } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * A TCP relay that cuts connections in the middle of what the client sends: `--listen HOST:PORT --to HOST:PORT
 * --cut-after BYTES --times N`. The first N connections on which the client has sent more than BYTES are reset; later ones pass. With
 * `--cut-after-ms` a connection is reset after that time at the latest, whatever went over it.
 */
const { values } = parseArgs({
  options: {
    listen: { type: 'string' },
    to: { type: 'string' },
    'cut-after': { type: 'string' },
    times: { type: 'string' },
    'cut-after-ms': { type: 'string' },
  },
});
const endpoint = (text = '') => {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at), port: Number(text.slice(at + 1)) };
};
const cutAfter = Number(values['cut-after']);
let cutsLeft = Number(values.times);

const server = createServer((client) => {
  const upstream = connect(endpoint(values.to));
  let sent = 0;
  const timer =
    values['cut-after-ms'] === undefined
      ? null
      : setTimeout(() => {
          process.stdout.write('cut by time\n');
          client.resetAndDestroy();
          upstream.resetAndDestroy();
        }, Number(values['cut-after-ms']));
  const end = () => {
    if (timer !== null) clearTimeout(timer);
    client.destroy();
    upstream.destroy();
  };
  client.on('data', (chunk) => {
    sent += chunk.length;
    if (cutsLeft > 0 && sent > cutAfter) {
      cutsLeft -= 1;
      process.stdout.write(`cut after ${sent} bytes\n`);
      client.resetAndDestroy();
      upstream.resetAndDestroy();
      return;
    }
    upstream.write(chunk);
  });
  upstream.pipe(client);
  client.on('end', () => upstream.end());
  for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
});
server.listen(endpoint(values.listen), () => process.stdout.write('relay ready\n'));
