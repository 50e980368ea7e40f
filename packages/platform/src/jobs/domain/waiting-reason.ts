/** An appliance that may run a waiting job, as far as its network and the choice of appliances go. */
export interface Candidate {
  readonly name: string;
  readonly state: 'provisioned' | 'active' | 'revoked' | 'suspect';
  readonly online: boolean;
  /** ISO 8601; null: never heard of. */
  readonly lastContact: string | null;
}

/** Why nobody runs a waiting job, with the way out; null when somebody can and it is only a matter of moments. */
export function waitingReason(networkName: string, candidates: readonly Candidate[], chosen: boolean): string | null {
  const enrolled = candidates.filter((one) => one.state !== 'revoked');
  if (enrolled.length === 0) {
    const what = chosen ? 'None of the chosen appliances is left' : `No appliance serves the network ${networkName}`;
    return `${what}. Add an appliance to the network, or activate a new one.`;
  }
  const active = enrolled.filter((one) => one.state === 'active');
  if (active.length === 0) {
    const suspect = enrolled.find((one) => one.state === 'suspect');
    if (suspect)
      return `The appliance ${suspect.name} is suspended: two machines use its key. A Manager must clear the suspicion.`;
    return `The appliance ${enrolled[0]?.name ?? ''} is provisioned but not personalised yet. Enter its code at the appliance.`;
  }
  if (active.some((one) => one.online)) return null;
  const last =
    active
      .map((one) => one.lastContact ?? '')
      .sort()
      .at(-1) ?? '';
  const since = last === '' ? 'and never called' : `since ${last}`;
  const who =
    active.length === 1
      ? `The appliance ${active[0]?.name ?? ''} is`
      : `All ${active.length} appliances that could run it are`;
  return `${who} offline ${since}. Check their power, network and console.`;
}
