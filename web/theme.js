// Sets the theme before anything is painted: the one that was chosen, else the system's. A classic script for that reason.
try {
  const chosen = localStorage.getItem("armoire-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
} catch {
  // Storage is off: the system's theme it is.
}
