import type { SignIdentity } from '@dfinity/agent';
import type { ChecklistArguments } from './arguments.ts';

/** What is to be checked, and with whose keys. */
export interface Plan extends ChecklistArguments {
  /** The project's folder. */
  readonly root: string;
  readonly operator: SignIdentity | undefined;
  readonly canaryKey: SignIdentity | undefined;
  /** sha256 of the options canister's Wasm as the local network's start installed it, hex. */
  readonly localWasmHash: string | undefined;
}
