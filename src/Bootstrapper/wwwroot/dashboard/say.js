// Tells people who do not see the page what changed on it, in moderation.

const between = 4000;
let [last, waiting, timer] = [0, [], 0];

/** @param {string} sentence */
export function say(sentence) {
  waiting.push(sentence);
  timer ||= setTimeout(speak, Math.max(0, last + between - performance.now()));
}

function speak() {
  const sentence = waiting.length > 3 ? `${waiting.length} changes, the last one: ${waiting.at(-1)}` : waiting.join(". ");
  document.getElementById("announcements").textContent = sentence;
  [last, waiting, timer] = [performance.now(), [], 0];
}
