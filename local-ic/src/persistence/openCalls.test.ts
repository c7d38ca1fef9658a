import { Principal } from '@dfinity/principal';
import { expect, it } from 'vitest';
import { CallContext } from '../canister/CallContext.ts';
import { CanisterState } from '../canister/CanisterState.ts';
import { captureOpenCalls, restoreOpenCalls } from './openCalls.ts';

const newCanister = () => new CanisterState(Principal.fromUint8Array(Uint8Array.of(1)), [], 0n);

it('a canister that comes back knows how many responses it waits for, of whom', () => {
  const canister = newCanister();
  const context = new CallContext(0, { kind: 'task' }, new Uint8Array(0));
  canister.contexts.add(context);
  const closure = { index: 0, environment: 0 };
  const prepaid = { transmission: 0n, execution: 0n };
  for (const [id, calleeKey] of ['01', '02', '01', ''].entries()) {
    canister.callbacks.add(id, {
      context,
      calleeKey,
      onReply: closure,
      onReject: closure,
      onCleanup: undefined,
      deadlineNs: undefined,
      prepaid
    });
  }
  const restored = newCanister();
  restoreOpenCalls(restored, captureOpenCalls(canister));
  const awaited = () => ['01', '02', '', '03'].map((key) => restored.callbacks.awaitedFrom(key));
  expect(awaited()).toEqual([2, 1, 1, 0]);
  for (const id of [0, 1, 1]) restored.callbacks.take(id);
  expect(awaited()).toEqual([1, 0, 1, 0]);
});
