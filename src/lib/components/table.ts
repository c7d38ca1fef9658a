/** One column of a table: what stands in it is always a text made here, so that it can be read out and measured. */
export interface TableColumn<Row> {
  readonly key: string;
  readonly label: string;
  text(row: Row): string;
  /** Amounts and counts line up at the end of the cell. */
  readonly numeric?: boolean;
  /** Ids and principals. */
  readonly mono?: boolean;
  /** Free text of any length: broken into lines. */
  readonly wrap?: boolean;
  /** The whole text when `text` is shortened. */
  title?(row: Row): string;
  tone?(row: Row): 'up' | 'down' | undefined;
}
