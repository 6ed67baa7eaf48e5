// Looks again while the systems are being worked on. Without it the page has a link that does the same.
const live = document.querySelector("[data-live]");
const says = document.querySelector("[data-says]");
// Nobody loses what they were writing.
const writing = () => [...document.querySelectorAll("textarea")].some(one => one.value !== "");
const look = async () => {
  if (document.visibilityState === "visible" && !writing()) {
    const headers = { accept: "application/json" };
    const answer = await fetch(live.dataset.live, { headers }).catch(() => null);
    if (answer && answer.ok) {
      const stand = await answer.json();
      if (stand.status !== live.dataset.status) return location.reload();
      if (says.textContent !== stand.says) says.textContent = stand.says;
    }
  }
  setTimeout(look, 2000);
};
if (live && says) setTimeout(look, 2000);
