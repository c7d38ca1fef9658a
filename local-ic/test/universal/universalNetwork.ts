import type { Principal } from '@dfinity/principal';
import type { EngineOptions } from '../../src/engine/createEngine.ts';
import type { CallResult } from '../../src/engine/types.ts';
import { ADMIN, startNetwork, type TestNetwork } from '../support/network.ts';
import { program, type Program } from './Program.ts';
import { universalWasm, type UniversalOptions } from './universalWasm.ts';

export interface InstallChoice extends UniversalOptions {
  /** What init or post_upgrade runs. */
  program?: Program;
  wasm?: Uint8Array;
  sender?: Principal;
}

const decoder = new TextDecoder();

/** A universal canister on an engine, and what tests do with it. */
export class UniversalCanister {
  readonly id: Principal;
  readonly #network: TestNetwork;

  constructor(network: TestNetwork, id: Principal) {
    this.#network = network;
    this.id = id;
  }

  /** The principal's bytes: a callee, in a program. */
  get bytes(): Uint8Array {
    return this.id.toUint8Array();
  }

  update(run: Program, sender: Principal = ADMIN): Promise<CallResult> {
    return this.call('update', run.bytes(), sender);
  }

  /** Runs a query method in replicated mode: as an update. */
  replicatedQuery(run: Program, sender: Principal = ADMIN): Promise<CallResult> {
    return this.call('query', run.bytes(), sender);
  }

  call(method: string, arg: Uint8Array, sender: Principal = ADMIN): Promise<CallResult> {
    return this.#network.engine.update({ canisterId: this.id, method, arg, sender });
  }

  query(run: Program, sender: Principal = ADMIN): Promise<CallResult> {
    return this.#network.engine.query({ canisterId: this.id, method: 'query', arg: run.bytes(), sender });
  }

  composite(run: Program, sender: Principal = ADMIN): Promise<CallResult> {
    return this.#network.engine.query({ canisterId: this.id, method: 'composite', arg: run.bytes(), sender });
  }

  /** What a query replies, as a number of 8 bytes. */
  async number(run: Program): Promise<bigint> {
    return numberOf(await this.query(run));
  }

  /** @throws CanisterReject */
  install(
    mode: 'install' | 'reinstall' | 'upgrade',
    choice: InstallChoice & { skipPreUpgrade?: boolean; keep?: boolean } = {}
  ): Promise<void> {
    const { program: run = program(), wasm = universalWasm(choice), sender = ADMIN, skipPreUpgrade = false, keep } = choice;
    return this.#network.engine.installCode({
      canisterId: this.id,
      sender,
      mode,
      wasm,
      arg: run.bytes(),
      skipPreUpgrade,
      wasmMemoryPersistence: keep === undefined ? undefined : keep ? 'keep' : 'replace'
    });
  }
}

export interface UniversalNetwork extends TestNetwork {
  /** A canister without code. */
  empty(): Promise<UniversalCanister>;
  /** A canister with the universal code. */
  universal(choice?: InstallChoice): Promise<UniversalCanister>;
}

export async function startUniversalNetwork(options: Partial<EngineOptions> = {}): Promise<UniversalNetwork> {
  const network = await startNetwork(options);
  const empty = async (): Promise<UniversalCanister> =>
    new UniversalCanister(network, await network.engine.createCanister({ controllers: [ADMIN] }));
  return {
    ...network,
    empty,
    async universal(choice = {}) {
      const canister = await empty();
      await canister.install('install', choice);
      return canister;
    }
  };
}

/** The bytes of a reply. @throws Error with the reject, when it is one */
export function replyOf(result: CallResult): Uint8Array {
  if (result.kind === 'reply') return result.reply;
  throw new Error(`rejected with ${result.code} ${result.errorCode}: ${result.message}`);
}

export const textOf = (result: CallResult): string => decoder.decode(replyOf(result));

/** A reply of numbers of 8 bytes. */
export function numbersOf(result: CallResult): bigint[] {
  const reply = replyOf(result);
  const view = new DataView(reply.buffer, reply.byteOffset, reply.length);
  return Array.from({ length: reply.length / 8 }, (_, index) => view.getBigUint64(index * 8, true));
}

export function numberOf(result: CallResult): bigint {
  const [number] = numbersOf(result);
  if (number === undefined) throw new Error('the reply is empty');
  return number;
}

/** A reply made by `replyWithRejection`: what a reject callback was told. */
export function rejectionSeen(result: CallResult): { code: number; message: string } {
  const reply = replyOf(result);
  return { code: Number(numberOf(result)), message: decoder.decode(reply.subarray(8)) };
}

/** The reject of a call. @throws Error when it was replied to */
export function rejectOf(result: CallResult): { code: number; errorCode: string; message: string } {
  if (result.kind === 'reply') throw new Error(`replied with ${result.reply.length} bytes: ${decoder.decode(result.reply)}`);
  return { code: result.code, errorCode: result.errorCode, message: result.message };
}
