import type { Principal } from '@dfinity/principal';
import type { CanisterState } from '../canister/CanisterState.ts';
import { rejects } from '../engine/rejects.ts';
import type { Subnet } from '../engine/Subnet.ts';
import type { Requester } from './ManagementCall.ts';
import { refusal, refusalOf } from './refusal.ts';

/** @throws CanisterReject IC0301 when there is no such canister */
export function findCanister({ canisters }: Subnet, id: Principal): CanisterState {
  const canister = canisters.get(id.toUint8Array());
  if (canister === undefined) throw refusalOf(rejects.canisterNotFound(id.toText()));
  return canister;
}

/** @throws CanisterReject when there is no such canister, or the caller doesn't control it */
export function controlledCanister(subnet: Subnet, id: Principal, requester: Requester): CanisterState {
  const canister = findCanister(subnet, id);
  requireController(canister, requester);
  return canister;
}

/** For methods that a canister may also call on itself. @throws CanisterReject as `controlledCanister` */
export function ownOrControlledCanister(subnet: Subnet, id: Principal, requester: Requester): CanisterState {
  const isItself = id.compareTo(requester.caller) === 'eq';
  return isItself ? findCanister(subnet, id) : controlledCanister(subnet, id, requester);
}

/** @throws CanisterReject IC0512, in the words of who refuses: users' messages are turned away by the nodes, those of canisters by the network */
export function requireController(canister: CanisterState, { caller, method, origin }: Requester): void {
  if (canister.isController(caller.toUint8Array())) return;
  const { name, controllers } = canister;
  if (origin?.kind !== 'canister') throw refusal('IC0512', `Only controllers of canister ${name} can call ic00 method ${method}`);
  const expected = controllers.map((id) => id.toText()).join(' ');
  throw refusal(
    'IC0512',
    `Only the controllers of the canister ${name} can control it.\nCanister's controllers: ${expected}\nSender's ID: ${caller.toText()}`
  );
}
