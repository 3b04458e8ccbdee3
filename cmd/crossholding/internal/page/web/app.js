"use strict";
(() => {
  const at = (id) => document.getElementById(id);
  let steps = [];

  const fill = (list, lines) => {
    list.replaceChildren(...lines.map((text) => {
      const li = document.createElement("li");
      li.textContent = text;
      return li;
    }));
  };

  const options = (stakes) => {
    const select = at("stake");
    const kept = select.selectedOptions[0];
    const was = kept ? kept.dataset.holder + "\n" + kept.dataset.issuer : "";
    select.replaceChildren(...stakes.map((s, i) => {
      const o = new Option(s.text, String(i));
      o.dataset.holder = s.holder;
      o.dataset.issuer = s.issuer;
      o.dataset.class = s.class;
      o.disabled = s.ranges;
      o.selected = !s.ranges && s.holder + "\n" + s.issuer === was;
      return o;
    }));
    movable();
  };

  // movable takes the first stake that can be moved, and bars the button if there is none.
  const movable = () => {
    const select = at("stake");
    const free = [...select.options].filter((o) => !o.disabled);
    if (free.length && (!select.selectedOptions[0] || select.selectedOptions[0].disabled)) free[0].selected = true;
    at("make").disabled = free.length === 0;
  };

  // make sends all steps, and keeps them only if they can be made.
  const make = async (list) => {
    at("error").textContent = "";
    let answer;
    try {
      const response = await fetch("/moves", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ steps: list }),
      });
      answer = await response.json();
    } catch (fault) {
      at("error").textContent = "The program does not answer: " + fault.message;
      return;
    }
    if (answer.error) {
      at("error").textContent = answer.error;
      return;
    }
    steps = list;
    at("view").innerHTML = answer.view; // made by the program, with all texts escaped
    options(answer.stakes);
    fill(at("steps"), answer.steps);
    fill(at("changes"), answer.changes);
  };

  const step = () => {
    const stake = at("stake").selectedOptions[0];
    const kind = at("kind").value;
    const other = at("other").value;
    const amount = at("amount").value.trim();
    const s = { step: kind, issuer: stake.dataset.issuer };
    if (stake.dataset.class) s.class = stake.dataset.class;
    if (kind === "buy") {
      s.step = "trade";
      s.from = other;
      s.to = stake.dataset.holder;
    } else {
      s.from = stake.dataset.holder;
      if (kind !== "buyback") s.to = other;
    }
    if (at("unit").value === "target") s[kind === "buy" ? "up_to" : "down_to"] = amount + "%";
    else s[at("unit").value] = amount;
    return s;
  };

  at("move").addEventListener("submit", (e) => {
    e.preventDefault();
    make([...steps, step()]);
  });
  at("free").addEventListener("submit", (e) => {
    e.preventDefault();
    try {
      make([...steps, JSON.parse(at("json").value)]);
    } catch (fault) {
      at("error").textContent = "The step is not JSON: " + fault.message;
    }
  });
  at("undo").addEventListener("click", () => { if (steps.length) make(steps.slice(0, -1)); });
  // The other side is the float of the company, until somebody is chosen.
  let chosen = false;
  const propose = () => {
    const stake = at("stake").selectedOptions[0];
    if (stake && !chosen) at("other").value = "float:" + stake.dataset.issuer;
  };
  at("other").addEventListener("change", () => { chosen = true; });
  at("stake").addEventListener("change", propose);
  movable();
  propose();
  at("kind").addEventListener("change", () => { at("other").disabled = at("kind").value === "buyback"; });
  at("export").addEventListener("click", () => {
    const link = document.createElement("a");
    const text = JSON.stringify({ steps }, null, 2) + "\n";
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "steps.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
