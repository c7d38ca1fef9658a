import type { HttpAgent } from '@dfinity/agent';
import type { Principal } from '@dfinity/principal';
import type { AppError } from '../errors/AppError';
import type { Log } from '../log/log';
import { mapCallError } from './errors';
import { noteCall } from './noteCall';
import type { CanisterName } from './mapped';

export interface Caller {
  readonly agent: HttpAgent;
  readonly canister: CanisterName;
  readonly canisterId: Principal;
  /** Every call is written down here: bound to an action's correlation id where one asked for it. */
  readonly log: Log;
  /** Whether the session's delegation has run out. */
  sessionExpired(): boolean;
}

/** Runs a query; whatever fails becomes an AppError. */
export function query<T>(caller: Caller, method: string, run: () => Promise<T>): Promise<T> {
  return perform(caller, method, false, run);
}

/** Runs an update; an AppError with `unclear` means that it may have had an effect. */
export function update<T>(caller: Caller, method: string, run: () => Promise<T>): Promise<T> {
  return perform(caller, method, true, run);
}

async function perform<T>(caller: Caller, method: string, isUpdate: boolean, run: () => Promise<T>): Promise<T> {
  const note = noteCall(caller.log, { canister: caller.canister, method, call: isUpdate ? 'update' : 'query' });
  try {
    const answer = await attempt(caller, method, isUpdate, run);
    note.answered(answer);
    return answer;
  } catch (error) {
    note.failed(error);
    throw error;
  }
}

async function attempt<T>(caller: Caller, method: string, isUpdate: boolean, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    const error = toAppError(cause, caller, method, isUpdate);
    if (!isClockProblem(error, isUpdate) || !(await measureClock(caller))) throw error;
  }
  try {
    return await run();
  } catch (cause) {
    throw toAppError(cause, caller, method, isUpdate);
  }
}

function toAppError(cause: unknown, caller: Caller, method: string, update: boolean): AppError {
  const { agent, canister } = caller;
  const nowMs = Date.now() + agent.getTimeDiffMsecs();
  return mapCallError(cause, { canister, method, update, sessionExpired: caller.sessionExpired(), nowMs });
}

/** Failures that a wrong clock causes: besides the plain ones, a refused query and node keys that the network wouldn't hand out. */
const CLOCK_CODES = new Set(['clock_mismatch', 'certificate_stale', 'bad_request', 'node_keys_missing']);

/**
 * The agent measures the network's time only once, but a device's clock can be set later or jump after a sleep. Measuring
 * again and repeating is safe when the call had no effect: a query, or an update that was refused at the door.
 */
function isClockProblem({ code, unclear }: AppError, isUpdate: boolean): boolean {
  return isUpdate ? code === 'clock_mismatch' && !unclear : CLOCK_CODES.has(code);
}

/** Whether the network told its time. If not, the failure that made us ask says more than the one of asking. */
async function measureClock({ agent, canisterId }: Caller): Promise<boolean> {
  try {
    await agent.syncTime(canisterId);
    return true;
  } catch {
    return false;
  }
}
