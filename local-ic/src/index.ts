export { CanisterReject } from './engine/CanisterReject.ts';
export { FaultRuleError } from './faults/parseRule.ts';
export { createLocalIc } from './localIc.ts';
export { compileMotoko } from './motoko/compileMotoko.ts';
export type { Call, CallResult, CanisterRecord, Engine, RejectCode } from './engine/types.ts';
export type { FaultHandle, FaultKind, FaultLogEntry, FaultMatch, FaultPlan, FaultRule, Faults } from './faults/types.ts';
export type { Site } from './gateway/site.ts';
export type { IdentityStore } from './identity/store.ts';
export type { InstallCodeOptions, Listening, ListenOptions, LocalIc, LocalIcOptions } from './options.ts';
