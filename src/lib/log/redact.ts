type FieldValue = string | number | bigint | boolean;
export type Fields = Readonly<Record<string, FieldValue>>;

/**
 * The fields there are, and how each is kept. Nothing else can be written: no amounts, nothing that somebody typed, no error with what
 * it holds. `word`: a name or code of our own; `number`, `flag`; `account`: a principal or account, shortened; `place`: a line of our own code.
 */
const RULES = {
  action: 'word',
  canister: 'word',
  method: 'word',
  call: 'word',
  outcome: 'word',
  kind: 'word',
  status: 'word',
  network: 'word',
  error: 'word',
  requestId: 'word',
  ms: 'number',
  retryAfterMs: 'number',
  unclear: 'flag',
  expired: 'flag',
  principal: 'account',
  place: 'place'
} as const;

type FieldName = keyof typeof RULES;

/** What may be written; a field that is undefined is left out. */
export type KnownFields = Readonly<Partial<Record<FieldName, FieldValue | undefined>>>;

const REDACTED = '[redacted]';

/** Keeps what its field's rule allows. Decides by name and shape, whatever the types promised: a name that is not known hides its value. */
export function redact(fields: Readonly<Record<string, unknown>>): Fields {
  const kept: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) kept[name] = keep(Object.hasOwn(RULES, name) ? RULES[name as FieldName] : undefined, value);
  }
  return kept;
}

function keep(rule: (typeof RULES)[FieldName] | undefined, value: unknown): FieldValue {
  switch (rule) {
    case 'word':
      // Names and codes, also those of canisters' refusals; request ids. A principal or a sentence is none.
      return typeof value === 'string' && /^[\w.]{1,64}$/u.test(value) ? value : REDACTED;
    case 'number':
      return typeof value === 'number' ? value : REDACTED;
    case 'flag':
      return typeof value === 'boolean' ? value : REDACTED;
    case 'account':
      return typeof value === 'string' ? shortened(value) : REDACTED;
    case 'place':
      return typeof value === 'string' && /^[\w.\-/@()+[\]]{1,160}:\d+:\d+$/u.test(value) ? value : REDACTED;
    case undefined:
      return REDACTED;
  }
}

/** Enough to recognise one's own, too little to look somebody up. */
function shortened(account: string): string {
  const groups = account.split(/[-.]/u);
  const [first = ''] = groups;
  return groups.length < 4 ? REDACTED : `${first.slice(0, 5)}-…`;
}
