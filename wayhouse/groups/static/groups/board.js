// Drag somebody to another group of the plan: it asks what follows, as the form below each group does.
"use strict";

const asks = document.querySelector("form[data-drag]");
let dragged = null;

function over(event) {
  const group = dragged && event.target.closest?.("[data-group]");
  return group && !group.contains(dragged) ? group : null;
}

function mark(group) {
  for (const other of document.querySelectorAll("[data-group]")) other.classList.toggle("over", other === group);
}

if (asks) {
  for (const person of document.querySelectorAll("[data-person]")) person.draggable = true;
  addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-person]");
    // Some browsers drag nothing without data. Who it is does not leave this page.
    if (dragged) event.dataTransfer.setData("text/plain", "");
  });
  addEventListener("dragover", (event) => {
    const group = over(event);
    mark(group);
    if (group) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const group = over(event);
    if (!group) return;
    event.preventDefault();
    asks.elements.person.value = dragged.dataset.person;
    asks.elements.target.value = group.dataset.group;
    asks.requestSubmit();
  });
  addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
}
