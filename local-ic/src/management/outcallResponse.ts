import { findRunning } from '../engine/findRunning.ts';
import { rejects } from '../engine/rejects.ts';
import { runSimpleQuery } from '../engine/runSimpleQuery.ts';
import type { Subnet } from '../engine/Subnet.ts';
import type { CallResult } from '../engine/types.ts';
import type { HttpResponse, OutcallRequest, OutcallResult } from '../outcalls/Outcalls.ts';
import { encodeReply } from './candid.ts';
import { excessOf } from './httpLimits.ts';
import { HttpResponseType, TransformArgument } from './httpTypes.ts';
import type { Answer } from './ManagementCall.ts';

/** The management canister, who calls transforms. */
const MANAGEMENT = new Uint8Array(0);

/** Answers the canister that made a request; nothing happens when it was answered before. */
export function receiveOutcall(subnet: Subnet, answer: Answer, id: number, result: OutcallResult): void {
  const request = subnet.outcalls.take(id);
  if (request === undefined) return;
  answer(request.origin, resultOf(subnet, request, result), request.refund);
}

/** Failures of the request itself have no error code. */
const failed = (code: 1 | 2, message: string): CallResult => ({ kind: 'reject', code, errorCode: '', message });

function resultOf(subnet: Subnet, request: OutcallRequest, result: OutcallResult): CallResult {
  if (result.kind === 'failure') return failed(result.code, result.message);
  const { status, headers, body } = result;
  const excess = excessOf(headers, body);
  if (excess !== undefined) return failed(1, excess);
  const response = { status, headers, body };
  if (request.transform === undefined) return { kind: 'reply', reply: encodeReply(HttpResponseType, response) };
  const transformed = transform(subnet, request.canisterId, request.transform, response);
  if (transformed.kind === 'reply' && transformed.reply.length > request.maxResponseBytes) {
    return failed(1, `Transformed http response exceeds limit: ${request.maxResponseBytes}`);
  }
  return transformed;
}

/** Runs the canister's own query on the response, so that it can leave out what it doesn't need. */
function transform(
  subnet: Subnet,
  canisterId: Uint8Array,
  { method, context }: NonNullable<OutcallRequest['transform']>,
  response: HttpResponse
): CallResult {
  const target = findRunning(subnet, canisterId);
  if ('refusal' in target) return target.refusal;
  const { canister, runtime } = target;
  if (!canister.exports(`canister_query ${method}`)) return rejects.noMethod(canister, 'query', method);
  const arg = encodeReply(TransformArgument, { response, context });
  return runSimpleQuery(subnet, canister, runtime, { callee: canisterId, method, arg, caller: MANAGEMENT }, 'transform');
}
