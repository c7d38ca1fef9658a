import { AppError } from '$lib/errors/AppError';
import { describe, expect, it, vi } from 'vitest';
import { Intent } from './intent.svelte';

const refusal = new AppError({ kind: 'request', code: 'below_minimum', message: 'Too small.' });
const busy = new AppError({ kind: 'temporary', code: 'busy', message: 'Busy.' });
const lost = new AppError({ kind: 'temporary', code: 'unreachable', message: 'No answer.', unclear: true });
const order = { premium: 100n };

function intentOf(principal = 'alice'): Intent<{ premium: bigint }> {
  const intent = new Intent<{ premium: bigint }>('order');
  intent.follow(principal);
  return intent;
}

describe('the id of an intended request', () => {
  it('stays while the same request is tried again after a clear failure', () => {
    const intent = intentOf();
    const first = intent.begin(order);
    intent.fail(busy);
    expect(intent.unresolved).toBeUndefined();
    expect(intent.begin({ ...order }).id).toBe(first.id);
    expect(intent.begin({ premium: 101n }).id).not.toBe(first.id);
  });

  it('ends with a success and with a typed refusal', () => {
    const intent = intentOf();
    const first = intent.begin(order);
    intent.fail(refusal);
    const second = intent.begin(order);
    intent.resolve();
    const third = intent.begin(order);
    expect(new Set([first.id, second.id, third.id]).size).toBe(3);
  });

  it('keeps request and id after an unclear failure, whatever is asked for next', () => {
    const intent = intentOf();
    const first = intent.begin(order);
    intent.fail(lost);
    expect(intent.unresolved).toEqual(first);
    expect(intent.begin({ premium: 999n })).toEqual(first);
  });

  it('holds anything that isn’t an AppError to be unclear', () => {
    const intent = intentOf();
    const first = intent.begin(order);
    intent.fail(new Error('a fault of this page'));
    expect(intent.unresolved).toEqual(first);
  });
});

describe('after a reload', () => {
  it('a request that was sent and not answered is unresolved, bigints and all', () => {
    const first = intentOf().begin(order);
    expect(intentOf().unresolved).toMatchObject({ id: first.id, request: order });
  });

  it('a request that clearly failed keeps its id without being in the way', () => {
    const before = intentOf();
    const first = before.begin(order);
    before.fail(busy);
    const after = intentOf();
    expect(after.unresolved).toBeUndefined();
    expect(after.begin(order).id).toBe(first.id);
  });

  it('nothing is left of a finished one, nor of another person’s', () => {
    const alice = intentOf('alice');
    alice.begin(order);
    expect(intentOf('bob').unresolved).toBeUndefined();
    alice.resolve();
    expect(intentOf('alice').unresolved).toBeUndefined();
  });

  it('works without storage', () => {
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('blocked', 'SecurityError');
    });
    const intent = intentOf();
    const first = intent.begin(order);
    intent.fail(lost);
    expect(intent.unresolved).toEqual(first);
  });
});

describe('when the session ends', () => {
  it('the intent waits for the same person', () => {
    const intent = intentOf();
    const first = intent.begin(order);
    intent.fail(new AppError({ kind: 'session', code: 'session_ended', message: 'Log in again.' }));
    intent.follow(undefined);
    intent.follow('alice');
    expect(intent.begin(order).id).toBe(first.id);
  });
});
