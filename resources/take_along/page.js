"use strict";
(function () {
  var FILTERS = [["", "全部"], ["open", "未录入"], ["problem", "有问题"], ["done", "已录入"]];
  var WORDS = { open: "未录入", done: "已录入", problem: "有问题" };
  var MARKS = { open: "", done: "✓", problem: "！" };
  var ZOOM_STEP = 1.25;
  var MIN_ZOOM = 0.5;
  var MAX_ZOOM = 6;
  var UNFINISHED = "这个文件不完整，请从U盘重新拷贝整个文件。";

  var head = null;
  var key = null;
  var entries = [];
  var ticks = {};
  var shown = [];
  var current = 0;
  var upcoming = 0;
  var filter = "";
  var zoom = 1;
  var links = [];
  var showing = 0;
  var store = null;

  function at(id) { return document.getElementById(id); }

  function island(id) {
    var element = at(id);
    return element ? element.textContent.trim() : "";
  }

  function bytesOf(base64) {
    var binary = atob(base64);
    var bytes = new Uint8Array(binary.length);
    for (var index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  }

  // Of an item of the file: its bytes as they were put in, decrypted where the file has a password.
  function read(id) {
    var text = island(id);
    if (!text) return Promise.reject(new Error(UNFINISHED));
    var bytes = bytesOf(text);
    if (!key) return Promise.resolve(bytes);
    var named = new TextEncoder().encode(head.package + ":" + id);
    var algorithm = { name: "AES-GCM", iv: bytes.subarray(0, 12), additionalData: named };
    return crypto.subtle.decrypt(algorithm, key, bytes.subarray(12)).then(function (plain) {
      return new Uint8Array(plain);
    });
  }

  function derive(password) {
    var typed = new TextEncoder().encode(password.normalize("NFC"));
    return crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]).then(function (material) {
      return crypto.subtle.deriveKey(
        { name: "PBKDF2", hash: "SHA-256", salt: bytesOf(head.salt), iterations: head.iterations },
        material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    });
  }

  // What is ticked, kept by the browser itself: a database survives its being killed, localStorage may not.
  function openStore() {
    return new Promise(function (resolve) {
      var request;
      try { request = indexedDB.open("certclerk-" + head.package, 1); } catch (error) { resolve(null); return; }
      request.onupgradeneeded = function () { request.result.createObjectStore("ticks"); };
      request.onsuccess = function () { resolve(request.result); };
      request.onerror = request.onblocked = function () { resolve(null); };
    });
  }

  function loadTicks() {
    return new Promise(function (resolve) {
      if (!store) { resolve(); return; }
      var cursor = store.transaction("ticks").objectStore("ticks").openCursor();
      cursor.onsuccess = function () {
        var found = cursor.result;
        if (!found) { resolve(); return; }
        ticks[found.key] = found.value;
        found.continue();
      };
      cursor.onerror = function () { resolve(); };
    });
  }

  function keep(changed) {
    if (!store) { tellUnsaved(); return; }
    var writing;
    try {
      writing = store.transaction("ticks", "readwrite", { durability: "strict" });
    } catch (error) { tellUnsaved(); return; }
    changed.forEach(function (id) { writing.objectStore("ticks").put(ticks[id], Number(id)); });
    writing.oncomplete = function () {
      at("saved").className = "";
      at("saved").textContent = "已保存在这个浏览器 " + new Date().toTimeString().slice(0, 5);
    };
    writing.onerror = writing.onabort = tellUnsaved;
  }

  function tellUnsaved() {
    at("saved").className = "wrong";
    at("saved").textContent = "这个浏览器不能保存标记，离开前请下载进度文件";
    window.onbeforeunload = function () { return "还没有下载进度文件"; };
  }

  function stateOf(entry) {
    var tick = ticks[entry.certificate];
    return tick && tick.state ? tick.state : "open";
  }

  function tick(entry, state, reason) {
    ticks[entry.certificate] = { state: state, reason: reason, at: new Date().toISOString(), row: entry.row };
    keep([entry.certificate]);
  }

  function merge(text) {
    var state;
    try { state = JSON.parse(text); } catch (error) { throw new Error("进度文件不完整或已损坏，没有读入。"); }
    if (!state || state.format !== "certclerk-keying" || !Array.isArray(state.ticks)) {
      throw new Error("这不是进度文件，没有读入。");
    }
    if (state.collection !== head.collection) throw new Error("这是另一份采集的进度文件，没有读入。");
    var known = {};
    entries.forEach(function (entry) { known[entry.certificate] = true; });
    var changed = [];
    state.ticks.forEach(function (each) {
      var own = ticks[each.certificate];
      if (!known[each.certificate] || (own && own.at >= each.at)) return;
      ticks[each.certificate] = { state: String(each.state), reason: String(each.reason), at: String(each.at), row: String(each.row) };
      changed.push(each.certificate);
    });
    if (changed.length) keep(changed);
    return changed.length;
  }

  function download() {
    var kept = Object.keys(ticks).map(function (id) {
      var own = ticks[id];
      return { certificate: Number(id), state: own.state, reason: own.reason, at: own.at, row: own.row };
    });
    var state = { format: "certclerk-keying", version: 1, collection: head.collection, package: head.package,
      saved_at: new Date().toISOString(), ticks: kept };
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(state, null, 1)], { type: "application/json" }));
    link.download = head.state_file;
    document.body.appendChild(link);
    link.click();
    document.body.removeChild(link);
    window.onbeforeunload = null;
    say("进度文件已下载：" + head.state_file + "。请拷回学校的电脑，在菜单“录入”里点“读回录入进度…”。");
  }

  function say(text) {
    at("notice").textContent = text;
    at("notice").hidden = !text;
  }

  function copyText(text) {
    function byHand() {
      var area = document.createElement("textarea");
      area.value = text;
      area.setAttribute("readonly", "");
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.appendChild(area);
      area.select();
      var done = false;
      try { done = document.execCommand("copy"); } catch (error) { done = false; }
      document.body.removeChild(area);
      return done ? Promise.resolve() : Promise.reject(new Error("浏览器不允许复制，请选中后按 Ctrl+C。"));
    }
    if (!navigator.clipboard || !navigator.clipboard.writeText) return byHand();
    return navigator.clipboard.writeText(text).catch(byHand);
  }

  function copyField(number) {
    var entry = shown[current];
    if (!entry || !entry.fields[number] || !entry.fields[number].copied) return;
    var field = entry.fields[number];
    copyText(field.copied).then(function () {
      at("copied").className = "";
      at("copied").textContent = "已复制" + field.label + "：" + field.copied;
      at("fields").rows[number].classList.add("copied");
      upcoming = following(number + 1);
      markUpcoming();
    }, function (error) {
      at("copied").className = "wrong";
      at("copied").textContent = error.message;
    });
  }

  function copyNext() {
    if (!shown[current]) return;
    if (upcoming < 0) {
      at("copied").textContent = "这一本已复制完，按回车标为已录入，转到下一本。";
      return;
    }
    copyField(upcoming);
  }

  // The next field from this one on that holds anything; -1: there is none.
  function following(number) {
    var fields = shown[current].fields;
    while (number < fields.length && !fields[number].copied) number++;
    return number < fields.length ? number : -1;
  }

  function markUpcoming() {
    Array.prototype.forEach.call(at("fields").rows, function (row, index) {
      row.classList.toggle("upcoming", index === upcoming);
    });
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function showRecord() {
    var entry = shown[current];
    at("fields").textContent = "";
    at("copied").textContent = "";
    at("reason-form").hidden = true;
    at("name").textContent = entry ? entry.title : "没有符合条件的证书";
    at("state").textContent = "";
    if (!entry) { showImages(null); return; }
    entry.fields.forEach(function (field, index) {
      var row = at("fields").insertRow();
      row.appendChild(element("th", "", field.label));
      var cell = row.insertCell();
      cell.appendChild(element("span", field.copied ? (field.number ? "value number" : "value") : "empty", field.shown || "（空）"));
      if (field.remark) cell.appendChild(element("span", "remark", field.remark));
      var digit = (index + 1) % 10;
      var button = element("button", "", "复制 " + digit);
      button.type = "button";
      button.disabled = !field.copied;
      button.setAttribute("aria-label", "复制" + field.label);
      button.addEventListener("click", function () { copyField(index); });
      row.insertCell().appendChild(button);
    });
    upcoming = following(0);
    markUpcoming();
    showState();
    showImages(entry);
  }

  function showState() {
    var entry = shown[current];
    var state = stateOf(entry);
    var own = ticks[entry.certificate];
    at("state").className = state;
    at("state").textContent = MARKS[state] + WORDS[state] + (own && own.reason ? "：" + own.reason : "");
  }

  function showImages(entry) {
    links.forEach(function (link) { URL.revokeObjectURL(link); });
    links = [];
    at("images").textContent = "";
    var turn = ++showing;
    if (!entry) return;
    entry.pages.forEach(function (page) {
      var figure = element("figure");
      figure.appendChild(element("figcaption", "", page.label));
      at("images").appendChild(figure);
      read(page.image).then(function (bytes) {
        if (turn !== showing) return;
        var link = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
        links.push(link);
        var image = element("img");
        image.alt = page.label;
        image.src = link;
        image.style.width = 100 * zoom + "%";
        image.addEventListener("dblclick", function () { setZoom(zoom > 1 ? 1 : 2); });
        figure.appendChild(image);
      }, function () {
        figure.appendChild(element("p", "wrong", "这一页的图像已损坏，请看纸质证书。"));
      });
    });
  }

  function setZoom(wanted) {
    zoom = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, wanted));
    at("zoom-word").textContent = zoom === 1 ? "适合宽度" : Math.round(zoom * 100) + "%";
    Array.prototype.forEach.call(at("images").querySelectorAll("img"), function (image) {
      image.style.width = 100 * zoom + "%";
    });
  }

  function matches(entry) {
    var wanted = at("search").value.trim().toLowerCase();
    if (filter && stateOf(entry) !== filter) return false;
    return !wanted || entry.find.indexOf(wanted.replace(/\s/g, "")) >= 0;
  }

  function refreshList(keepEntry) {
    shown = entries.filter(matches);
    var index = shown.indexOf(keepEntry);
    current = Math.max(0, index >= 0 ? index : Math.min(current, shown.length - 1));
    at("list").textContent = "";
    shown.forEach(function (entry, position) {
      var state = stateOf(entry);
      var item = element("li");
      item.tabIndex = -1;
      item.appendChild(element("span", "who", entry.title));
      item.appendChild(element("span", "kind", entry.short));
      var mark = element("span", "mark " + state, MARKS[state]);
      mark.setAttribute("aria-label", WORDS[state]);
      item.appendChild(mark);
      item.addEventListener("click", function () { go(position); });
      at("list").appendChild(item);
    });
    markCurrent();
    showCounts();
  }

  function markCurrent() {
    Array.prototype.forEach.call(at("list").children, function (item, index) {
      if (index === current) {
        item.setAttribute("aria-current", "true");
        if (item.scrollIntoView) item.scrollIntoView({ block: "nearest" });
      } else {
        item.removeAttribute("aria-current");
      }
    });
  }

  function showCounts() {
    var counts = { open: 0, done: 0, problem: 0 };
    entries.forEach(function (entry) { counts[stateOf(entry)]++; });
    at("counts").textContent = "共 " + entries.length + " 本：已录入 " + counts.done + " · 有问题 " + counts.problem +
      " · 未录入 " + counts.open;
    at("bar-done").style.width = (entries.length ? 100 * counts.done / entries.length : 0) + "%";
    var everything = [entries.length, counts.open, counts.problem, counts.done];
    Array.prototype.forEach.call(at("filters").children, function (button, index) {
      button.textContent = FILTERS[index][1] + " " + everything[index];
      button.setAttribute("aria-pressed", String(FILTERS[index][0] === filter));
    });
  }

  function go(position) {
    if (position < 0 || position >= shown.length) {
      at("copied").textContent = position < 0 ? "这是第一本。" : "这是最后一本。";
      return;
    }
    current = position;
    markCurrent();
    showRecord();
  }

  function mark(state, reason, onward) {
    var entry = shown[current];
    if (!entry) return;
    var after = shown[current + 1];
    tick(entry, state, reason);
    if (onward && after) {
      refreshList(after);
      showRecord();
      return;
    }
    refreshList(entry);
    if (shown[current] === entry) showState(); else showRecord();
    if (onward) at("copied").textContent = "已标为已录入，这是最后一本。";
  }

  function askReason() {
    if (!shown[current]) return;
    var own = ticks[shown[current].certificate];
    at("reason").value = own && own.reason ? own.reason : "";
    at("reason-form").hidden = false;
    at("reason").focus();
  }

  function endReason() {
    at("reason-form").hidden = true;
    at("copy-next").focus();
  }

  function printSummary() {
    var table = at("summary");
    table.textContent = "";
    var top = table.createTHead().insertRow();
    ["序号", "姓名", "种类", "证书号码", "状态", "原因", "时间"].forEach(function (title) {
      top.appendChild(element("th", "", title));
    });
    var body = table.createTBody();
    entries.forEach(function (entry) {
      var own = ticks[entry.certificate] || { at: "", reason: "" };
      var when = own.at ? new Date(own.at).toLocaleString("zh-CN") : "";
      var row = body.insertRow();
      [entry.serial, entry.name, entry.kind, entry.digits, WORDS[stateOf(entry)], own.reason, when].forEach(function (text) {
        row.insertCell().textContent = text;
      });
    });
    window.print();
  }

  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.tagName === "INPUT") {
      if (event.key === "Escape") {
        if (event.target.id === "reason") endReason(); else event.target.blur();
      } else if (event.key === "Enter" && event.target.id === "search") {
        event.target.blur();
      }
      return;
    }
    var act = {
      " ": copyNext,
      "Enter": function () { mark("done", "", true); },
      "F2": askReason,
      "Delete": function () { mark("", "", false); },
      "PageDown": function () { go(current + 1); },
      "PageUp": function () { go(current - 1); },
      "/": function () { at("search").focus(); },
      "+": function () { setZoom(zoom * ZOOM_STEP); },
      "=": function () { setZoom(zoom * ZOOM_STEP); },
      "-": function () { setZoom(zoom / ZOOM_STEP); }
    }[event.key];
    if (/^[0-9]$/.test(event.key)) act = function () { copyField((Number(event.key) + 9) % 10); };
    if (!act) return;
    if (event.target.tagName === "BUTTON" && event.key === "Enter") return;
    event.preventDefault();
    act();
  }

  function wire() {
    FILTERS.forEach(function (each) {
      var button = element("button", "", each[1]);
      button.type = "button";
      button.addEventListener("click", function () { filter = each[0]; refreshList(shown[current]); showRecord(); });
      at("filters").appendChild(button);
    });
    at("search").addEventListener("input", function () { refreshList(shown[current]); showRecord(); });
    at("previous").addEventListener("click", function () { go(current - 1); });
    at("next").addEventListener("click", function () { go(current + 1); });
    at("copy-next").addEventListener("click", copyNext);
    at("done").addEventListener("click", function () { mark("done", "", true); });
    at("problem").addEventListener("click", askReason);
    at("clear").addEventListener("click", function () { mark("", "", false); });
    at("reason-form").addEventListener("submit", function (event) {
      event.preventDefault();
      var reason = at("reason").value.trim();
      if (!reason) { at("reason").focus(); return; }
      mark("problem", reason, false);
      endReason();
    });
    at("reason-cancel").addEventListener("click", endReason);
    at("download").addEventListener("click", download);
    at("upload").addEventListener("click", function () { at("upload-file").click(); });
    at("upload-file").addEventListener("change", function () {
      var file = at("upload-file").files[0];
      at("upload-file").value = "";
      if (!file) return;
      var reader = new FileReader();
      reader.onload = function () {
        try {
          say("已读入 " + merge(reader.result) + " 个标记，其余的这里已是最新。");
          refreshList(shown[current]);
          showRecord();
        } catch (error) { say(error.message); }
      };
      reader.onerror = function () { say("进度文件读不出来，没有读入。"); };
      reader.readAsText(file);
    });
    at("print").addEventListener("click", printSummary);
    at("zoom-in").addEventListener("click", function () { setZoom(zoom * ZOOM_STEP); });
    at("zoom-out").addEventListener("click", function () { setZoom(zoom / ZOOM_STEP); });
    at("zoom-fit").addEventListener("click", function () { setZoom(1); });
    document.addEventListener("keydown", onKey);
  }

  function begin() {
    return read("records").then(function (bytes) {
      entries = JSON.parse(new TextDecoder().decode(bytes));
      return openStore();
    }).then(function (opened) {
      store = opened;
      return loadTicks();
    }).then(function () {
      at("unit").textContent = head.unit;
      at("when").textContent = head.when;
      at("place").textContent = head.place;
      at("lock").hidden = true;
      at("app").hidden = false;
      wire();
      if (!store) tellUnsaved();
      refreshList(entries.filter(function (entry) { return stateOf(entry) === "open"; })[0]);
      showRecord();
    });
  }

  function broken(text) {
    at("lock").hidden = at("app").hidden = true;
    at("broken").textContent = text;
    at("broken").hidden = false;
  }

  function start() {
    try { head = JSON.parse(island("head")); } catch (error) { head = null; }
    if (!head || island("end") !== head.package) { broken(UNFINISHED); return; }
    document.title = "随身录入 · " + head.unit;
    at("broken").hidden = true;
    if (!head.salt) { begin().catch(function () { broken(UNFINISHED); }); return; }
    if (!window.crypto || !crypto.subtle) { broken("这个浏览器不能解密，请用新一些的 Chrome、Edge 或 Firefox 打开。"); return; }
    at("lock-unit").textContent = head.unit;
    at("lock").hidden = false;
    at("password").focus();
    at("lock").addEventListener("submit", function (event) {
      event.preventDefault();
      at("unlock").disabled = true;
      at("lock-word").textContent = "正在解锁…";
      derive(at("password").value).then(function (made) {
        key = made;
        return read("records");
      }).then(function () {
        at("password").value = "";
        return begin();
      }).catch(function () {
        key = null;
        at("unlock").disabled = false;
        at("lock-word").textContent = "密码不对，或文件已损坏。请重新输入。";
        at("password").select();
      });
    });
  }

  document.addEventListener("DOMContentLoaded", start);
})();
