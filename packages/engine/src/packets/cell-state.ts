/**
 * What one question to one address brought, as stored per cell. `silent` is also the state before the first packet; which cells
 * were asked at all is known by the task.
 */
export const cellState = { silent: 0, open: 1, closed: 2, filtered: 3 } as const;
export type CellState = (typeof cellState)[keyof typeof cellState];

/** How a host or port showed itself: the number in a record, and the word in an event. */
export const answerReasons = [
  'no-answer',
  'syn-ack',
  'rst',
  'udp-answer',
  'icmp-echo',
  'icmp-timestamp',
  'port-unreachable',
  'arp',
  'ndp',
  'icmp-unreachable',
  'icmp-prohibited',
] as const;
export type AnswerReason = (typeof answerReasons)[number];

/** Its number. */
export function reasonNumber(reason: AnswerReason): number {
  return answerReasons.indexOf(reason);
}
