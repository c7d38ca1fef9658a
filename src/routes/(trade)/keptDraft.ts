import { emptyDraft, headroomChoices, offsetSteps, payoutRoomChoices, type Draft } from './ticket';

const KEY = 'satstrike.ticket';

/** The ticket's input outlives errors, a session's end, a walk to another page and a reload of this tab. */
export function keptDraft(): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
    return isDraftLike(kept) ? { ...emptyDraft, ...kept } : { ...emptyDraft };
  } catch {
    return { ...emptyDraft };
  }
}

export function keepDraft(draft: Draft): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    // Storage is blocked: the input lives as long as this page.
  }
}

/** What may stand in the fields that are chosen from a list; the other fields take any text. */
const choices: Partial<Record<string, readonly string[]>> = {
  kind: ['digital', 'capped'],
  direction: ['call', 'put'],
  strikeMode: ['money', 'offset', 'exact'],
  offsetSteps,
  headroomPpm: headroomChoices.map((choice) => choice.ppm),
  payoutRoomPpm: payoutRoomChoices.map((choice) => choice.ppm)
};

function isDraftLike(value: unknown): value is Partial<Draft> {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(
    ([name, text]: [string, unknown]) => name in emptyDraft && typeof text === 'string' && (choices[name]?.includes(text) ?? true)
  );
}
