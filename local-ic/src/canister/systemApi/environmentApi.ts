import type { EnvironmentVariable } from '../CanisterState.ts';
import { Allowed } from '../EntryPoint.ts';
import { Trap } from '../Trap.ts';
import { api, type ApiEnvironment, type ApiTable } from './apiFunction.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The canister's environment variables, which its controllers set: by index in the order of their names, or by name. */
export function environmentApi(env: ApiEnvironment): ApiTable {
  const variableAt = (index: number): EnvironmentVariable => {
    const { environmentVariables } = env.canister;
    const variable = environmentVariables[index];
    if (variable !== undefined) return variable;
    throw Trap.contract(`there is no environment variable ${index}; the canister has ${environmentVariables.length}`);
  };
  const find = (source: number, size: number): EnvironmentVariable | undefined => {
    const name = decodeName(env.memory.view(source, size));
    return env.canister.environmentVariables.find((variable) => variable.name === name);
  };
  const variableNamed = (source: number, size: number): EnvironmentVariable => {
    const variable = find(source, size);
    if (variable !== undefined) return variable;
    throw Trap.contract(`there is no environment variable "${decodeName(env.memory.view(source, size))}"`);
  };
  return {
    env_var_count: api('', 'p', Allowed.notInStart, () => env.canister.environmentVariables.length),
    env_var_name_size: api('p', 'p', Allowed.notInStart, (index) => encoder.encode(variableAt(index).name).length),
    env_var_name_copy: api('pppp', '', Allowed.notInStart, (index, target, offset, size) =>
      env.memory.copyIn(target, encoder.encode(variableAt(index).name), offset, size)
    ),
    env_var_name_exists: api('pp', 'i', Allowed.notInStart, (source, size) => (find(source, size) === undefined ? 0 : 1)),
    env_var_value_size: api('pp', 'p', Allowed.notInStart, (source, size) => encoder.encode(variableNamed(source, size).value).length),
    env_var_value_copy: api('ppppp', '', Allowed.notInStart, (source, nameSize, target, offset, size) =>
      env.memory.copyIn(target, encoder.encode(variableNamed(source, nameSize).value), offset, size)
    )
  };
}

function decodeName(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw Trap.contract('the name of an environment variable is not UTF-8');
  }
}
