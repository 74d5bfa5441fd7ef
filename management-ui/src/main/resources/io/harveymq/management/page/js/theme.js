// Sets the chosen theme before the first paint. A classic script, so that nothing flashes.
(() => {
  const theme = localStorage.getItem("harvey.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
