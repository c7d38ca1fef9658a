import type { FaultKind } from './types.ts';

/** A parameter of a kind of fault. A natural number of any size and bytes are kept as decimal and hexadecimal texts. */
export type Parameter = { name: string; label: string; optional: boolean } & (
  | { type: 'number'; min: number; max: number; initial: number | undefined }
  | { type: 'choice'; choices: readonly string[]; initial: string }
  | { type: 'boolean'; initial: boolean }
  | { type: 'text'; initial: string }
  | { type: 'nat' }
  | { type: 'hex' }
);

export interface Term {
  kind: FaultKind;
  /** What happens, in a sentence. */
  effect: string;
  parameters: readonly Parameter[];
  /** What is wrong with a rule whose parameters are all right one by one. */
  problem?: (rule: Readonly<Record<string, unknown>>) => string | undefined;
}

export function number(name: string, label: string, min: number, max: number, initial: number | undefined, optional = true): Parameter {
  return { type: 'number', name, label, min, max, initial, optional };
}

/** The first choice is the initial one. */
export function choice(name: string, label: string, choices: readonly string[]): Parameter & { type: 'choice' } {
  return { type: 'choice', name, label, choices, initial: choices[0] ?? '', optional: true };
}

/** False at first. */
export function flag(name: string, label: string): Parameter {
  return { type: 'boolean', name, label, initial: false, optional: true };
}

export function text(name: string, label: string, initial: string): Parameter {
  return { type: 'text', name, label, initial, optional: true };
}

export function nat(name: string, label: string): Parameter {
  return { type: 'nat', name, label, optional: true };
}

export function hex(name: string, label: string, optional = true): Parameter {
  return { type: 'hex', name, label, optional };
}
