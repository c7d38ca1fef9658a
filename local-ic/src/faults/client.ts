import type { FaultLogEntry, FaultRule } from './types.ts';

/** What the fault controls of a network tell. */
export interface FaultsState {
  seed: string;
  rules: { number: number; rule: FaultRule; seen: number; fired: number }[];
  /** The latest 100. */
  log: FaultLogEntry[];
}

/** The switches of a network in another process. */
export interface FaultsClient {
  /** @returns the rule's number. @throws Error that says what is wrong with the rule */
  add(rule: FaultRule): Promise<number>;
  /** Ends a rule, and lets go what it holds back. */
  remove(number: number): Promise<FaultsState>;
  clear(): Promise<FaultsState>;
  state(): Promise<FaultsState>;
}

/**
 * Switches the faults of a network that runs elsewhere: in the process of `npm start` or `local-ic start --controls-port N`, or in the one that
 * serves a page to a browser's test.
 * @param controlsUrl the address of the page with the switches, as `listen` returns it and the shell prints it
 * @example
 * const faults = connectFaults(controlsUrl);
 * const rule = await faults.add({ kind: 'canister-trap', match: { method: 'place_order' }, count: 1 });
 */
export function connectFaults(controlsUrl: string): FaultsClient {
  const { origin } = new URL(controlsUrl);
  const ask = async (operation: string, input: object = {}): Promise<FaultsState & { added?: number }> => {
    const response = await fetch(`${origin}/faults/${operation}`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json', 'x-fault-controls': '1' },
      // Big numbers and bytes as the texts that rules take for them.
      body: JSON.stringify(input, (_, value: unknown) => {
        if (typeof value === 'bigint') return value.toString();
        return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
      })
    });
    if (response.headers.get('content-type') !== 'application/json') throw new Error(`${origin} serves no fault controls`);
    const answer = (await response.json()) as FaultsState & { added?: number; error?: { message: string } };
    if (answer.error !== undefined) throw new Error(answer.error.message);
    return answer;
  };
  return {
    async add(rule) {
      const { added } = await ask('add', { rule });
      if (added === undefined) throw new Error(`${origin} added a rule without saying its number`);
      return added;
    },
    remove: (number) => ask('remove', { number }),
    clear: () => ask('clear'),
    state: () => ask('state')
  };
}
