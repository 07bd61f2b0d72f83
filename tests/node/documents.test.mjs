// A client in plain JavaScript against the mock: no dependency, only what Node brings along.

import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, describe, test } from "node:test";

import { newWorld, startMock } from "./factify-mock.mjs";

const pdf = (text) => new Blob([`%PDF-1.7 ${text}`], { type: "application/pdf" });

function form(fields) {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) made.append(name, value, "lease.pdf");
    else made.append(name, value);
  }
  return made;
}

describe("a document and the people around it", () => {
  let mock, world;

  before(async () => { mock = await startMock("--strict"); });
  after(async () => { assert.equal(await mock.stop(), 0); });
  beforeEach(async () => { world = await newWorld(mock); });
  afterEach(async () => { await world.close(); });

  async function upload(title) {
    const { status, body } = await world.call(
      world.owner.token, "POST", "/documents", form({ title, access_level: "private", payload: pdf(title) }),
    );
    assert.equal(status, 200, JSON.stringify(body));
    return body.document;
  }

  test("a new version becomes the current one", async () => {
    const document = await upload("Lease");
    const version = await world.call(
      world.owner.token, "POST", `/documents/${document.id}/versions`, form({ payload: pdf("Lease, signed") }),
    );
    assert.equal(version.status, 200);

    const seen = await world.call(world.owner.token, "GET", `/documents/${document.id}`);
    assert.equal(seen.body.document.current_version.id, version.body.id);
    const versions = await world.call(world.owner.token, "GET", `/documents/${document.id}/versions`);
    assert.deepEqual(
      versions.body.items.map(({ id }) => id).sort(), [document.current_version.id, version.body.id].sort(),
    );
  });

  test("a private document is read by whom it is shared with, and by nobody else", async () => {
    const document = await upload("Lease");
    const before = await world.call(world.outsider.token, "GET", `/documents/${document.id}`);
    assert.ok([403, 404].includes(before.status));

    const shared = await world.call(world.owner.token, "POST", `/documents/${document.id}/share`, {
      recipients: [{ recipient: world.outsider.user_id, role: "viewer" }],
    });
    assert.equal(shared.body.successful, 1);

    const after = await world.call(world.outsider.token, "GET", `/documents/${document.id}`);
    assert.equal(after.body.document.title, "Lease");
    const member = await world.call(world.invitee.token, "GET", `/documents/${document.id}`);
    assert.ok([403, 404].includes(member.status));
  });

  async function invite() {
    const { status } = await world.call(
      world.owner.token, "POST", `/organizations/${world.organization_id}/invites`, { email: world.invitee.email },
    );
    assert.equal(status, 200);
    const { messages } = await world.control("GET", `/outbox?to=${encodeURIComponent(world.invitee.email)}`);
    return messages.at(-1).token;
  }

  test("the token in the mail lets the invitee in", async () => {
    const token = await invite();
    const accepted = await world.call(
      world.invitee.token, "POST", `/organizations/${world.organization_id}/invites/accept`, { token },
    );
    assert.equal(accepted.status, 200);
    assert.equal(accepted.body.organization.id, world.organization_id);

    const me = await world.call(world.invitee.token, "GET", "/me");
    assert.ok(me.body.organizations.some(({ id }) => id === world.organization_id));
  });

  test("after eight days it does not", async () => {
    const token = await invite();
    await world.control("POST", "/clock/advance", { days: 8 });
    const accepted = await world.call(
      world.invitee.token, "POST", `/organizations/${world.organization_id}/invites/accept`, { token },
    );
    assert.equal(accepted.status, 404);
    assert.equal(accepted.body.code, "not_found");
  });

  test("worlds do not meet", async () => {
    const document = await upload("Lease");
    const elsewhere = await newWorld(mock);
    const { status } = await elsewhere.call(elsewhere.owner.token, "GET", `/documents/${document.id}`);
    assert.equal(status, 404);
    const list = await elsewhere.call(elsewhere.owner.token, "GET", "/documents");
    assert.deepEqual(list.body.items, []);
    await elsewhere.close();
  });
});
