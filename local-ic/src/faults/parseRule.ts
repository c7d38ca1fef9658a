import { Principal } from '@dfinity/principal';
import { number, type Parameter, type Term } from './Term.ts';
import type { FaultRule } from './types.ts';
import { isCanisterKind, VOCABULARY } from './vocabulary.ts';

/** Something that is no rule; the message says why. */
export class FaultRuleError extends TypeError {
  override name = 'FaultRuleError';
}

const MAX_COUNT = 1_000_000_000;
const MAX_TEXT = 4_096;
/** The IC's limit of an answer. */
const MAX_HEX_DIGITS = 2 * 2 * 1024 * 1024;
const ENDPOINTS = ['call', 'query', 'read_state', 'status'];
const SOURCES = ['ingress', 'canister', 'timer', 'heartbeat'];
const BASE_FIELDS: readonly Parameter[] = [
  number('probability', '', 0, 1, 1),
  number('count', '', 1, MAX_COUNT, undefined),
  number('after', '', 0, MAX_COUNT, 0)
];

/**
 * Checks a rule, which may come from a page or a test in JavaScript, and copies it, so that nobody changes it afterwards. Bytes become
 * hexadecimal and big numbers decimal texts.
 * @throws FaultRuleError
 */
export function parseRule(input: unknown): FaultRule {
  const given = record(input, 'A rule');
  const term = VOCABULARY.find(({ kind }) => kind === given['kind']);
  if (term === undefined) {
    throw new FaultRuleError(`There is no fault ${show(given['kind'])}; there are ${VOCABULARY.map(({ kind }) => kind).join(', ')}`);
  }
  const rule: Record<string, unknown> = { kind: term.kind };
  for (const field of [...BASE_FIELDS, ...term.parameters]) {
    const value = given[field.name];
    if (value !== undefined && value !== null) rule[field.name] = check(field, value);
    else if (!field.optional) throw new FaultRuleError(`${term.kind} needs "${field.name}"`);
  }
  const match = given['match'] === undefined || given['match'] === null ? undefined : parseMatch(given['match'], term);
  if (match !== undefined) rule['match'] = match;
  const known = new Set([...Object.keys(rule), 'match', ...BASE_FIELDS.map(nameOf), ...term.parameters.map(nameOf)]);
  const unknown = Object.keys(given).find((key) => !known.has(key));
  if (unknown !== undefined) throw new FaultRuleError(`${term.kind} takes no "${unknown}"`);
  const problem = term.problem?.(rule);
  if (problem !== undefined) throw new FaultRuleError(problem);
  // Field by field what the vocabulary, and with it the type, says.
  return Object.freeze(rule) as unknown as FaultRule;
}

function parseMatch(input: unknown, { kind }: Term): Record<string, string> {
  const given = record(input, '"match"');
  const match: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && value !== null) match[name] = parseMatchField(name, value, kind);
  }
  return Object.freeze(match);
}

function parseMatchField(name: string, value: unknown, kind: string): string {
  const isCanister = isCanisterKind(kind);
  if (name === 'canisterId') return parseCanisterId(value);
  if (name === 'method') {
    if (typeof value !== 'string') throw new FaultRuleError('"match.method" must be a text');
    if (kind === 'offline')
      throw new FaultRuleError("offline can't match a method: the connection ends before the request, which names it, is read");
    return value;
  }
  if (name === 'endpoint' && !isCanister) return oneOf(ENDPOINTS, value, 'endpoint');
  if (name === 'from' && isCanister) return oneOf(SOURCES, value, 'source "match.from"');
  if (name === 'endpoint') throw new FaultRuleError(`${kind} is about messages to canisters: "match" takes "from" instead of "endpoint"`);
  if (name === 'from') throw new FaultRuleError(`${kind} is about requests to the network: "match" takes "endpoint" instead of "from"`);
  throw new FaultRuleError(`"match" takes no "${name}"`);
}

function oneOf(known: readonly string[], value: unknown, what: string): string {
  if (typeof value === 'string' && known.includes(value)) return value;
  throw new FaultRuleError(`There is no ${what} ${show(value)}; there are ${known.join(', ')}`);
}

function parseCanisterId(value: unknown): string {
  try {
    if (typeof value === 'string') return Principal.fromText(value).toText();
  } catch {
    // The message below says what is needed.
  }
  throw new FaultRuleError(`"match.canisterId" must be a canister id as text, not ${show(value)}`);
}

function check(field: Parameter, value: unknown): unknown {
  switch (field.type) {
    case 'number': {
      const isWhole = Number.isInteger(value) || field.name === 'probability';
      if (typeof value === 'number' && isWhole && value >= field.min && value <= field.max) return value;
      throw new FaultRuleError(
        `"${field.name}" must be a ${field.name === 'probability' ? '' : 'whole '}number from ${field.min} to ${field.max}, not ${show(value)}`
      );
    }
    case 'choice':
      if (typeof value === 'string' && field.choices.includes(value)) return value;
      throw new FaultRuleError(`"${field.name}" must be one of ${field.choices.join(', ')}, not ${show(value)}`);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw new FaultRuleError(`"${field.name}" must be true or false, not ${show(value)}`);
    case 'text':
      if (typeof value === 'string' && value.length <= MAX_TEXT) return value;
      throw new FaultRuleError(`"${field.name}" must be a text of at most ${MAX_TEXT} characters, not ${show(value)}`);
    case 'nat': {
      const digits = typeof value === 'bigint' || Number.isSafeInteger(value) ? String(value) : value;
      if (typeof digits === 'string' && /^\d{1,40}$/.test(digits)) return digits;
      throw new FaultRuleError(`"${field.name}" must be a natural number, not ${show(value)}`);
    }
    case 'hex': {
      const digits = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
      if (typeof digits === 'string' && digits.length <= MAX_HEX_DIGITS && /^([0-9a-f]{2})*$/i.test(digits)) return digits.toLowerCase();
      throw new FaultRuleError(`"${field.name}" must be bytes, or hexadecimal digits, at most 2 MiB, not ${show(value)}`);
    }
  }
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new FaultRuleError(`${name} must be an object`);
}

function nameOf({ name }: Parameter): string {
  return name;
}

function show(value: unknown): string {
  const json = typeof value === 'bigint' ? undefined : JSON.stringify(value);
  return (json ?? String(value)).slice(0, 60);
}
