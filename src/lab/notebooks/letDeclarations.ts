import { createRequire } from "node:module";
import path from "node:path";
import type TypeScript from "typescript";
import { projectRoot } from "../../node/paths.js";
import type { ParameterType, Plain } from "./parameterTypes.js";

/** A variable that a cell declares by `let`. */
export interface Declaration {
  name: string;
  type: ParameterType;
  /** The default, as written. */
  literal: string;
}

/** The `let` declarations of a cell that have a value, read by the compiler that the kernel uses. */
export function letDeclarations(source: string): Declaration[] {
  const ts = compiler();
  const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
  return file.statements.flatMap((statement) => {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Let)) return [];
    return statement.declarationList.declarations.flatMap(({ name, type, initializer }) => {
      if (!ts.isIdentifier(name) || !initializer) return [];
      const read = type ? typeOfNode(ts, type) : typeOfValue(ts, initializer);
      // Of an imported type, the default tells how values are written.
      const known = read.kind === "other" ? { ...typeOfValue(ts, initializer), name: read.name } : read;
      return [{ name: name.text, type: known as ParameterType, literal: initializer.getText() }];
    });
  });
}

function typeOfNode(ts: typeof TypeScript, node: TypeScript.TypeNode): ParameterType {
  const { SyntaxKind } = ts;
  if (node.kind === SyntaxKind.StringKeyword) return { kind: "text" };
  if (node.kind === SyntaxKind.NumberKeyword) return { kind: "number" };
  if (node.kind === SyntaxKind.BooleanKeyword) return { kind: "boolean" };
  if (node.kind === SyntaxKind.UndefinedKeyword) return { kind: "literal", value: undefined };
  if (ts.isParenthesizedTypeNode(node)) return typeOfNode(ts, node.type);
  if (ts.isTypeOperatorNode(node) && node.operator === SyntaxKind.ReadonlyKeyword) return typeOfNode(ts, node.type);
  if (ts.isArrayTypeNode(node)) return { kind: "array", of: typeOfNode(ts, node.elementType) };
  if (ts.isTypeReferenceNode(node) && /^(Readonly)?Array$/.test(node.typeName.getText()) && node.typeArguments?.[0])
    return { kind: "array", of: typeOfNode(ts, node.typeArguments[0]) };
  if (ts.isLiteralTypeNode(node)) {
    const value = typeOfValue(ts, node.literal);
    if (node.literal.kind === SyntaxKind.NullKeyword) return { kind: "literal", value: null };
    if (value.kind !== "other") return { kind: "literal", value: literalValue(ts, node.literal) };
  }
  if (ts.isUnionTypeNode(node)) {
    const of = node.types.map((one) => typeOfNode(ts, one));
    if (of.every(({ kind }) => kind !== "other")) return { kind: "union", of };
  }
  return { kind: "other", name: node.getText() };
}

function typeOfValue(ts: typeof TypeScript, node: TypeScript.Node): ParameterType {
  if (ts.isStringLiteralLike(node)) return { kind: "text" };
  if (typeof literalValue(ts, node) === "number") return { kind: "number" };
  if (typeof literalValue(ts, node) === "boolean") return { kind: "boolean" };
  if (ts.isArrayLiteralExpression(node) && node.elements[0]) {
    const of = typeOfValue(ts, node.elements[0]);
    if (of.kind !== "other") return { kind: "array", of };
  }
  return { kind: "other", name: "that of the default" };
}

function literalValue(ts: typeof TypeScript, node: TypeScript.Node): Plain {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken) {
    const value = literalValue(ts, node.operand);
    return typeof value === "number" ? -value : undefined;
  }
  return undefined;
}

function compiler(): typeof TypeScript {
  const tslab = createRequire(path.join(projectRoot(), "package.json")).resolve("tslab/dist/main.js");
  return createRequire(tslab)("@tslab/typescript-for-tslab") as typeof TypeScript;
}
