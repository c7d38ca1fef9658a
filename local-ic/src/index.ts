export { CanisterReject } from './engine/CanisterReject.ts';
export { createLocalIc } from './localIc.ts';
export { compileMotoko } from './motoko/compileMotoko.ts';
export type { InstructionLimits } from './canister/instructionLimits.ts';
export type { Call, CallResult, CanisterRecord, Engine, RejectCode } from './engine/types.ts';
export type { Site } from './gateway/site.ts';
export type { IdentityStore } from './identity/store.ts';
export type { InstallCodeOptions, Listening, ListenOptions, LocalIc, LocalIcOptions } from './options.ts';
