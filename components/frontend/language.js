// The chosen language, for the next visit.

const A_YEAR_S = 31_536_000;

/** Keeps `language` in a cookie of that name; without one the cookie goes. */
export function keep(cookie, language) {
  document.cookie = `${cookie}=${language}; path=/; max-age=${language ? A_YEAR_S : 0}; samesite=lax`;
}
