/** A page on which somebody settles positions of the legacy platform. */
export interface SettlingPage {
  /** When the page learned that a position is settled, milliseconds since 1970, by its id. */
  readonly settled: ReadonlyMap<bigint, number>;
  /** Ends when the page has told how it went, well or not. */
  press(id: bigint): Promise<void>;
  /** Closed and opened again. */
  reload(): void;
  /** Brings `settled` up to date. */
  look(): Promise<void>;
  close(): void;
}
