import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { SignIdentity, type PublicKey, type Signature } from '@dfinity/agent';
import { Ed25519KeyIdentity } from '@dfinity/identity';

/** A key file that can't be used; its message says why. */
export class KeyFileError extends Error {
  override name = 'KeyFileError';
}

/**
 * Who signs with this file: a PEM as `dfx identity export` writes it (Ed25519 or secp256k1), or the JSON of an Ed25519KeyIdentity.
 *
 * @throws KeyFileError that never repeats what is in the file
 */
export async function readKeyFile(file: string | undefined): Promise<SignIdentity | undefined> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new KeyFileError(
      error.code === 'ENOENT' ? `There is no key file ${file}.` : `The key file ${file} can't be read (${error.code}).`
    );
  });
  return text.trimStart().startsWith('[') ? fromJson(file, text) : fromPem(file, text);
}

function fromJson(file: string, text: string): SignIdentity {
  try {
    return Ed25519KeyIdentity.fromJSON(text);
  } catch {
    throw new KeyFileError(`${file} is not the JSON of an Ed25519 key: ["public key in hex", "private key in hex"].`);
  }
}

function fromPem(file: string, text: string): SignIdentity {
  let key: KeyObject;
  try {
    // dfx puts the curve's name in a block of its own before the key.
    key = createPrivateKey(text.replace(/-----BEGIN EC PARAMETERS-----[^-]*-----END EC PARAMETERS-----\s*/u, ''));
  } catch {
    throw new KeyFileError(
      `${file} is neither a private key in PEM nor the JSON of one; a PEM with a password must be exported without it.`
    );
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type !== 'ed25519' && !(type === 'ec' && details?.namedCurve === 'secp256k1'))
    throw new KeyFileError(`${file} holds a key of type ${type ?? 'unknown'}; the network takes Ed25519 and secp256k1 here.`);
  return new PemIdentity(key);
}

/** Signs with a key that Node holds. */
class PemIdentity extends SignIdentity {
  readonly #key: KeyObject;
  readonly #publicKey: PublicKey;

  constructor(key: KeyObject) {
    super();
    this.#key = key;
    const der = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
    this.#publicKey = { toDer: () => der };
  }

  getPublicKey(): PublicKey {
    return this.#publicKey;
  }

  sign(blob: Uint8Array): Promise<Signature> {
    const signature =
      this.#key.asymmetricKeyType === 'ed25519'
        ? sign(null, blob, this.#key)
        : withLowS(sign('sha256', blob, { key: this.#key, dsaEncoding: 'ieee-p1363' }));
    return Promise.resolve(Object.assign(new Uint8Array(signature), { __signature__: undefined }));
  }
}

const ORDER = 0xffffffff_ffffffff_ffffffff_fffffffe_baaedce6_af48a03b_bfd25e8c_d0364141n;

/** Of the two signatures that are valid, the one that strict verifiers accept: s in the lower half of the curve's order. */
function withLowS(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.toString('hex', 32)}`);
  if (s <= ORDER / 2n) return signature;
  return Buffer.concat([signature.subarray(0, 32), Buffer.from((ORDER - s).toString(16).padStart(64, '0'), 'hex')]);
}
