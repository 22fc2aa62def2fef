// Numbers and times as people read them, always the same number of digits.

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** @param {number} count */
export function bytes(count) {
  const power = count > 0 ? Math.min(Math.floor(Math.log2(count) / 10), units.length - 1) : 0;
  const size = count / 1024 ** power;
  return `${size.toFixed(power === 0 || size >= 100 ? 0 : 1)} ${units[power]}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  const parts = days > 0 ? [[days, "d"], [hours, "h"]]
    : hours > 0 ? [[hours, "h"], [minutes, "min"]]
    : minutes > 0 ? [[minutes, "min"], [minutes < 10 ? whole % 60 : 0, "s"]]
    : [[seconds > 0 && seconds < 1 ? seconds.toFixed(1) : whole, "s"]];
  return parts.filter(([number], i) => i === 0 || number > 0).map(([number, unit]) => `${number} ${unit}`).join(" ");
}

/** How long ago that was. @param {string} time @param {number} now */
export const age = (time, now) => duration(Math.floor((now - Date.parse(time)) / 1000));

const two = number => String(number).padStart(2, "0");

/** The local time of day; the date as well where that is not today's. @param {number} time @param {number} now */
export function clock(time, now) {
  const [at, today] = [new Date(time), new Date(now)];
  const day = at.toDateString() === today.toDateString() ? "" : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} `;
  return `${day}${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** The zone of the browser at that time, such as UTC+1: no name of a zone is the same word everywhere. @param {number} [time] */
export function zone(time = Date.now()) {
  const minutes = -new Date(time).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return minutes === 0 ? "UTC" : `UTC${minutes < 0 ? "−" : "+"}${hours}${rest ? `:${two(rest)}` : ""}`;
}

/** The same with its zone, for a time that stands by itself. @param {number} time @param {number} now */
export const moment = (time, now) => `${clock(time, now)} ${zone(time)}`;

/** @param {number} number */
export const count = number => number.toLocaleString("en");

/** A part of a whole; what is not all of it is never 100 %. @param {number} part @param {number} whole */
export const share = (part, whole) => `${whole === 0 ? 0 : part === whole ? 100 : Math.min(99, Math.round(part / whole * 100))} %`;

/** @param {number} number @param {string} thing */
export const counted = (number, thing) => `${count(number)} ${thing}${number === 1 ? "" : "s"}`;
