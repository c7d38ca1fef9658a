import { Principal } from '@dfinity/principal';
import type { Engine } from '../engine/types.ts';
import type { Targets } from './authenticate.ts';
import { equalBytes, toHex } from './bytes.ts';
import { HttpError } from './HttpError.ts';
import type { IngressHistory } from './ingressHistory.ts';

const REQUEST_ID_BYTES = 32;
const STATUS_FIELDS = new Set(['status', 'reply', 'reject_code', 'reject_message', 'error_code']);

/** What a caller asks to see of the state tree. */
export interface ReadStateRequest {
  paths: readonly Uint8Array[][];
  sender: Principal;
  targets: Targets;
  /** The canister in the URL; undefined when the URL names a subnet. */
  effective: Principal | undefined;
}

/**
 * Checks that the sender may read every one of the paths (IC interface specification, "Request: Read state"): the state tree is not public
 * as a whole. Answers belong to who asked, private metadata to the controllers.
 * @throws HttpError 400, 403 or 404
 */
export function checkPaths(request: ReadStateRequest, engine: Pick<Engine, 'canister'>, history: IngressHistory): void {
  let requestId: Uint8Array | undefined;
  for (const path of request.paths) {
    const id = checkPath(path, request, engine);
    if (id === undefined) continue;
    if (requestId !== undefined && !equalBytes(requestId, id)) {
      throw new HttpError(
        400,
        `More than one non-unique request ID exists in request_status paths: 0x${toHex(requestId)} and 0x${toHex(id)}.`
      );
    }
    requestId = id;
  }
  if (requestId !== undefined) checkRequestOwner(requestId, request, history);
}

/** @returns the request id, if the path is one of `request_status` */
function checkPath(path: Uint8Array[], request: ReadStateRequest, engine: Pick<Engine, 'canister'>): Uint8Array | undefined {
  const names = path.map((label) => Buffer.from(label).toString('latin1'));
  const [first, , third, , fifth] = names;
  const length = path.length;
  const ofCanister = request.effective !== undefined;
  if (first === 'time' && length === 1) return undefined;
  if (first === 'subnet' && isSubnetPath(length, third, fifth)) return undefined;
  if (first === 'canister_ranges' && length <= 3) return undefined;
  if (first === 'api_boundary_nodes' && length <= 3) return undefined;
  if (first === 'request_status' && ofCanister && (length === 2 || (length === 3 && STATUS_FIELDS.has(third ?? ''))))
    return requestIdIn(path);
  if (first === 'canister' && ofCanister && length === 3 && (third === 'controllers' || third === 'module_hash')) {
    canisterIn(path, request);
    return undefined;
  }
  if (first === 'canister' && ofCanister && length === 4 && third === 'metadata') {
    checkMetadata(path, request, engine);
    return undefined;
  }
  throw new HttpError(404, 'Invalid path requested.');
}

function isSubnetPath(length: number, third: string | undefined, fifth: string | undefined): boolean {
  if (length <= 2) return true;
  if (length === 3) return third === 'public_key' || third === 'canister_ranges' || third === 'metrics' || third === 'node';
  return third === 'node' && (length === 4 || (length === 5 && fifth === 'public_key'));
}

function requestIdIn(path: Uint8Array[]): Uint8Array {
  const id = path[1];
  if (id?.length === REQUEST_ID_BYTES) return id;
  throw new HttpError(400, `Invalid request id in paths. Maybe the request ID is not of ${REQUEST_ID_BYTES} bytes in length?!`);
}

function canisterIn(path: Uint8Array[], { effective }: ReadStateRequest): Principal {
  const bytes = path[1] ?? new Uint8Array();
  if (bytes.length > 29) throw new HttpError(400, `Could not parse principal ID: ${bytes.length} bytes, at most 29 are allowed.`);
  const id = Principal.fromUint8Array(bytes);
  if (effective?.toText() !== id.toText()) {
    throw new HttpError(
      400,
      `Effective principal id in URL ${String(effective?.toText())} does not match requested principal id: ${id.toText()}.`
    );
  }
  return id;
}

function checkMetadata(path: Uint8Array[], request: ReadStateRequest, engine: Pick<Engine, 'canister'>): void {
  let name: string;
  try {
    name = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(path[3]);
  } catch {
    throw new HttpError(400, 'Could not parse the custom section name: not UTF-8.');
  }
  const canister = engine.canister(canisterIn(path, request));
  const section = canister?.metadata.find((candidate) => candidate.name === name);
  if (canister === undefined || section === undefined || section.isPublic) return;
  if (canister.controllers.some((controller) => controller.toText() === request.sender.toText())) return;
  throw new HttpError(403, `Custom section ${name.slice(0, 100)} can only be requested by the controllers of the canister.`);
}

function checkRequestOwner(id: Uint8Array, { sender, targets }: ReadStateRequest, history: IngressHistory): void {
  const known = history.get(id);
  if (known === undefined) return;
  if (known.sender.toText() !== sender.toText()) {
    throw new HttpError(403, 'The user tries to access Request ID not signed by the caller.');
  }
  if (targets !== undefined && !targets.has(known.canisterId.toText())) {
    throw new HttpError(403, 'The user tries to access request IDs for canisters not belonging to sender delegation targets.');
  }
}
