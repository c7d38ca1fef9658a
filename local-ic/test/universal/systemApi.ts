/**
 * The System API as the interface specification lists it (Canister interface, "Overview of imports"): parameters and result of every
 * function, one letter each. `p`: as wide as the module's addresses; `i`: i32; `l`: i64.
 *
 * Written from the specification and not from the network's own sources, so that one checks the other.
 */
export const SYSTEM_API = {
  msg_arg_data_size: ['', 'p'],
  msg_arg_data_copy: ['ppp', ''],
  msg_caller_size: ['', 'p'],
  msg_caller_copy: ['ppp', ''],
  msg_caller_info_data_size: ['', 'p'],
  msg_caller_info_data_copy: ['ppp', ''],
  msg_caller_info_signer_size: ['', 'p'],
  msg_caller_info_signer_copy: ['ppp', ''],
  msg_reject_code: ['', 'i'],
  msg_reject_msg_size: ['', 'p'],
  msg_reject_msg_copy: ['ppp', ''],
  msg_deadline: ['', 'l'],
  msg_reply_data_append: ['pp', ''],
  msg_reply: ['', ''],
  msg_reject: ['pp', ''],
  msg_cycles_available128: ['p', ''],
  msg_cycles_refunded128: ['p', ''],
  msg_cycles_accept128: ['llp', ''],
  cycles_burn128: ['llp', ''],
  canister_self_size: ['', 'p'],
  canister_self_copy: ['ppp', ''],
  canister_cycle_balance128: ['p', ''],
  canister_liquid_cycle_balance128: ['p', ''],
  canister_status: ['', 'i'],
  canister_version: ['', 'l'],
  subnet_self_size: ['', 'p'],
  subnet_self_copy: ['ppp', ''],
  msg_method_name_size: ['', 'p'],
  msg_method_name_copy: ['ppp', ''],
  accept_message: ['', ''],
  call_new: ['pppppppp', ''],
  call_on_cleanup: ['pp', ''],
  call_data_append: ['pp', ''],
  call_with_best_effort_response: ['i', ''],
  call_cycles_add128: ['ll', ''],
  call_perform: ['', 'i'],
  stable64_size: ['', 'l'],
  stable64_grow: ['l', 'l'],
  stable64_write: ['lll', ''],
  stable64_read: ['lll', ''],
  root_key_size: ['', 'p'],
  root_key_copy: ['ppp', ''],
  certified_data_set: ['pp', ''],
  data_certificate_present: ['', 'i'],
  data_certificate_size: ['', 'p'],
  data_certificate_copy: ['ppp', ''],
  time: ['', 'l'],
  global_timer_set: ['l', 'l'],
  performance_counter: ['i', 'l'],
  is_controller: ['pp', 'i'],
  in_replicated_execution: ['', 'i'],
  cost_call: ['llp', ''],
  cost_create_canister: ['p', ''],
  cost_http_request: ['llp', ''],
  cost_sign_with_ecdsa: ['ppip', 'i'],
  cost_sign_with_schnorr: ['ppip', 'i'],
  cost_vetkd_derive_key: ['ppip', 'i'],
  env_var_count: ['', 'p'],
  env_var_name_size: ['p', 'p'],
  env_var_name_copy: ['pppp', ''],
  env_var_name_exists: ['pp', 'i'],
  env_var_value_size: ['pp', 'p'],
  env_var_value_copy: ['ppppp', ''],
  debug_print: ['pp', ''],
  trap: ['pp', ''],
  msg_cycles_available: ['', 'l'],
  msg_cycles_refunded: ['', 'l'],
  msg_cycles_accept: ['l', 'l'],
  canister_cycle_balance: ['', 'l'],
  call_cycles_add: ['l', ''],
  stable_size: ['', 'i'],
  stable_grow: ['i', 'i'],
  stable_write: ['iii', ''],
  stable_read: ['iii', '']
} as const satisfies Record<string, readonly [params: string, result: string]>;

export type ApiName = keyof typeof SYSTEM_API;
type Signature<Name extends ApiName> = (typeof SYSTEM_API)[Name];

/** Functions of the System API with a result. */
export type ApiWithResult = { [Name in ApiName]: Signature<Name>[1] extends '' ? never : Name }[ApiName];

/** As many arguments as the letters say. */
export type ApiArguments<Name extends ApiName, Argument> = ArgumentsOf<Signature<Name>[0], Argument>;
type ArgumentsOf<Letters extends string, Argument> = Letters extends `${string}${infer Rest}`
  ? [Argument, ...ArgumentsOf<Rest, Argument>]
  : [];

export const API_NAMES = Object.keys(SYSTEM_API) as ApiName[];

/** Those a module with 64-bit memory doesn't have. */
export const ONLY_IN_32_BIT: readonly ApiName[] = [
  'msg_cycles_available',
  'msg_cycles_refunded',
  'msg_cycles_accept',
  'canister_cycle_balance',
  'call_cycles_add',
  'stable_size',
  'stable_grow',
  'stable_write',
  'stable_read'
];
