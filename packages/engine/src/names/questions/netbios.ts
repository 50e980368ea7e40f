import { decodeNodeStatus, nodeStatusRequest } from '../netbios-message.ts';
import { describeNetbios, netbiosIdentity } from '../netbios-table.ts';
import { askUdp, type NameQuestion, spokenService } from '../name-question.ts';

/** NetBIOS node status: the host's table of names and, where it states one, its MAC. */
export const netbios: NameQuestion = {
  name: 'netbios',
  help: 'Asks the NetBIOS name service (UDP 137) for its table of names: workstation, workgroup or domain, MAC.',
  protocol: 'udp',
  port: 137,
  async ask(address, tools) {
    const [answer] = await askUdp({ address, port: 137 }, nodeStatusRequest, tools);
    const status = answer ? decodeNodeStatus(answer) : null;
    if (!status) return null;
    const identity = netbiosIdentity(status.names);
    const { workstation } = identity;
    return {
      names: workstation === null ? [] : [{ name: workstation, source: 'netbios' }],
      ...(status.mac === null ? {} : { mac: status.mac }),
      service: spokenService('netbios-ns', {
        info: describeNetbios(identity),
        ...(workstation === null ? {} : { hostname: workstation }),
      }),
    };
  },
};
