import { join } from 'node:path';
import { createSiteHandler, type RequestHandler } from '../gateway/site.ts';
import { MalformedRequest, ownPageFiles, readJson, refusal, sendJson, type JsonObject } from '../http/ownPage.ts';
import { FaultRuleError } from './parseRule.ts';
import type { FaultRule, Faults } from './types.ts';
import { isCanisterKind, VOCABULARY } from './vocabulary.ts';

export interface FaultControlsOptions {
  faults: Faults;
  /** The ids of the network's canisters, as texts: the page offers them. */
  canisters: () => string[];
  log?: (line: string) => void;
}

const PREFIX = '/faults/';
const GUARD = { name: 'fault controls', header: 'x-fault-controls', hosts: [] };
/** How much of the log the page gets. */
const SHOWN_ENTRIES = 100;

/**
 * The page with the switches for faults, for an origin of its own, and the interface behind it: POST /faults/{state,add,remove,clear} with
 * the header `x-fault-controls: 1` and the page's own origin. Handles every request of its server.
 */
export function createFaultControls({ faults, canisters, log = () => undefined }: FaultControlsOptions): RequestHandler {
  const page = createSiteHandler([{ dir: join(import.meta.dirname, 'page'), files: ownPageFiles() }], { log });
  const operations = operationsOf(faults);
  return async (req, res) => {
    const problem = refusal(req, GUARD);
    if (problem !== undefined) {
      sendJson(res, problem.status, { error: { kind: 'request', message: problem.message } });
      return true;
    }
    const path = (req.url ?? '/').replace(/[?#].*$/s, '');
    if (!path.startsWith(PREFIX)) return page(req, res);
    try {
      const operation = operations.get(path.slice(PREFIX.length));
      if (operation === undefined) throw new MalformedRequest(`There is no operation ${path}`, { status: 404 });
      const outcome = operation(await readJson(req));
      sendJson(res, 200, { ...stateOf(faults), canisters: canisters(), ...outcome });
    } catch (error) {
      if (error instanceof FaultRuleError) {
        // A refusal is an answer: browsers report every status but 2xx and 3xx as an error in the page's console.
        sendJson(res, 200, { error: { kind: 'request', message: error.message } });
      } else if (error instanceof MalformedRequest) {
        sendJson(res, error.status, { error: { kind: 'request', message: error.message } });
      } else {
        log(`fault controls: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        sendJson(res, 500, { error: { kind: 'internal', message: 'The fault controls failed; the network’s log says why.' } });
      }
    }
    return true;
  };
}

type Operation = (input: JsonObject) => JsonObject | undefined;

function operationsOf(faults: Faults): Map<string, Operation> {
  return new Map<string, Operation>([
    ['state', () => undefined],
    // Whatever it is, `add` checks it.
    ['add', ({ rule }) => ({ added: faults.add(rule as FaultRule).number })],
    ['remove', ({ number }) => void faults.rules.find((rule) => rule.number === number)?.remove()],
    ['clear', () => void faults.clear()]
  ]);
}

function stateOf(faults: Faults): JsonObject {
  return {
    seed: faults.seed,
    vocabulary: VOCABULARY.map((term) => ({ ...term, isCanister: isCanisterKind(term.kind) })),
    rules: faults.rules.map(({ number, rule, seen, fired }) => ({ number, rule, seen, fired })),
    log: faults.log.slice(-SHOWN_ENTRIES)
  };
}
