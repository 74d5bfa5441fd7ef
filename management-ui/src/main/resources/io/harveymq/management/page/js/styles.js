// The styles that only some pages and forms need: whoever imports this is run once they are there.
const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../css/later.css", import.meta.url) });

await new Promise((done, failed) => {
  link.onload = done;
  link.onerror = failed;
  document.head.append(link);
});
