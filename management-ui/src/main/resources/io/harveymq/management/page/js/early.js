// Asks what every page begins with while the modules are still on their way; api.js takes the answers. A classic script.
(() => {
  let login = null;
  try {
    login = JSON.parse(sessionStorage.getItem("harvey.login"));
  } catch {
    // api.js forgets it, and asks for the login
  }
  const questions = ["dev/features"];
  if (login) questions.push("vhosts?columns=name");
  if (login && !document.hidden) questions.push("overview");
  const asked = (globalThis.early = {});
  for (const question of questions) {
    const url = new URL("api/" + question, document.baseURI);
    asked[url] = fetch(url, { headers: login ? { Authorization: login.authorization } : {}, credentials: "omit", cache: "no-store" });
    asked[url].catch(() => {});
  }
})();
