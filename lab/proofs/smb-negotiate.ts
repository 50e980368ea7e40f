import { connect } from 'node:net';

/**
 * Asks an SMB server for its security mode ([MS-SMB2] 2.2.3 and 2.2.4) and prints whether signing is required: smbclient does not tell.
 * Run as a program: address, port.
 */
const [address = '', port = '445'] = process.argv.slice(2);
const headerLength = 64;
const securityModeAt = 4 + headerLength + 2;
const statusAt = 4 + 8;
const signingRequired = 0x02;

const request = Buffer.alloc(4 + headerLength + 36 + 2);
request.writeUInt32BE(request.length - 4, 0);
request.writeUInt32BE(0xfe534d42, 4);
request.writeUInt16LE(headerLength, 8);
request.writeUInt16LE(36, 4 + headerLength);
request.writeUInt16LE(1, 4 + headerLength + 2);
request.writeUInt16LE(1, 4 + headerLength + 4);
request.writeUInt16LE(0x0302, 4 + headerLength + 36);

const socket = connect({ host: address, port: Number(port), timeout: 5_000 });
let answer: Buffer = Buffer.alloc(0);
socket.on('connect', () => socket.write(request));
socket.on('timeout', () => socket.destroy(new Error('no answer in time')));
socket.on('error', (error) => process.stdout.write(`no answer: ${error.message}\n`));
socket.on('data', (chunk: Buffer) => {
  answer = Buffer.concat([answer, chunk]);
  if (answer.length <= securityModeAt) return;
  if (answer.readUInt32LE(statusAt) !== 0) {
    socket.destroy(new Error('the server refuses to negotiate SMB 3.0.2'));
    return;
  }
  const required = ((answer[securityModeAt] ?? 0) & signingRequired) !== 0;
  process.stdout.write(required ? 'signing required\n' : 'signing not required\n');
  socket.destroy();
});
