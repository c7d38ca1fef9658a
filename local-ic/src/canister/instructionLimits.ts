import { EntryPoint, type EntryPointKind } from './EntryPoint.ts';

/** How many instructions one execution may use. */
export interface InstructionLimits {
  /** Updates, callbacks, timers and heartbeats. */
  update: bigint;
  /** Queries and the parts of composite queries. */
  query: bigint;
  /** Each step of an installation or upgrade. */
  install: bigint;
  inspect: bigint;
}

/** The IC's (https://docs.internetcomputer.org/references/resource-limits). */
export const DEFAULT_LIMITS: InstructionLimits = {
  update: 40_000_000_000n,
  query: 5_000_000_000n,
  install: 300_000_000_000n,
  inspect: 200_000_000n
};

const { start, init, preUpgrade, query, transform, compositeQuery, compositeReply, compositeReject, compositeCleanup, inspect } =
  EntryPoint;

export function limitOf(kind: EntryPointKind, limits: InstructionLimits): bigint {
  if ((kind & (start | init | preUpgrade)) !== 0) return limits.install;
  if ((kind & (query | transform | compositeQuery | compositeReply | compositeReject | compositeCleanup)) !== 0) return limits.query;
  return kind === inspect ? limits.inspect : limits.update;
}
