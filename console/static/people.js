// Prints the page that a poster stands on; opens all reasons before a record is printed.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
addEventListener("beforeprint", () => { for (const each of document.querySelectorAll("details.why")) each.open = true; });
