/** A name and its value, as in a receipt, a quote or a summary. */
export interface Fact {
  label: string;
  value: string;
  note?: string | undefined;
  tone?: 'up' | 'down' | undefined;
  strong?: boolean;
}
