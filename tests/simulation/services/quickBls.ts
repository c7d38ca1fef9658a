// Takes the place of @noble/curves/bls12-381 in the agent while visits are simulated: the same check of every certificate by WebAssembly, where the
// agent's own takes 30 ms and a run verifies some ten thousand. What the app itself verifies with is tested in tests/services and in the browser.
import { openVerifier } from 'local-ic/bls';

const verify = await openVerifier();
const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

export const bls12_381 = {
  verifyShortSignature: (signature: string, message: string, publicKey: string): boolean =>
    verify(bytes(publicKey), bytes(message), bytes(signature))
};
