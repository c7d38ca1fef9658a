import { IDL } from '@dfinity/candid';
import { describe, expect, it } from 'vitest';
import { caseOf, optional, refusalError, toOpt, unwrap } from './candid';

describe('typed refusals', () => {
  it('keep the canister’s words, kind and code', () => {
    const error = refusalError({
      kind: { request: null },
      code: [{ insufficient_balance: { available: 5n, required: 9n } }],
      message: 'You have 5 sats and need 9.',
      retry_after_s: []
    });
    expect(error).toMatchObject({
      kind: 'request',
      code: 'insufficient_balance',
      message: 'You have 5 sats and need 9.',
      unclear: false,
      canister: 'options'
    });
  });

  it('say when to try again', () => {
    const error = refusalError({ kind: { temporary: null }, code: [{ busy: null }], message: 'Busy.', retry_after_s: [12n] });
    expect(error).toMatchObject({ kind: 'temporary', code: 'busy', retryAfterMs: 12_000 });
  });

  it('of an anonymous caller mean "log in"', () => {
    expect(refusalError({ kind: { request: null }, code: [{ anonymous: null }], message: 'x', retry_after_s: [] }).kind).toBe('session');
  });

  it('with a code of a newer canister still arrive', () => {
    // The newer canister's type has a case this page has never heard of.
    const newer = IDL.Record({ code: IDL.Opt(IDL.Variant({ busy: IDL.Null, brand_new: IDL.Nat })), message: IDL.Text });
    const older = IDL.Record({ code: IDL.Opt(IDL.Variant({ busy: IDL.Null })), message: IDL.Text });
    const bytes = IDL.encode([newer], [{ code: [{ brand_new: 5n }], message: 'Something new.' }]);
    const [decoded] = IDL.decode([older], bytes);
    expect(decoded).toEqual({ code: [], message: 'Something new.' });
    expect(refusalError({ kind: { temporary: null }, code: [], message: 'Something new.', retry_after_s: [] })).toMatchObject({
      code: 'refused',
      kind: 'temporary'
    });
  });

  it('are thrown, answers are returned', () => {
    expect(unwrap({ ok: 5 })).toBe(5);
    expect(() => unwrap({ err: { kind: { internal: null }, code: [], message: 'Broken.', retry_after_s: [] } })).toThrow('Broken.');
  });

  it('read and write options', () => {
    expect([optional([]), optional([7])]).toEqual([undefined, 7]);
    expect([toOpt(undefined), toOpt(7)]).toEqual([[], [7]]);
    expect(caseOf({ win: null } as { win: null } | { loss: null })).toBe('win');
  });
});
