import { CallContext } from '../canister/CallContext.ts';
import type { CanisterState } from '../canister/CanisterState.ts';
import { EntryPoint } from '../canister/EntryPoint.ts';
import { execute, type MemoryImage, type Outcome } from '../canister/execute.ts';
import type { ExecutionInput, OutgoingCall } from '../canister/Execution.ts';
import type { Runtime } from '../canister/Runtime.ts';
import { joinParts } from '../canister/systemApi/messageApi.ts';
import type { Trap } from '../canister/Trap.ts';
import { findForQuery } from './findRunning.ts';
import { answered, rejectMessageForCanister, rejects } from './rejects.ts';
import { runSimpleQuery, type QueryCall } from './runSimpleQuery.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

/** How deep composite queries may call each other; the IC allows 6. */
const MAX_DEPTH = 6;

/** One composite query in progress. Its memories live here between its parts, never in the canister. */
interface Frame {
  canister: CanisterState;
  runtime: Runtime;
  call: QueryCall;
  depth: number;
  image: MemoryImage | undefined;
  context: CallContext;
  respond: (result: CallResult) => void;
}

/**
 * A composite query with everything it calls. It runs to its end before anything else does, and each of its frames works on an image of
 * its own; so neither updates nor other queries ever see what it does to a memory, and two frames on one canister don't see each other.
 */
export class CompositeQuery {
  readonly #subnet: Subnet;
  readonly #work: (() => void)[] = [];

  constructor(subnet: Subnet) {
    this.#subnet = subnet;
  }

  run(call: QueryCall): CallResult {
    let result: CallResult | undefined;
    this.#deliver(call, 0, (answer) => {
      result = answer;
    });
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) next();
    // Every frame answers: with its own response, or with a reject once nothing is outstanding.
    return result ?? rejects.canisterNotFound('');
  }

  #deliver(call: QueryCall, depth: number, respond: (result: CallResult) => void): void {
    const target = findForQuery(this.#subnet, call.callee);
    if ('refusal' in target) return respond(target.refusal);
    const { canister, runtime } = target;
    if (depth > MAX_DEPTH) return respond(rejects.queriesTooDeep(canister));
    if (canister.exports(`canister_query ${call.method}`)) {
      return respond(runSimpleQuery(this.#subnet, canister, runtime, call, 'composite'));
    }
    const name = `canister_composite_query ${call.method}`;
    if (!canister.exports(name)) return respond(rejects.noMethod(canister, 'query', call.method));
    // Not one of the canister's: it ends with the query.
    const context = new CallContext(0, { kind: 'task' }, call.caller);
    const frame: Frame = { canister, runtime, call, depth, image: undefined, context, respond };
    // There is a certificate for what the client called, and only there.
    const certificate = depth === 0 ? this.#subnet.certificateFor(canister) : undefined;
    const input: ExecutionInput = { ...this.#common(frame), kind: EntryPoint.compositeQuery, arg: call.arg, certificate };
    this.#finish(
      frame,
      execute(canister, runtime, input, (heap) => heap.exported(name), 'capture')
    );
  }

  #common({ call, context }: Frame): Omit<ExecutionInput, 'kind'> {
    return { timeNs: this.#subnet.clock.now(), caller: call.caller, context };
  }

  #finish(frame: Frame, { execution, trap, image }: Outcome): void {
    if (trap !== undefined) this.#logTrap(frame, trap);
    else {
      frame.image = image;
      for (const call of execution.calls) this.#call(frame, call);
      if (execution.response !== undefined) this.#answer(frame, answered(execution.response));
    }
    if (frame.context.responded || frame.context.outstanding > 0) return;
    this.#answer(frame, trap === undefined ? rejects.noReply(frame.canister) : rejects.trapped(frame.canister, trap));
  }

  #answer(frame: Frame, result: CallResult): void {
    if (frame.context.responded) return;
    frame.context.responded = true;
    frame.respond(result);
  }

  #call(frame: Frame, call: OutgoingCall): void {
    frame.context.outstanding++;
    const { callee, method } = call;
    const nested = { callee, method, arg: joinParts(call.arg, call.argBytes), caller: frame.canister.idBytes };
    const receive = (result: CallResult): void => {
      this.#work.push(() => this.#receive(frame, call, result));
    };
    this.#work.push(() => this.#deliver(nested, frame.depth + 1, receive));
  }

  #receive(frame: Frame, { onReply, onReject, onCleanup }: OutgoingCall, result: CallResult): void {
    frame.context.outstanding--;
    const { canister, runtime } = frame;
    const input: ExecutionInput =
      result.kind === 'reply'
        ? { ...this.#common(frame), kind: EntryPoint.compositeReply, arg: result.reply }
        : {
            ...this.#common(frame),
            kind: EntryPoint.compositeReject,
            rejectCode: result.code,
            rejectMessage: rejectMessageForCanister(result)
          };
    const closure = result.kind === 'reply' ? onReply : onReject;
    const outcome = execute(canister, runtime, input, (heap) => heap.closure(closure), 'capture', frame.image);
    if (outcome.trap !== undefined && onCleanup !== undefined) {
      const cleanup = { ...input, kind: EntryPoint.compositeCleanup };
      const { image, trap } = execute(canister, runtime, cleanup, (heap) => heap.closure(onCleanup), 'capture', frame.image);
      if (trap !== undefined) this.#logTrap(frame, trap);
      frame.image = image ?? frame.image;
    }
    this.#finish(frame, outcome);
  }

  #logTrap({ canister, call }: Frame, { message }: Trap): void {
    this.#subnet.logOf(canister, `composite query ${call.method}`, message);
  }
}
