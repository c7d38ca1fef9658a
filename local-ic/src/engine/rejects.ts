import type { CanisterState } from '../canister/CanisterState.ts';
import type { Response } from '../canister/Execution.ts';
import type { Trap } from '../canister/Trap.ts';
import type { CallResult, RejectCode } from './types.ts';

/** The reject code belongs to the error code's hundreds; 6xx are the unclear outcomes. */
function rejectCodeOf(errorCode: string): RejectCode {
  const hundreds = Number(errorCode.slice(2, 4));
  if (hundreds === 1 || hundreds === 2 || hundreds === 3 || hundreds === 4 || hundreds === 6) return hundreds;
  return 5;
}

/** A reject by the network, in the replica's words as far as they are known. */
export function rejected(errorCode: string, message: string): CallResult {
  return { kind: 'reject', code: rejectCodeOf(errorCode), errorCode, message };
}

export const rejects = {
  canisterNotFound: (name: string) => rejected('IC0301', `Canister ${name} not found`),
  stopped: ({ name }: CanisterState) => rejected('IC0508', `Canister ${name} is stopped`),
  stopping: ({ name }: CanisterState) => rejected('IC0509', `Canister ${name} is stopping`),
  noModule: ({ name }: CanisterState) =>
    rejected('IC0537', `Error from Canister ${name}: Attempted to execute a message, but the canister contains no Wasm module`),
  noMethod: ({ name }: CanisterState, kind: 'update' | 'query', method: string) =>
    rejected('IC0536', `Error from Canister ${name}: Canister has no ${kind} method '${method}'`),
  trapped: ({ name }: CanisterState, trap: Trap) => rejected(trap.errorCode, `Error from Canister ${name}: ${trap.message}`),
  noReply: ({ name }: CanisterState) => rejected('IC0506', `Error from Canister ${name}: Canister did not reply to the call`),
  refused: ({ name }: CanisterState) => rejected('IC0406', `Error from Canister ${name}: Canister rejected the message`),
  compositeInUpdate: ({ name }: CanisterState, method: string) =>
    rejected('IC0527', `Error from Canister ${name}: Composite query '${method}' cannot be called in replicated mode`),
  queriesTooDeep: ({ name }: CanisterState) =>
    rejected('IC0525', `Error from Canister ${name}: The call graph of the composite query is too deep`),
  queueFull: () => rejected('IC0201', 'Too many messages are held back on this network: remove the faults that hold them'),
  /** @param message in the words of a canister's account */
  outOfCycles: (message: string) => rejected('IC0207', message),
  creationUnpaid: (fee: bigint, received: bigint) =>
    rejected(
      'IC0403',
      `Creating a canister requires a fee of ${fee} that is deducted from the canister's initial balance but only ${received} cycles were received with the create_canister request.`
    ),
  frozenForQueries: ({ name }: CanisterState) =>
    rejected(
      'IC0207',
      `Canister ${name} is unable to process query calls because it's frozen. Please top up the canister with cycles and try again.`
    ),
  deadlineExpired: () => rejected('IC0601', 'Deadline expired'),
  codeUninstalled: ({ name }: CanisterState) => rejected('IC0406', `Canister ${name} has been uninstalled`)
};

/** What a canister answered by itself, as a result. */
export function answered(response: Response): CallResult {
  if (response.kind === 'reply') return { kind: 'reply', reply: response.reply };
  return { kind: 'reject', code: 4, errorCode: 'IC0406', message: response.message };
}

/** The text another canister gets with a reject: the network's own rejects carry their code in it, if they have one. */
export function rejectMessageForCanister(result: CallResult & { kind: 'reject' }): string {
  return result.code === 4 || result.errorCode === '' ? result.message : `${result.errorCode}: ${result.message}`;
}
