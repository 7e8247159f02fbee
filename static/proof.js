// Proves the statement after the # of this page's address with the keys that stand in the page. Nothing is sent.
"use strict";
(() => {
  const page = document.getElementById("proof");
  if (!page || location.hash.length < 2) return;
  const say = (name) => {
    for (const each of page.querySelectorAll("[data-state]")) each.hidden = each.dataset.state !== name;
  };
  const bytesOf = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

  // CBOR (RFC 8949), as far as a statement needs it: whole numbers, bytes, text, lists, maps, tags.
  const read = (bytes) => {
    let at = 0;
    const take = (count) => {
      if (at + count > bytes.length) throw new Error("short");
      at += count;
      return bytes.subarray(at - count, at);
    };
    const size = (low) => {
      if (low < 24) return low;
      if (low > 27) throw new Error("size");
      const number = take(1 << (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
      if (!Number.isSafeInteger(number)) throw new Error("large");
      return number;
    };
    const value = (depth) => {
      if (depth > 8) throw new Error("deep");
      const [first] = take(1);
      const length = size(first & 31);
      switch (first >> 5) {
        case 0: return length;
        case 1: return -1 - length;
        case 2: return take(length);
        case 3: return new TextDecoder("utf-8", { fatal: true }).decode(take(length));
        case 4: return Array.from({ length }, () => value(depth + 1));
        case 5: return new Map(Array.from({ length }, () => [value(depth + 1), value(depth + 1)]));
        case 6: return { tag: length, value: value(depth + 1) };
        default: throw new Error("type");
      }
    };
    const found = value(0);
    if (at !== bytes.length) throw new Error("rest");
    return found;
  };

  const head = (type, length) => length < 24 ? [type << 5 | length]
    : length < 256 ? [type << 5 | 24, length] : [type << 5 | 25, length >> 8, length & 255];
  const toSign = (secured, payload) => Uint8Array.from([
    0x84, ...head(3, 10), ...new TextEncoder().encode("Signature1"),
    ...head(2, secured.length), ...secured, 0x40, ...head(2, payload.length), ...payload,
  ]);
  const same = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);
  const yuan = (fen) => (fen < 0 ? "-" : "") + Math.floor(Math.abs(fen) / 100).toLocaleString("en-US")
    + "." + String(Math.abs(fen) % 100).padStart(2, "0");
  const day = (number) => new Date(Date.UTC(2000, 0, 1 + number)).toISOString().slice(0, 10);

  const show = (statement) => {
    const kinds = JSON.parse(page.dataset.kinds), list = page.querySelector("dl");
    const shown = new Map([
      ["issuer", statement.get(1)], ["kind", kinds[statement.get(2)]], ["reference", statement.get(3)],
      ["name", statement.get(6)], ["end", statement.get(7)], ["issued", day(statement.get(4))],
      ["until", statement.has(5) ? day(statement.get(5)) : ""],
    ]);
    for (const [name, text] of shown) {
      const row = list.querySelector(`[data-part="${name}"]`);
      row.hidden = !text;
      row.querySelector("dd").textContent = text || "";
    }
    const totals = [
      ...(statement.get(10) || []).map(([label, months]) => [label, `${months} ${page.dataset.months}`]),
      ...(statement.get(8) || []).map(([label, fen]) => [label, `${yuan(fen)} ${page.dataset.yuan}`]),
    ];
    for (const [label, total] of totals) {
      const row = document.createElement("div"), term = document.createElement("dt"), text = document.createElement("dd");
      term.textContent = label;
      text.textContent = total;
      row.append(term, text);
      list.append(row);
    }
  };

  const prove = async () => {
    let secured, headers, payload, signature;
    try {
      const message = read(bytesOf(location.hash.slice(1)));
      if (message.tag !== 18) throw new Error("tag");
      [secured, headers, payload, signature] = message.value;
      if (!same(secured, Uint8Array.of(0xa1, 0x01, 0x27))) throw new Error("algorithm");
    } catch {
      return say("broken");
    }
    const key = JSON.parse(page.dataset.keys).find((each) => same(bytesOf(each.kid), headers.get(4) || []));
    if (!key) return say("stranger");
    let isGenuine;
    try {
      const imported = await crypto.subtle.importKey("raw", bytesOf(key.x), { name: "Ed25519" }, false, ["verify"]);
      isGenuine = await crypto.subtle.verify("Ed25519", imported, signature, toSign(secured, payload));
    } catch {
      return say("unable");
    }
    if (!isGenuine) return say("stranger");
    const statement = read(payload);
    if (statement.has(5) && day(statement.get(5)) < page.dataset.today) return say("expired");
    show(statement);
    say("genuine");
  };
  prove().catch(() => say("broken"));
  addEventListener("hashchange", () => location.reload());
})();
