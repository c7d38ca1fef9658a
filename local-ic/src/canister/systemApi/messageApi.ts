import { Allowed, EntryPoint } from '../EntryPoint.ts';
import type { Execution } from '../Execution.ts';
import { Trap } from '../Trap.ts';
import { api, sizeAndCopy, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

/** The IC's limit of a reply to an update or an inter-canister call. */
const MAX_REPLY_BYTES = 2 * 1024 * 1024;
const NOTHING = new Uint8Array(0);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function joinParts(parts: Uint8Array[], length: number): Uint8Array {
  const joined = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

function requireUnanswered({ response, context }: Execution): void {
  if (response !== undefined || context?.responded === true) throw Trap.contract('the call is already replied');
}

function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw Trap.contract('ic0.msg_reject: invalid UTF-8 string provided');
  }
}

/** Argument, caller, reply and rejection of the message. */
export function messageApi(env: ApiEnvironment): ApiTable {
  return {
    ...sizeAndCopy(env, 'msg_arg_data', Allowed.argument, () => env.execution.arg),
    ...sizeAndCopy(env, 'msg_caller', Allowed.notInStart, () => env.execution.caller),
    // Only callers with canister signatures have such information, and this network refuses those.
    ...sizeAndCopy(env, 'msg_caller_info_data', Allowed.callerInfo, () => NOTHING),
    ...sizeAndCopy(env, 'msg_caller_info_signer', Allowed.callerInfo, () => NOTHING),
    ...sizeAndCopy(env, 'msg_reject_msg', Allowed.rejection, () => env.execution.rejectMessage),
    ...sizeAndCopy(env, 'msg_method_name', Allowed.inspecting, () => env.execution.methodName),
    msg_reject_code: api('', 'i', Allowed.callback, () => env.execution.rejectCode),
    // Queries have none, also when a canister calls them.
    msg_deadline: api('', 'l', Allowed.deadline, () =>
      env.execution.kind === EntryPoint.replicatedQuery ? 0n : (env.execution.context?.deadlineNs ?? 0n)
    ),
    msg_reply_data_append: api('pp', '', Allowed.response, (source, size) => {
      const { execution } = env;
      requireUnanswered(execution);
      if (execution.replyBytes + size > MAX_REPLY_BYTES) {
        throw Trap.contract(`application payload size (${execution.replyBytes + size}) cannot be larger than ${MAX_REPLY_BYTES}`);
      }
      execution.replyParts.push(env.memory.read(source, size));
      execution.replyBytes += size;
    }),
    msg_reply: api('', '', Allowed.response, () => {
      const { execution } = env;
      requireUnanswered(execution);
      execution.response = { kind: 'reply', reply: joinParts(execution.replyParts, execution.replyBytes) };
    }),
    msg_reject: api('pp', '', Allowed.response, (source, size) => {
      requireUnanswered(env.execution);
      env.execution.response = { kind: 'reject', message: decodeText(env.memory.view(source, size)) };
    }),
    accept_message: api('', '', Allowed.inspecting, () => {
      if (env.execution.accepted) throw Trap.contract('the message is already accepted');
      env.execution.accepted = true;
    })
  };
}
