export interface Mistake {
  message: string;
  line?: number;
}

/** What the server answered instead of what was asked for. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    /** Where in the query the mistake is; counts from 0. */
    readonly position?: number,
    readonly query?: string,
    /** What is wrong with a body, each by itself; lines count from 1. */
    readonly mistakes: Mistake[] = [],
  ) {
    super(message);
  }
}

const KEY = 'puppylog-key';
const LONGEST_ADDRESS = 4000;

let refused: (wrong: boolean) => void = () => {};

/** Called when the server asks for a key, or takes the one that there is no longer. */
export function onRefused(listener: (wrong: boolean) => void): void {
  refused = listener;
}

export function setKey(key: string): void {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}

export type Parameters = Record<string, string | number | undefined>;

/** Asks with GET, or with a form where the address would become too long. Throws ApiError, or AbortError. */
export async function ask(path: string, parameters: Parameters = {}, signal?: AbortSignal, headers: Record<string, string> = {}): Promise<Response> {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) form.set(name, String(value));
  const address = form.size > 0 ? `${path}?${form}` : path;
  const asForm = address.length > LONGEST_ADDRESS;
  return send(asForm ? path : address, { method: asForm ? 'POST' : 'GET', ...(asForm ? { body: form } : {}), ...(signal ? { signal } : {}), headers });
}

export async function askJson<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return (await ask(path, parameters, signal)).json() as Promise<T>;
}

/** Sends JSON, an object with a line for each member; the answer's JSON, or null where it has none. */
export async function submit<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: object, signal?: AbortSignal): Promise<T | null> {
  const answer = await send(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: bodyText(body) }),
    ...(signal ? { signal } : {}),
  });
  const text = await answer.text();
  return text === '' ? null : (JSON.parse(text) as T);
}

/** Mistakes are told by their line: the member's that stands there. */
function bodyText(body: object): string {
  return `{\n${Object.entries(body).filter(([, value]) => value !== undefined).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',\n')}\n}`;
}

/** What is wrong with a body by the member that it is about; the rest under ''. */
export function mistakesOf(error: ApiError, body: object): Record<string, string> {
  const members = Object.entries(body).filter(([, value]) => value !== undefined).map(([name]) => name);
  const found: Record<string, string> = {};
  for (const { message, line } of error.mistakes.length > 0 ? error.mistakes : [{ message: error.message }]) {
    const named = /^([a-z_]+): (.*)$/s.exec(message);
    const member = named?.[1] ?? (line === undefined ? undefined : members[line - 2]) ?? '';
    found[member] = found[member] === undefined ? (named?.[2] ?? message) : `${found[member]}; ${named?.[2] ?? message}`;
  }
  return found;
}

async function send(address: string, request: RequestInit): Promise<Response> {
  const key = sessionStorage.getItem(KEY);
  let answer: Response;
  try {
    answer = await fetch(address, { ...request, headers: { ...request.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) } });
  } catch (e) {
    if (request.signal?.aborted) throw e;
    throw new ApiError('the server cannot be reached', 0);
  }
  if (answer.ok) return answer;
  if (answer.status === 401) refused(key !== null);
  throw await errorOf(answer);
}

async function errorOf(answer: Response): Promise<ApiError> {
  const text = await answer.text().catch(() => '');
  try {
    const told = JSON.parse(text) as { error?: string; message?: string; position?: number; query?: string; mistakes?: Mistake[] };
    return new ApiError(told.message ?? told.error ?? answer.statusText, answer.status, told.position, told.query, told.mistakes);
  } catch {
    return new ApiError(text.slice(0, 500) || `${answer.status} ${answer.statusText}`, answer.status);
  }
}

export function isAbort(e: unknown): boolean {
  return e instanceof DOMException && e.name === 'AbortError';
}
