import type { Network } from '../../services/support/network.ts';

/** Looks at the wire in a row that must find it at rest: between two requests of one action there are moments without any. */
const LOOKS = 5;

/**
 * Moves the clocks, and after each step waits for whatever is under way on the real wire. So no time passes on the network while the machine
 * works, and a busy machine changes none of the figures that are taken from the network's clock.
 */
export class Clock {
  readonly #network: Network;
  readonly #realFetch = globalThis.fetch;
  #underWay = 0;

  constructor(network: Network) {
    this.#network = network;
    globalThis.fetch = async (input, init) => {
      this.#underWay += 1;
      try {
        const response = await this.#realFetch(input, init);
        // The body counts too. A made response has no address, which the agent looks at.
        const whole = new Response(await response.arrayBuffer(), response);
        Object.defineProperty(whole, 'url', { value: response.url });
        return whole;
      } finally {
        this.#underWay -= 1;
      }
    };
  }

  /** @param holds ends it earlier */
  async go(ms: number, stepMs: number, holds: () => boolean = () => false): Promise<void> {
    for (let passed = 0; passed < ms && !holds(); passed += stepMs) {
      await this.#network.pass(Math.min(stepMs, ms - passed));
      await this.rest();
    }
  }

  /** Until nothing is under way that doesn't wait for time to pass. */
  async rest(): Promise<void> {
    let looks = 0;
    await this.#network.until(() => (looks = this.#underWay === 0 ? looks + 1 : 0) >= LOOKS, 'the wire to rest');
  }

  release(): void {
    globalThis.fetch = this.#realFetch;
  }
}
