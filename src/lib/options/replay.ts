/** Where a recording sits on the network's clock: the network minute `anchorNs` shows the recorded minute `recordingStartNs`. */
export interface Recording {
  readonly anchorNs: bigint;
  readonly recordingStartNs: bigint;
}

/** The recorded time whose price is replayed at `networkNs`, nanoseconds since 1970. */
export function recordedTime(recording: Recording, networkNs: bigint): bigint {
  return recording.recordingStartNs + (networkNs - recording.anchorNs);
}
