import type { Input, Round } from './inputTypes.ts';

/** Keeps what the network did, so that a process which ends, in whatever way, loses nothing that anybody was told. */
export interface StateKeeper {
  /** Called before an input takes effect. @throws Error when it can't be kept: then it must not take effect */
  input(input: Input): void;
  /** Called after a round, before anybody learns what came of it. @throws Error when it can't be kept: then nobody may learn it */
  round(round: Round): void;
  save(): Promise<void>;
  close(): Promise<void>;
}
