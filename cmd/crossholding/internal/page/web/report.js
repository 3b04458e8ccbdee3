"use strict";
(() => {
  const slider = document.getElementById("step");
  const states = document.querySelectorAll(".state");
  const show = () => {
    const at = Number(slider.value);
    document.getElementById("number").textContent = String(at);
    states.forEach((s, i) => { s.hidden = i !== at; });
  };
  slider.addEventListener("input", show);
  show();
})();
