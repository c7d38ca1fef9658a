import { randomBytes } from 'node:crypto';
import { mapHashToField } from '@noble/curves/abstract/modular';
import { bls12_381 } from '@noble/curves/bls12-381';
import { GROUP_ORDER, openRootKey } from '../src/http/rootKey.ts';

/** Makes a BLS signature. */
type Sign = (message: Uint8Array) => Uint8Array;

/** The two ways to make the network's root signature, with one key: in JavaScript (noble-curves), and in WebAssembly (mcl), which the network uses. */
export async function rootSigners(): Promise<{ noble: Sign; mcl: Sign }> {
  const secret = mapHashToField(randomBytes(48), GROUP_ORDER);
  const { shortSignatures } = bls12_381;
  const { sign } = await openRootKey(secret);
  return { noble: (message) => shortSignatures.sign(shortSignatures.hash(message), secret).toBytes(), mcl: sign };
}
