import { hash_to_field } from '@noble/curves/abstract/hash-to-curve';
import { sha256 } from '@noble/hashes/sha2';
import mcl from 'mcl-wasm';

/** Order of the curve's groups. */
export const GROUP_ORDER = 0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n;
/** The generator of G2, compressed (draft-irtf-cfrg-pairing-friendly-curves, "BLS12-381"). */
const G2_GENERATOR = Buffer.from(
  '93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e' +
    '024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
  'hex'
);
/** IC interface specification, "Certificate": the hash to G1 of RFC 9380 with this domain separation tag. */
const HASH_TO_FIELD = {
  DST: 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_',
  p: 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn,
  m: 1,
  k: 128,
  expand: 'xmd',
  hash: sha256
} as const;

/** A BLS12-381 key as the network's root has one. */
export interface RootKey {
  /** In G2, compressed: 96 bytes. */
  publicKey: Uint8Array;
  /** A signature in G1, compressed: 48 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** The library keeps its curve and its encodings in module state, so it is started once for every network of the process. */
let started: Promise<void> | undefined;

async function start(): Promise<void> {
  await mcl.init(mcl.BLS12_381);
  // Simplified SWU as RFC 9380 has it, and compressed points as the Internet Computer (and Ethereum) writes them.
  mcl.setMapToMode(mcl.IRTF);
  mcl.setETHserialization(true);
}

/**
 * Key and signatures are byte for byte those of noble's `shortSignatures`, made in a tenth of the time and without its tables, which take a quarter of
 * a second at the start: certificates are the dearest thing this network makes. The field elements still come from noble, whose `hash_to_field`
 * takes no time; WebAssembly does the curve.
 *
 * Not constant-time: the keys of a local network guard nothing.
 * @param secret the private key, below the order of the group
 */
export async function openRootKey(secret: Uint8Array): Promise<RootKey> {
  started ??= start();
  await started;
  const key = new mcl.Fr();
  key.setBigEndianMod(secret);
  const generator = new mcl.G2();
  generator.deserialize(G2_GENERATOR);
  return {
    publicKey: mcl.mul(generator, key).serialize(),
    sign: (message) => mcl.mul(hashToG1(message), key).serialize()
  };
}

/** Whether `signature` (48 bytes) is that of `message` under `publicKey` (96 bytes). Bytes that are no points of the groups are no signature. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** What noble's `verifyShortSignature` answers, in a twentieth of the time: for tests in which very many certificates are verified. */
export async function openVerifier(): Promise<VerifySignature> {
  started ??= start();
  await started;
  const generator = new mcl.G2();
  generator.deserialize(G2_GENERATOR);
  return (publicKey, message, signature) => {
    const [key, signed] = [new mcl.G2(), new mcl.G1()];
    try {
      key.deserialize(publicKey);
      signed.deserialize(signature);
    } catch {
      return false;
    }
    if (!key.isValidOrder() || !signed.isValidOrder()) return false;
    return mcl.pairing(signed, generator).isEqual(mcl.pairing(hashToG1(message), key));
  };
}

function hashToG1(message: Uint8Array): InstanceType<typeof mcl.G1> {
  const [first, second] = hash_to_field(message, 2, HASH_TO_FIELD).map(([element]) => mapToG1(element));
  if (first === undefined || second === undefined) throw new Error('hash_to_field gave no elements');
  // Each half has left the cofactor behind already; a sum of points of the subgroup is in the subgroup.
  return mcl.add(first, second);
}

function mapToG1(element: bigint | undefined): InstanceType<typeof mcl.G1> {
  if (element === undefined) throw new Error('hash_to_field gave an empty element');
  const field = new mcl.Fp();
  field.setStr(element.toString(16), 16);
  return field.mapToG1();
}
