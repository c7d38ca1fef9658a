import { createHash } from 'node:crypto';
import { Principal } from '@dfinity/principal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, toHex, utf8 } from './bytes.ts';
import { openNetworkKeys } from './keys.ts';
import { parsePrincipalText } from './principalText.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const longest = '0102030405060708091011121314151617181920212223242526272829';

describe('the textual representation of principals', () => {
  // The example of the interface specification and the test vectors of the ID encoding specification, which it rests on.
  it.each([
    ['abcd01', 'em77e-bvlzu-aq'],
    ['000102030405060708', 'xtqug-aqaae-bagba-faydq-q'],
    ['00', '2ibo7-dia'],
    ['', 'aaaaa-aa'],
    ['0102', 'w3gef-eqbai'],
    [longest, 'iineg-fibai-bqibi-ga4ea-searc-ijrif-iwc4m-bsibb-eirsi-jjge4-ucs'],
    ['04', '2vxsx-fae']
  ])('of %s is %s, in either case', (hex, text) => {
    expect(Principal.fromUint8Array(bytes(hex)).toText()).toBe(text);
    expect(toHex(parsePrincipalText(text).toUint8Array())).toBe(hex);
    expect(toHex(parsePrincipalText(text.toUpperCase()).toUint8Array())).toBe(hex);
  });

  it('may mix cases', () => {
    expect(toHex(parsePrincipalText('2Ibo7-diA').toUint8Array())).toBe('00');
  });

  it.each([
    ['too short', 'a2345-67'],
    ['too long', 'aaaaa-aaaaa-bbbbb-bbbbb-22222-22222-33333-33333-44444-44444-5555'],
    ['a wrong check sequence', 'aaaaa-aaaaa-bbbbb-bbbbb-22222-22222-33333-33333-44444-44444-555'],
    ['a character out of the alphabet', 'a2345-678'],
    ['a wrong check sequence', '2ibo7-dib'],
    ['padding bits that are not zero', 'w3gef-eqbaj'],
    ['padding bits that are not zero', 'w3gef-eqbak'],
    ['padding bits that are not zero', 'w3gef-eqbal'],
    ['a wrong check sequence', 'w3gef-eqbam'],
    ['no grouping', '2ibo7dia'],
    ['wrong grouping', '2ibo-7dia'],
    ['two separators', '2ibo7--dia'],
    ['a separator at the end', '2ibo7-dia-'],
    ['JSON', '{"__principal__":"aaaaa-aa"}'],
    ['nothing', '']
  ])('is refused with %s: %s', (_, text) => {
    expect(() => parsePrincipalText(text)).toThrow();
  });

  it('comes back from every principal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 29 }), (id) => {
        expect(parsePrincipalText(Principal.fromUint8Array(id).toText()).toUint8Array()).toEqual(id);
      })
    );
  });
});

describe('special forms of principals', () => {
  it('are as the specification defines them', async () => {
    expect(Principal.managementCanister().toUint8Array()).toHaveLength(0);
    expect(Principal.anonymous().toUint8Array()).toEqual(Uint8Array.of(4));
    // Self-authenticating: H(public_key) · 0x02, where H is SHA-224. So is the subnet's id, of the root key.
    const { rootKey, subnetId, nodeKey, nodeId } = await openNetworkKeys({ seed: 'special forms' });
    const sha224 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash('sha224').update(data).digest());
    expect(toHex(subnetId.toUint8Array())).toBe(toHex(concat(sha224(rootKey), Uint8Array.of(2))));
    expect(toHex(nodeId.toUint8Array())).toBe(toHex(concat(sha224(nodeKey), Uint8Array.of(2))));
    // Reserved: the text of a blob that addresses nobody.
    const reserved = concat(utf8('nobody'), Uint8Array.of(0x7f));
    expect(parsePrincipalText(Principal.fromUint8Array(reserved).toText()).toUint8Array()).toEqual(reserved);
  });
});
