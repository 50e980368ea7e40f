/**
 * TCP ports behind which a payload that is not theirs can do harm: raw printing prints it (9100 to 9107), controllers of
 * plants and buildings are known to stop (Siemens S7 102, Modbus 502, Red Lion 789, Niagara 1911 and 4911, PCWorx 1962, IEC 104 2404,
 * Codesys 2455 and 11740, HART 5094, OMRON 9600, GE SRTP 18245, DNP3 20000, ProConOS 20547, PROFINET 34962 to 34964,
 * OPC UA 4840, EtherNet/IP 44818, BACnet 47808). That they are open is all that is found out, unless the user asks for more.
 */
export const fragileTcpPorts: ReadonlyMap<number, string> = new Map([
  ...[9100, 9101, 9102, 9103, 9104, 9105, 9106, 9107].map((port) => [port, 'pdl-datastream'] as const),
  [102, 'iso-tsap'],
  [502, 'mbap'],
  [789, 'redlion'],
  [1911, 'niagara-fox'],
  [4911, 'niagara-fox'],
  [1962, 'pcworx'],
  [2404, 'iec-104'],
  [2455, 'codesys'],
  [11740, 'codesys'],
  [5094, 'hart-ip'],
  [9600, 'omron-fins'],
  [18245, 'ge-srtp'],
  [20000, 'dnp'],
  [20547, 'proconos'],
  [34962, 'profinet-rt'],
  [34963, 'profinet-rtm'],
  [34964, 'profinet-cm'],
  [44818, 'ethernet-ip'],
  [4840, 'opcua-tcp'],
  [47808, 'bacnet'],
]);

/** The same over UDP: BACnet, EtherNet/IP, DNP3, OMRON FINS, EtherCAT and PROFINET. They get no payload and no question. */
export const fragileUdpPorts: ReadonlyMap<number, string> = new Map([
  [2222, 'ethernet-ip-io'],
  [9600, 'omron-fins'],
  [20000, 'dnp'],
  [34964, 'profinet-cm'],
  [34980, 'ethercat'],
  [44818, 'ethernet-ip'],
  [47808, 'bacnet'],
]);
