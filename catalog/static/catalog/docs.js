// The page about the API is light or dark as its reader wants it, like all others.
(() => {
  const wanted = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", wanted.matches);
  wanted.addEventListener("change", follow);
  follow();
})();
