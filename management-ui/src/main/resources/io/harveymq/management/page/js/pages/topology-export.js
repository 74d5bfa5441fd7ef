// The graph as a file or as text: SVG with its colours baked in, or Mermaid.
import { copy } from "../components/copy.js";
import { saveAs } from "./definitions-io.js";

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "opacity", "font-family", "font-size", "font-weight"];

export function exportSvg(graph) {
  if (!graph) return;
  const clone = graph.cloneNode(true);
  const from = [graph, ...graph.querySelectorAll("*")];
  const to = [clone, ...clone.querySelectorAll("*")];
  to.forEach((element, i) => {
    const style = getComputedStyle(from[i]);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "tabindex", "role", "data-id"]) element.removeAttribute(name);
  });
  clone.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  saveAs("topology.svg", new XMLSerializer().serializeToString(clone), "image/svg+xml");
}

const SHAPES = { x: ['(["', '"])'], q: ['["', '"]'], p: ['[/"', '"/]'], c: ['[\\"', '"\\]'] };

export function exportMermaid(graph) {
  const ids = new Map([...graph.nodes.keys()].map((id, i) => [id, "n" + i]));
  const text = (s) => s.replaceAll('"', "#quot;").replaceAll("<", "#lt;");
  const lines = ["flowchart LR"];
  for (const n of graph.nodes.values()) lines.push(`  ${ids.get(n.id)}${SHAPES[n.kind][0]}${text(n.name)}${SHAPES[n.kind][1]}`);
  for (const e of graph.edges) {
    const label = e.keys.filter(Boolean).join(", ");
    lines.push(`  ${ids.get(e.from)} ${e.kind === "dl" ? "-." + (label ? ` "${text(label)}" .` : "") + "->" : label ? `-- "${text(label)}" -->` : "-->"} ${ids.get(e.to)}`);
  }
  copy(lines.join("\n"), "Mermaid text copied");
}
