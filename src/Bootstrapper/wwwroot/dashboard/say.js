// Tells people who do not see the page what changed on it, in moderation.

const between = 4000;
const most = 3; // more than that nobody listens to
let [last, waiting, count, timer] = [0, [], 0, 0];

/** @param {string} sentence */
export function say(sentence) {
  waiting = [...waiting, sentence].slice(-most);
  count++;
  timer ||= setTimeout(speak, Math.max(0, last + between - performance.now()));
}

function speak() {
  const sentence = count > most ? `${count} changes, the last one: ${waiting.at(-1)}` : waiting.join(". ");
  document.getElementById("announcements").textContent = sentence;
  [last, waiting, count, timer] = [performance.now(), [], 0, 0];
}
