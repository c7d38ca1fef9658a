import { Principal } from '@dfinity/principal';
import type { FaultMatch, FaultRule } from './types.ts';
import { VOCABULARY, type Parameter } from './vocabulary.ts';

/** Something that is no rule; the message says why. */
export class FaultRuleError extends TypeError {
  override name = 'FaultRuleError';
}

const MAX_COUNT = 1_000_000_000;
const ENDPOINTS = ['call', 'query', 'read_state', 'status'];
const BASE_FIELDS: readonly Parameter[] = [
  { type: 'number', name: 'probability', label: '', min: 0, max: 1, initial: 1, optional: true },
  { type: 'number', name: 'count', label: '', min: 1, max: MAX_COUNT, initial: undefined, optional: true },
  { type: 'number', name: 'after', label: '', min: 0, max: MAX_COUNT, initial: 0, optional: true }
];

/**
 * Checks a rule, which may come from a page or a test in JavaScript, and copies it, so that nobody changes it afterwards.
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
  const match = given['match'] === undefined || given['match'] === null ? undefined : parseMatch(given['match']);
  if (match !== undefined) rule['match'] = match;
  if (term.kind === 'offline' && match?.method !== undefined) {
    throw new FaultRuleError("offline can't match a method: the connection ends before the request, which names it, is read");
  }
  const known = new Set([...Object.keys(rule), 'match', ...BASE_FIELDS.map(nameOf), ...term.parameters.map(nameOf)]);
  const unknown = Object.keys(given).find((key) => !known.has(key));
  if (unknown !== undefined) throw new FaultRuleError(`${term.kind} takes no "${unknown}"`);
  // Field by field what the vocabulary, and with it the type, says.
  return Object.freeze(rule) as unknown as FaultRule;
}

function parseMatch(input: unknown): FaultMatch {
  const { endpoint, canisterId, method, ...rest } = record(input, '"match"');
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new FaultRuleError(`"match" takes no "${unknown}"`);
  if (endpoint !== undefined && !isEndpoint(endpoint))
    throw new FaultRuleError(`There is no endpoint ${show(endpoint)}; there are ${ENDPOINTS.join(', ')}`);
  if (method !== undefined && typeof method !== 'string') throw new FaultRuleError('"match.method" must be a text');
  return Object.freeze({
    ...(endpoint !== undefined && { endpoint }),
    ...(canisterId !== undefined && { canisterId: parseCanisterId(canisterId) }),
    ...(method !== undefined && { method })
  });
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
  }
}

function isEndpoint(value: unknown): value is NonNullable<FaultMatch['endpoint']> {
  return typeof value === 'string' && ENDPOINTS.includes(value);
}

function record(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new FaultRuleError(`${name} must be an object`);
}

function nameOf({ name }: Parameter): string {
  return name;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
