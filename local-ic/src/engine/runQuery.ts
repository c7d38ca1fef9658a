import { CallRecording, type CallReport } from './CallRecording.ts';
import { CompositeQuery } from './CompositeQuery.ts';
import { findForQuery } from './findRunning.ts';
import { rejects } from './rejects.ts';
import { runSimpleQuery, type QueryCall } from './runSimpleQuery.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

/** Runs a query or composite query to its end, at once: on the committed state, which it can't change. */
export function runQuery(subnet: Subnet, call: QueryCall): CallResult {
  const target = findForQuery(subnet, call.callee);
  if ('refusal' in target) return target.refusal;
  const { canister, runtime } = target;
  if (canister.exports(`canister_query ${call.method}`)) return runSimpleQuery(subnet, canister, runtime, call);
  if (canister.exports(`canister_composite_query ${call.method}`)) return new CompositeQuery(subnet).run(call);
  return rejects.noMethod(canister, 'query', call.method);
}

/** Runs a query, and tells what it took. */
export function reportQuery(subnet: Subnet, run: () => CallResult): CallReport {
  const recording = new CallRecording(subnet.clock.now());
  subnet.observer = recording;
  try {
    return recording.report(run());
  } finally {
    subnet.observer = undefined;
  }
}
