import { hash_to_field } from '@noble/curves/abstract/hash-to-curve';
import { bls12_381 } from '@noble/curves/bls12-381';
import { sha256 } from '@noble/hashes/sha2';
import mcl from 'mcl-wasm';

/** IC interface specification, "Certificate": the hash to G1 of RFC 9380 with this domain separation tag. */
const HASH_TO_FIELD = {
  DST: 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_',
  p: bls12_381.fields.Fp.ORDER,
  m: 1,
  k: 128,
  expand: 'xmd',
  hash: sha256
} as const;

/** The library keeps its curve and its encodings in module state, so it is started once for every network of the process. */
let started: Promise<void> | undefined;

async function start(): Promise<void> {
  await mcl.init(mcl.BLS12_381);
  // Simplified SWU as RFC 9380 has it, and compressed points as the Internet Computer (and Ethereum) writes them.
  mcl.setMapToMode(mcl.IRTF);
  mcl.setETHserialization(true);
}

/**
 * A function that makes BLS signatures in G1 (48 bytes), byte for byte those of noble's `shortSignatures`, some ten times as fast: certificates
 * are the dearest thing this network makes. The field elements still come from noble, whose `hash_to_field` takes no time;
 * WebAssembly does the curve.
 *
 * Not constant-time: the keys of a local network guard nothing.
 * @param secret the private key, below the order of the group
 */
export async function createRootSigner(secret: Uint8Array): Promise<(message: Uint8Array) => Uint8Array> {
  started ??= start();
  await started;
  const key = new mcl.Fr();
  key.setBigEndianMod(secret);
  return (message) => {
    const [first, second] = hash_to_field(message, 2, HASH_TO_FIELD).map(([element]) => mapToG1(element));
    if (first === undefined || second === undefined) throw new Error('hash_to_field gave no elements');
    // Each half has left the cofactor behind already; a sum of points of the subgroup is in the subgroup.
    return mcl.mul(mcl.add(first, second), key).serialize();
  };
}

function mapToG1(element: bigint | undefined): InstanceType<typeof mcl.G1> {
  if (element === undefined) throw new Error('hash_to_field gave an empty element');
  const field = new mcl.Fp();
  field.setStr(element.toString(16), 16);
  return field.mapToG1();
}
