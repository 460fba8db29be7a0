/**
 * What other files can see of a TypeScript source: function bodies whose results are declared, values whose types are
 * declared, and what only those needed, imports among them, are left out. The types of what is exported stay the same.
 * @param ts the compiler
 * @param {string} text the source
 * @returns {string} TypeScript for a type checker, not to be run
 */
export function declarationView(ts, text) {
  const file = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const edits = [];
  /** Names that each kept statement mentions, by statement. */
  const mentions = new Map();

  const replace = (node, by) => edits.push({ start: node.getStart(file), end: node.end, by });
  const remove = (node) => edits.push({ start: node.pos, end: node.end, by: "" });

  function visit(node, names) {
    if (ts.isIdentifier(node)) names.add(node.text);
    const skipped = hidden(node);
    if (skipped) replace(skipped, ts.isBlock(skipped) ? "{}" : "null!");
    ts.forEachChild(node, (child) => {
      if (child !== skipped) visit(child, names);
    });
  }

  /** The part of a node that says nothing about its type. */
  function hidden(node) {
    if (ts.isConstructorDeclaration(node) || ts.isSetAccessor(node)) return node.body;
    if (ts.isFunctionLike(node)) return node.type && node.body;
    if (ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node)) return node.type && node.initializer;
    return undefined;
  }

  const declared = new Map();
  const wanted = [];
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) continue;
    const start = edits.length;
    const names = new Set();
    visit(statement, names);
    mentions.set(statement, { names, edits: edits.splice(start) });
    if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement) || exported(statement))
      wanted.push(statement);
    for (const name of namesOf(statement)) declared.set(name, [...(declared.get(name) ?? []), statement]);
  }

  function exported(statement) {
    return (
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    );
  }
  function namesOf(statement) {
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
    return statement.name ? [statement.name.text] : [];
  }
  function bound(name) {
    return ts.isIdentifier(name)
      ? [name.text]
      : name.elements.flatMap((element) => (element.name ? bound(element.name) : []));
  }

  const kept = new Set();
  const used = new Set();
  while (wanted.length > 0) {
    const statement = wanted.pop();
    if (kept.has(statement)) continue;
    kept.add(statement);
    edits.push(...mentions.get(statement).edits);
    for (const name of mentions.get(statement).names) {
      used.add(name);
      wanted.push(...(declared.get(name) ?? []));
    }
  }
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      const bindings = clause?.namedBindings;
      const locals = [
        clause,
        ...(bindings && ts.isNamedImports(bindings) ? bindings.elements : bindings ? [bindings] : []),
      ];
      if (!locals.some((local) => local?.name && used.has(local.name.text))) remove(statement);
    } else if (!kept.has(statement)) remove(statement);
  }
  edits.sort((a, b) => a.start - b.start);
  let at = 0;
  let view = "";
  for (const { start, end, by } of edits) {
    view += text.slice(at, start) + by;
    at = end;
  }
  return `${view + text.slice(at)}\nexport {};\n`;
}
