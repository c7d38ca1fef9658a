import type { IngressLedger } from './IngressLedger.ts';
import type { IngressCall, IngressInput, Input, OutcallInput, ReleaseInput, StableMemoryInput } from './inputTypes.ts';
import type { Message } from './messages.ts';
import type { OutcallResult } from '../outcalls/Outcalls.ts';
import { writeStableMemory } from './stableMemoryAccess.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

interface InputParts {
  subnet: Subnet;
  ingress: IngressLedger;
  enqueue(message: Message): void;
  /** Keeps an input. @throws Error when it can't be kept: then it must not take effect */
  keep(input: Input): void;
}

/** Takes in what comes from outside: each is kept before it takes effect, and takes effect in the same way when it is run again. */
export class Inputs {
  readonly #parts: InputParts;
  #recovered = new Map<string, Promise<CallResult>>();

  constructor(parts: InputParts) {
    this.#parts = parts;
  }

  /** @returns the answer, once the round that gives it is kept. @throws Error when the call can't be kept */
  call(call: IngressCall, requestId?: string): Promise<CallResult> {
    const input: IngressInput = { kind: 'ingress', ingressId: this.#parts.ingress.nextId, requestId, call };
    this.#parts.keep(input);
    return this.#call(input);
  }

  /** Takes the result of a canister's HTTP request. */
  outcall(id: number, result: OutcallResult): void {
    const input: OutcallInput = { kind: 'outcall', id, result };
    try {
      this.#parts.keep(input);
    } catch (error) {
      // It stays pending, and is performed again after the next start.
      const reason = error instanceof Error ? error.message : String(error);
      return this.#parts.subnet.log(`[local-ic] the result of an HTTP request could not be kept: ${reason}`);
    }
    this.#parts.enqueue(input);
  }

  /** Lets go what a rule of faults holds back, or what all of them do. */
  release(rule: number | undefined): void {
    const input: ReleaseInput = { kind: 'release', rule };
    this.#parts.keep(input);
    this.#release(input);
  }

  /** Replaces a canister's stable memory by a copy of `bytes`. */
  stableMemory(canisterId: Uint8Array, bytes: Uint8Array): void {
    const input: StableMemoryInput = { kind: 'stable-memory', canisterId, bytes: bytes.slice() };
    this.#parts.keep(input);
    writeStableMemory(this.#parts.subnet, input);
  }

  /** Takes an input of an earlier run. */
  replay(input: Input): void {
    if (input.kind === 'outcall') return this.#parts.enqueue(input);
    if (input.kind === 'stable-memory') return writeStableMemory(this.#parts.subnet, input);
    if (input.kind === 'release') return this.#release(input);
    const answered = this.#call(input);
    if (input.requestId !== undefined) this.#recovered.set(input.requestId, answered);
  }

  /** Takes up the calls of an earlier run that weren't answered. */
  resume(ingress: ReturnType<IngressLedger['capture']>): void {
    this.#parts.ingress.restore(ingress);
    this.#recovered = this.#parts.ingress.signedRequests();
  }

  /** The answers, given or to come, to the signed requests that an earlier process had taken in; once. */
  takeRecovered(): Map<string, Promise<CallResult>> {
    const recovered = this.#recovered;
    this.#recovered = new Map();
    return recovered;
  }

  #call({ ingressId, requestId, call }: IngressInput): Promise<CallResult> {
    const { ingress, enqueue } = this.#parts;
    const answered = ingress.open(ingressId, requestId);
    enqueue({ kind: 'request', ...call, cycles: 0n, deadlineNs: 0n, origin: { kind: 'ingress', ingressId } });
    return answered;
  }

  #release({ rule }: ReleaseInput): void {
    for (const message of this.#parts.subnet.held.take(rule)) this.#parts.enqueue(message);
  }
}
