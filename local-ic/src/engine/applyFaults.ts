import type { CanisterState } from '../canister/CanisterState.ts';
import type { Origin } from '../canister/CallContext.ts';
import type { Heap } from '../canister/Heap.ts';
import { installCode } from '../canister/installCode.ts';
import { noteMemoryLeft } from '../canister/lowMemory.ts';
import { asTrap, Trap } from '../canister/Trap.ts';
import type { CanisterEffect, CanisterFiring } from './canisterFaults.ts';
import type { Message, RequestMessage } from './messages.ts';
import { rejects } from './rejects.ts';
import type { Subnet } from './Subnet.ts';
import type { CallResult } from './types.ts';

/** What applying faults needs of the executor. */
export interface FaultTools {
  subnet: Subnet;
  respond(origin: Origin, result: CallResult, refund: bigint): void;
  /** Tells a canister to stop, with nobody waiting for it. */
  stop(canister: CanisterState): void;
}

type Select = (heap: Heap) => (() => void) | undefined;

/** Has happen what comes before a call is run. @returns the call as it is to be run now; undefined when it isn't */
export function applyToCall(request: RequestMessage, firings: readonly CanisterFiring[], tools: FaultTools): RequestMessage | undefined {
  const { subnet, respond } = tools;
  const inside: CanisterFiring[] = [];
  let call = request;
  for (const [index, firing] of firings.entries()) {
    const { rule, effect } = firing;
    switch (effect.kind) {
      case 'answer':
        respond(call.origin, effect.result, call.cycles);
        return undefined;
      case 'hold-call':
        call = { ...call, faults: [...inside, ...firings.slice(index + 1)] };
        if (!hold(subnet, call, rule, effect.delayNs)) respond(call.origin, rejects.queueFull(), call.cycles);
        return undefined;
      case 'hold-answer':
      case 'replace-answer':
        call = { ...call, origin: { ...call.origin, faults: [...answerFaults(call.origin), firing] } };
        break;
      case 'trap':
      case 'fail-calls':
        inside.push(firing);
        break;
      default:
        applyToCanister(subnet.canisters.get(call.callee), firing, tools);
    }
  }
  return { ...call, faults: inside };
}

/** Has happen what changes the canister itself before a message is run. */
export function applyToCanister(canister: CanisterState | undefined, { rule, effect }: CanisterFiring, tools: FaultTools): void {
  if (canister === undefined) return;
  if (effect.kind === 'upgrade') upgrade(canister, effect, tools.subnet);
  if (effect.kind !== 'stop' || canister.status !== 'running') return;
  tools.stop(canister);
  // Whatever number of messages is held: a canister that a fault stopped is started again.
  const now = tools.subnet.clock.now();
  const releaseNs = effect.forNs === undefined ? undefined : now + effect.forNs;
  tools.subnet.held.add({ message: { kind: 'start', canisterKey: canister.key }, rule, releaseNs });
}

/** Has happen what comes between an answer and its caller. @returns what the caller gets now; undefined when it gets nothing yet */
export function applyToAnswer(origin: Origin, result: CallResult, refund: bigint, subnet: Subnet): CallResult | undefined {
  const faults = answerFaults(origin);
  let answer = result;
  // The first rule is nearest to the caller, so it comes last.
  for (let index = faults.length - 1; index >= 0; index--) {
    const { rule, effect } = faults[index] as CanisterFiring;
    if (effect.kind === 'replace-answer') answer = effect.result;
    if (effect.kind !== 'hold-answer') continue;
    const rest = { ...origin, faults: faults.slice(0, index) };
    if (hold(subnet, { kind: 'answer', origin: rest, result: answer, refund }, rule, effect.delayNs)) return undefined;
  }
  return answer;
}

/** The function to run with the trap that is to happen in it. */
export function sabotaged(select: Select, firings: readonly CanisterFiring[] = []): Select {
  const trap = firings.map(({ effect }) => effect).find((effect) => effect.kind === 'trap');
  if (trap === undefined) return select;
  return (heap) => {
    if (trap.when === 'before') throw Trap.called(trap.message);
    const run = select(heap);
    return () => {
      run?.();
      throw Trap.called(trap.message);
    };
  };
}

/** Whether calls can't be made in an execution. */
export function failsCalls(firings: readonly CanisterFiring[] = []): boolean {
  return firings.some(({ effect }) => effect.kind === 'fail-calls');
}

/** @returns false when so much is held back already that this can't be */
function hold(subnet: Subnet, message: Message, rule: number, delayNs: bigint | undefined): boolean {
  if (subnet.held.isFull) return false;
  subnet.held.add({ message, rule, releaseNs: delayNs === undefined ? undefined : subnet.clock.now() + delayNs });
  return true;
}

function answerFaults(origin: Origin): readonly CanisterFiring[] {
  return origin.faults ?? [];
}

/** Upgrades a canister with the module it has. What its hooks refuse is refused here too; the canister goes on as it was. */
function upgrade(canister: CanisterState, { arg, skipPreUpgrade }: CanisterEffect & { kind: 'upgrade' }, subnet: Subnet): void {
  const module = canister.runtime?.heap.module;
  if (module === undefined) return;
  try {
    installCode(canister, subnet, {
      mode: 'upgrade',
      wasm: module.source,
      arg,
      sender: canister.controllers[0]?.toUint8Array() ?? new Uint8Array(0),
      timeNs: subnet.clock.now(),
      wasmMemoryPersistence: module.isOrthogonallyPersistent ? 'keep' : undefined,
      skipPreUpgrade
    });
    noteMemoryLeft(canister, subnet.lowOnMemory);
  } catch (error) {
    const trap = asTrap(error);
    if (trap === undefined) throw error;
    subnet.logOf(canister, 'upgrade by a fault', trap.message);
  }
}
