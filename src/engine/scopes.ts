import { tfjsEngine } from "./nativeBackend.js";

/** The tfjs operations at work, from the one that was called to the innermost. tfjs marks them so among its scopes. */
export function opsAtWork(): string[] {
  const names = tfjsEngine().state.scopeStack.map(({ name }) => name);
  return names.filter((name) => name.endsWith("__op")).map((name) => name.slice(0, -"__op".length));
}

/** The innermost of them: "randomUniform" within tf.dropout; "" outside of any. */
export function opAtWork(): string {
  return opsAtWork().at(-1) ?? "";
}

/** ", in tf.dropout" where the step called that. */
export function within(): string {
  const [called] = opsAtWork();
  return called === undefined ? "" : `, in tf.${called}`;
}
