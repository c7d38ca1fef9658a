export { CanisterReject } from './engine/CanisterReject.ts';
export { exchangeRateError } from './faults/exchangeRateErrors.ts';
export { ledgerError } from './faults/ledgerErrors.ts';
export { FaultRuleError } from './faults/parseRule.ts';
export { createLocalIc } from './localIc.ts';
export { compileMotoko } from './motoko/compileMotoko.ts';
export { createIdentity } from './testing/createIdentity.ts';
export type { InstructionLimits } from './canister/instructionLimits.ts';
export type { CallReport, CanisterShare } from './engine/CallRecording.ts';
export type { Call, CallResult, CanisterRecord, Engine, RejectCode } from './engine/types.ts';
export type { CanisterFaultMatch } from './faults/canisterRules.ts';
export type { FaultHandle, FaultKind, FaultLogEntry, FaultMatch, FaultPlan, FaultRule, Faults } from './faults/types.ts';
export type { Site } from './gateway/site.ts';
export type { IdentityStore } from './identity/store.ts';
export type { Listening, ListenOptions, LocalIc, LocalIcOptions, NetworkSnapshot } from './options.ts';
export type { Deferred, Reported, Reporting } from './testing/Actors.ts';
export type {
  CanisterControl,
  CreateCanisterOptions,
  InProcessCall,
  InstallCodeOptions,
  SetupCanisterOptions
} from './testing/CanisterControl.ts';
export type { CanisterLogLine, CanisterSettings, CanisterStatusReport } from './testing/managementCalls.ts';
export type { PendingCall } from './testing/PendingCall.ts';
export type { Sender } from './testing/Sender.ts';
