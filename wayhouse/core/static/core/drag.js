// Drag somebody to another place: it asks what follows, as the form for it does, which needs no script.
"use strict";

const asks = document.querySelector("form[data-drag]");
let dragged = null;

function over(event) {
  const place = dragged && event.target.closest?.("[data-drop]");
  return place && !place.contains(dragged) ? place : null;
}

function mark(place) {
  for (const other of document.querySelectorAll("[data-drop]")) other.classList.toggle("over", other === place);
}

if (asks) {
  for (const person of document.querySelectorAll("[data-person]")) person.draggable = true;
  addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-person]");
    // Some browsers drag nothing without data. Who it is does not leave this page.
    if (dragged) event.dataTransfer.setData("text/plain", "");
  });
  addEventListener("dragover", (event) => {
    const place = over(event);
    mark(place);
    if (place) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const place = over(event);
    if (!place) return;
    event.preventDefault();
    asks.elements.person.value = dragged.dataset.person;
    asks.elements.target.value = place.dataset.drop;
    // Whom they were dropped on, where places have an address of their own.
    if (place.dataset.at) {
      asks.action = place.dataset.at;
      asks.elements.instead.value = event.target.closest("[data-person]")?.dataset.person ?? "";
    }
    asks.requestSubmit();
  });
  addEventListener("dragend", () => {
    dragged = null;
    mark(null);
  });
}
