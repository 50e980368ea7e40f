import { ascii, be16, concat, hex, indexOf, latin, u8 } from '../bytes.ts';
import type { ServiceProbe } from '../probe.ts';

/** CONNECT of MQTT 3.1.1 (section 3.1): clean session, keep-alive 10 s, empty client id. */
const connect = hex('10 0c', '00 04 4d 51 54 54', '04', '02', '00 0a', '00 00');
const topic = '$SYS/broker/version';
/** SUBSCRIBE (section 3.8) to the broker's own version, which Mosquitto and others keep there. */
const subscribe = concat(
  Uint8Array.of(0x82, 5 + topic.length),
  hex('00 01'),
  be16(topic.length),
  ascii(topic),
  hex('00'),
);

const refusals: Readonly<Record<number, string>> = {
  1: 'protocol version refused',
  2: 'client id refused',
  3: 'unavailable',
  4: 'bad user or password',
  5: 'not authorized',
};

/** Connects without a user and, when let in, reads the broker's version topic. */
export const mqtt: ServiceProbe = {
  name: 'mqtt',
  help: "Connects without a user and, when let in, reads the broker's version topic.",
  services: ['mqtt'],
  transport: 'tcp',
  opens: 'client',
  ports: [1883, 1884],
  tlsPorts: [8883, 8884],
  fallbackRank: 6,
  proved: 'server',
  next(answers) {
    if (answers.length === 0) return connect;
    return answers.length === 1 && connectCode(answers[0]) === 0 ? subscribe : null;
  },
  whole: (answer, index) =>
    index === 0 ||
    (u8(answer, 0) === 0x90 &&
      answer.length > 5 &&
      indexOf(answer, ascii(topic)) > 0 &&
      answer.length > 7 + topic.length),
  classify(answers) {
    const code = connectCode(answers[0]);
    if (code === null) return null;
    const published = answers[1] ?? new Uint8Array(0);
    const at = indexOf(published, ascii(topic));
    const text = at < 0 ? '' : latin(published.subarray(at + topic.length, at + topic.length + 80));
    return {
      service: 'mqtt',
      info: code === 0 ? 'lets clients in without a user' : `connection refused: ${refusals[code] ?? code}`,
      ...(text === '' ? {} : { banners: [{ database: 'mqtt.version', text }] }),
    };
  },
};

/** Return code of a CONNACK (section 3.2), or null. */
function connectCode(answer: Uint8Array | undefined): number | null {
  if (!answer || answer.length !== 4 || u8(answer, 0) !== 0x20 || u8(answer, 1) !== 2 || u8(answer, 2) > 1) return null;
  return u8(answer, 3) <= 5 ? u8(answer, 3) : null;
}
