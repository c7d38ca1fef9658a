import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountProblem, decodeIcrcAccount, encodeIcrcAccount } from './icrcAccount';

// The examples of the ICRC-1 standard (standards/ICRC-1/TextualEncoding.md).
const owner = 'k2t6j-2nvnp-4zjm3-25dtz-6xhaa-c7boj-5gayf-oj3xs-i43lp-teztq-6ae';
const full = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const fullText = `${owner}-dfxgiyy.102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20`;
const one = Uint8Array.from({ length: 32 }, (_, index) => (index === 31 ? 1 : 0));
const oneText = `${owner}-6cc627i.1`;

const principals = fc
  .uint8Array({ minLength: 1, maxLength: 29 })
  .map((bytes) => Principal.fromUint8Array(bytes))
  .filter((principal) => !principal.isAnonymous());
const subaccounts = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('ICRC-1 accounts', () => {
  it('are written as the standard says', () => {
    const principal = Principal.fromText(owner);
    expect(encodeIcrcAccount({ owner: principal, subaccount: undefined })).toBe(owner);
    expect(encodeIcrcAccount({ owner: principal, subaccount: new Uint8Array(32) })).toBe(owner);
    expect(encodeIcrcAccount({ owner: principal, subaccount: full })).toBe(fullText);
    expect(encodeIcrcAccount({ owner: principal, subaccount: one })).toBe(oneText);
  });

  it('are read as the standard says', () => {
    expect(decodeIcrcAccount(fullText).subaccount).toEqual(full);
    expect(decodeIcrcAccount(` ${oneText}\n`).subaccount).toEqual(one);
    expect(decodeIcrcAccount(owner)).toEqual({ owner: Principal.fromText(owner), subaccount: undefined });
  });

  it('come back unchanged', () => {
    fc.assert(
      fc.property(principals, subaccounts, (principal, subaccount) => {
        const text = encodeIcrcAccount({ owner: principal, subaccount });
        const back = decodeIcrcAccount(text);
        expect(back.owner.toText()).toBe(principal.toText());
        expect(encodeIcrcAccount(back)).toBe(text);
      })
    );
  });

  it('notice every single changed character', () => {
    fc.assert(
      fc.property(fc.nat({ max: fullText.length - 1 }), fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567.-'), (at, char) => {
        fc.pre(fullText[at] !== char);
        const changed = fullText.slice(0, at) + char + fullText.slice(at + 1);
        expect(() => decodeIcrcAccount(changed)).toThrow();
      })
    );
  });

  it.each([
    ['', 'Enter the principal or ICRC-1 account to send to.'],
    ['hello', 'This is not a principal: check that all of it was copied.'],
    ['2vxsx-fae', 'This is the anonymous principal: nobody could ever use what is sent there.'],
    ['bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq', 'This is a Bitcoin address.'],
    ['1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2', 'This is a Bitcoin address.'],
    ['a'.repeat(64), 'This is an ICP account identifier'],
    [`${owner}.1`, 'This account has no check characters before the dot.'],
    [`${owner}-6cc627i.01`, 'The part after the dot must not begin with a zero.'],
    [`${owner}-6cc627i.`, 'The part after the dot must be 1 to 64 characters'],
    [`${owner}-6cc627i.xyz`, 'The part after the dot must be 1 to 64 characters'],
    [`${owner}-6cc627j.1`, 'The check characters do not fit: this account was mistyped or cut off.'],
    [`${owner}-6cc627i.1.2`, 'This is not an account: there is more than one dot in it.']
  ])('refuse %j with its own words', (text, message) => {
    expect(() => decodeIcrcAccount(text)).toThrow(message);
  });
});

describe('accountProblem', () => {
  it('has nothing against an account, and says what is wrong with anything else', () => {
    expect(accountProblem(owner)).toBeUndefined();
    expect(accountProblem(fullText)).toBeUndefined();
    expect(accountProblem('')).toBe('Enter the principal or ICRC-1 account to send to.');
    expect(accountProblem('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq')).toContain('Bitcoin address');
  });
});
