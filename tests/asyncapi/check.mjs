// Reads an AsyncAPI document from standard input and checks it with the public parser.
// Prints what it holds as JSON; exit code 1 and the diagnostics when the document is not valid.
import { readFileSync } from "node:fs";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const faults = diagnostics.filter((d) => d.severity <= DiagnosticSeverity.Warning);
for (const { severity, code, message, path } of faults) {
  console.error(`${DiagnosticSeverity[severity] ?? severity} ${code} at /${path.join("/")}: ${message}`);
}
if (document === undefined || faults.length > 0) process.exit(1);

console.log(
  JSON.stringify({
    version: document.version(),
    channels: Object.fromEntries(document.channels().all().map((c) => [c.id(), c.address() ?? null])),
    operations: Object.fromEntries(document.operations().all().map((o) => [o.id(), o.action()])),
    messages: document.components().messages().all().map((m) => m.id()),
    hints: diagnostics.filter((d) => d.severity > DiagnosticSeverity.Warning).map((d) => `${d.code}: ${d.message}`),
  }),
);
