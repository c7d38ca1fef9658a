export interface VersionAndSchema {
  readonly version: string;
  /** The shape of the canister's memory. */
  readonly schema: bigint;
}

/** After a deploy the canister runs what is checked out; before it an older one may run, as the deploy will upgrade it. The faults in words. */
export function judgeVersion(canister: VersionAndSchema, source: VersionAndSchema, beforeDeploy: boolean): string[] {
  const faults: string[] = [];
  if (canister.schema > source.schema)
    faults.push(
      `its memory has schema ${canister.schema}, newer than ${source.schema} of the source: that source can't be deployed over it`
    );
  if (beforeDeploy) return faults;
  if (canister.schema < source.schema)
    faults.push(`its memory has schema ${canister.schema}, the source has ${source.schema}: it was not upgraded`);
  if (canister.version !== source.version) faults.push(`it runs ${canister.version}, the source is ${source.version}`);
  return faults;
}
