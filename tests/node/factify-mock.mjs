// Starts factify-mock as a process of its own, and makes a world for each test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Resolves when the mock accepts connections: its ready line, and `stop`, which resolves to its exit code. */
export async function startMock(...options) {
  const command = process.env.FACTIFY_MOCK ?? "factify-mock";
  // Its standard input is a pipe from us, so that it does not outlive a test run that is killed.
  const ours = ["--port", "0", "--format", "json", "--until-stdin-ends"];
  const mock = spawn(command, ["serve", ...ours, ...options], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(mock, "exit");
  const [line] = await Promise.race([
    once(createInterface({ input: mock.stdout }), "line"),
    ended.then(([code]) => Promise.reject(new Error(`factify-mock ended with exit code ${code}`))),
  ]);
  return {
    ...JSON.parse(line),
    stop: async () => {
      mock.kill("SIGTERM");
      return (await ended)[0];
    },
  };
}

/** A world that nobody else uses, with `call` for the API and `control` for what the API itself cannot do. */
export async function newWorld(mock, options = {}) {
  const { world } = await json(`${mock.control_url}/worlds`, { method: "POST", body: options });
  const mine = `${mock.control_url}/worlds/${world.id}`;
  return {
    ...world,
    call: (token, method, path, body) => send(`${mock.url}/v1beta${path}`, { token, method, body }),
    control: (method, path, body) => json(`${mine}${path}`, { method, body }),
    close: () => json(mine, { method: "DELETE" }),
  };
}

async function send(url, { token, method, body }) {
  const headers = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  const isForm = body instanceof FormData;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, body: body && !isForm ? JSON.stringify(body) : body });
  return { status: answer.status, body: await answer.json() };
}

async function json(url, request) {
  const { status, body } = await send(url, request);
  if (status !== 200) throw new Error(`${request.method} ${url}: ${status} ${body.message}`);
  return body;
}
