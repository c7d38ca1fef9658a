/** The bytes are not a module that can be a canister; the message says why. */
export class WasmFormatError extends Error {
  override readonly name = 'WasmFormatError';
}
