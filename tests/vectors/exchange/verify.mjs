// SPDX-License-Identifier: Apache-2.0
// Verifies the vectors in another language, after docs/reference/wire.md alone: frames, HPKE
// (RFC 9180, base mode), AES-256-GCM, segments, DSSE, canonical JSON (RFC 8785), evidences, card
// and cosignature. `node verify.mjs [folder]` prints a line for each, and fails at the first that
// does not hold. Nothing but node's own modules is used.

import assert from "node:assert/strict";
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2] ?? path.dirname(fileURLToPath(import.meta.url));
const read = (name) => readFileSync(path.join(folder, name));
const expected = JSON.parse(read("vectors.json"));
const verified = (name) => console.log(`verified: ${name}`);
const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const hex = (bytes) => Buffer.from(bytes).toString("hex");

// --- keys -----------------------------------------------------------------------------------

const PKCS8 = { ed25519: "302e020100300506032b657004220420", x25519: "302e020100300506032b656e04220420" };
const SPKI = { ed25519: "302a300506032b6570032100", x25519: "302a300506032b656e032100" };

function privateKey(kind, seed) {
  const der = Buffer.concat([Buffer.from(PKCS8[kind], "hex"), seed]);
  return crypto.createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

function publicKey(kind, raw) {
  const der = Buffer.concat([Buffer.from(SPKI[kind], "hex"), raw]);
  return crypto.createPublicKey({ key: der, format: "der", type: "spki" });
}

const spki = (key) => key.export({ format: "der", type: "spki" });
const keyId = (key) => hex(sha256(spki(key))).slice(0, 16);
const keyOf = (name, kind = "ed25519") => privateKey(kind, Buffer.from(expected.seeds[name], "hex"));
const publicOf = (name, kind) => crypto.createPublicKey(keyOf(name, kind));

// --- canonical JSON (RFC 8785): JavaScript's own numbers, texts and order are its definition ---

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

function readCanonical(bytes) {
  const value = JSON.parse(bytes.toString("utf8"));
  assert.equal(canonical(value), bytes.toString("utf8"), "canonical JSON");
  return value;
}

// --- DSSE -----------------------------------------------------------------------------------

function verifyDocument(bytes, type, keys) {
  const document = readCanonical(bytes);
  assert.equal(document.payloadType, type);
  const payload = Buffer.from(document.payload, "base64");
  assert.equal(payload.toString("base64"), document.payload, "one spelling of base64");
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `),
    payload,
  ]);
  for (const key of keys) {
    const signature = document.signatures.find((candidate) => candidate.keyid === keyId(key));
    assert.ok(signature, "a signature under the key's name");
    assert.ok(crypto.verify(null, signed, key, Buffer.from(signature.sig, "base64")), "signature");
  }
  return { payload, value: readCanonical(payload) };
}

// --- HPKE: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; base mode, one message --------

const KEM = Buffer.from("KEM\x00\x20", "latin1");
const HPKE = Buffer.from("HPKE\x00\x20\x00\x01\x00\x02", "latin1");
const hmac = (key, bytes) => crypto.createHmac("sha256", key).update(bytes).digest();

function extract(salt, suite, label, given) {
  return hmac(salt, Buffer.concat([Buffer.from("HPKE-v1"), suite, Buffer.from(label), given]));
}

function expand(key, suite, label, given, length) {
  const start = Buffer.from([length >> 8, length & 255]);
  const info = Buffer.concat([start, Buffer.from("HPKE-v1"), suite, Buffer.from(label), given]);
  return hmac(key, Buffer.concat([info, Buffer.from([1])])).subarray(0, length);
}

function hpkeOpen(recipient, sealed, info) {
  const encapsulated = sealed.subarray(0, 32);
  const shared = crypto.diffieHellman({
    privateKey: recipient,
    publicKey: publicKey("x25519", encapsulated),
  });
  const own = spki(crypto.createPublicKey(recipient)).subarray(-32);
  const none = Buffer.alloc(0);
  const early = extract(none, KEM, "eae_prk", shared);
  const secret = expand(early, KEM, "shared_secret", Buffer.concat([encapsulated, own]), 32);
  const context = Buffer.concat([
    Buffer.from([0]),
    extract(none, HPKE, "psk_id_hash", none),
    extract(none, HPKE, "info_hash", info),
  ]);
  const scheduled = extract(secret, HPKE, "secret", none);
  const key = expand(scheduled, HPKE, "key", context, 32);
  const nonce = expand(scheduled, HPKE, "base_nonce", context, 12);
  return gcmOpen(key, nonce, sealed.subarray(32), none);
}

function gcmOpen(key, nonce, sealed, boundTo) {
  const cipher = crypto.createDecipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(boundTo);
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

// --- sealed frames ----------------------------------------------------------------------------

function openFrame(frame, recipient) {
  assert.deepEqual(frame.subarray(0, 16), Buffer.from("COMITY-FRAME\r\n\x1a\n", "latin1"), "magic");
  const lengths = [16, 20, 24].map((at) => frame.readUInt32BE(at));
  assert.equal(frame.length, 28 + lengths[0] + lengths[1] + lengths[2], "length");
  const header = frame.subarray(28, 28 + lengths[0]);
  const wrapped = frame.subarray(28 + lengths[0], 28 + lengths[0] + lengths[1]);
  const members = readCanonical(header);
  assert.equal(members.suite, "X25519-HKDF-SHA256-AES256GCM");
  assert.equal(members.key, keyId(crypto.createPublicKey(recipient)));
  const info = Buffer.concat([Buffer.from("COMITY-FRAME-KEYS/1\n"), header]);
  const keys = hpkeOpen(recipient, wrapped, info);
  assert.equal(keys.length, 32 * (1 + members.parts), "number of keys");
  const sealed = frame.subarray(28 + lengths[0] + lengths[1]);
  const document = gcmOpen(keys.subarray(0, 32), Buffer.alloc(12), sealed, header);
  const partKeys = [];
  for (let at = 32; at < keys.length; at += 32) partKeys.push(keys.subarray(at, at + 32));
  return { header: members, document, partKeys };
}

// --- parts: AES-256-GCM in segments of 1 MiB ----------------------------------------------------

const SEGMENT = 1024 * 1024;
const PART = Buffer.from("COMITY-PART/1");

function segmentNonce(number, final) {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(number, 7);
  nonce[11] = final ? 1 : 0;
  return nonce;
}

function openSegments(sealed, key) {
  const pieces = [];
  for (let at = 0, number = 0; at < sealed.length; at += SEGMENT + 16, number += 1) {
    const piece = sealed.subarray(at, at + SEGMENT + 16);
    const final = at + piece.length === sealed.length;
    pieces.push(gcmOpen(key, segmentNonce(number, final), piece, PART));
  }
  return Buffer.concat(pieces);
}

function sealSegments(plain, key) {
  const pieces = [];
  const count = Math.max(1, Math.ceil(plain.length / SEGMENT));
  for (let number = 0; number < count; number += 1) {
    const nonce = segmentNonce(number, number === count - 1);
    const cipher = crypto.createCipheriv("aes-256-gcm", key, nonce);
    cipher.setAAD(PART);
    const piece = plain.subarray(number * SEGMENT, (number + 1) * SEGMENT);
    pieces.push(cipher.update(piece), cipher.final(), cipher.getAuthTag());
  }
  return Buffer.concat(pieces);
}

// --- cosigned checkpoints (C2SP signed-note, tlog-checkpoint, tlog-cosignature) -------------------

function noteKeyId(name, kind, key) {
  const raw = spki(key).subarray(-32);
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([kind]), raw])).subarray(0, 4);
}

function noteSignature(note, name, kind, key) {
  const id = noteKeyId(name, kind, key);
  for (const line of note.slice(note.lastIndexOf("\n\n") + 2).split("\n")) {
    if (!line.startsWith(`— ${name} `)) continue;
    const body = Buffer.from(line.slice(`— ${name} `.length), "base64");
    if (body.subarray(0, 4).equals(id)) return body.subarray(4);
  }
  throw new Error(`no signature of ${name}`);
}

function verifyCosigned(note) {
  const text = note.slice(0, note.lastIndexOf("\n\n") + 1);
  const { origin, witness, time } = expected.cosigned;
  assert.equal(text.split("\n")[0], origin);
  const logKey = publicOf("northland-journal");
  const signature = noteSignature(note, origin, 1, logKey);
  assert.ok(crypto.verify(null, Buffer.from(text), logKey, signature), "the log's signature");
  const witnessKey = publicOf("southland-journal");
  const cosignature = noteSignature(note, witness, 4, witnessKey);
  assert.equal(cosignature.readBigUInt64BE(0), BigInt(time));
  const cosigned = Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
  assert.ok(crypto.verify(null, cosigned, witnessKey, cosignature.subarray(8)), "cosignature");
}

// --- HTTP message signatures (RFC 9421), label "comity" ---------------------------------------------

function verifyHttp(message, key, request) {
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const given = /^comity=(\(([^)]*)\);.*)$/.exec(headers["signature-input"]);
  const parameters = given[1];
  assert.ok(parameters.includes(`keyid="${keyId(key)}"`), "key id");
  const lines = given[2].split(" ").map((component) => {
    const [name, ...flags] = component.split(";");
    const source = flags.includes("req") ? request : message;
    return `${component}: ${componentValue(JSON.parse(name), source)}`;
  });
  const base = [...lines, `"@signature-params": ${parameters}`].join("\n");
  const signature = Buffer.from(/^comity=:(.*):$/.exec(headers.signature)[1], "base64");
  assert.ok(crypto.verify(null, Buffer.from(base), key, signature), "HTTP signature");
  const digest = sha256(Buffer.from(message.body)).toString("base64");
  assert.equal(headers["content-digest"], `sha-256=:${digest}:`);
  return given[2].split(" ");
}

function componentValue(name, source) {
  if (name === "@method") return source.method;
  if (name === "@target-uri") return source.url;
  if (name === "@authority") return new URL(source.url).host;
  if (name === "@status") return String(source.status);
  const found = Object.entries(source.headers).find(([header]) => header.toLowerCase() === name);
  if (name === "signature") return /^comity=(:.*:)$/.exec(found[1])[1];
  return found[1];
}

// --- the vectors ----------------------------------------------------------------------------------

const ENVELOPE = "application/vnd.comity.envelope+json";
const EVIDENCE = "application/vnd.comity.evidence+json";
const recipient = keyOf("southland-encryption", "x25519");
assert.equal(keyId(crypto.createPublicKey(recipient)), expected.recipient_key);

let current;
for (const wire of [2, 1]) {
  const opened = openFrame(read(`envelope-${wire}.frame`), recipient);
  assert.deepEqual(opened.document, read(`envelope-${wire}.json`));
  const signers = [publicOf("northland-envelope"), publicOf("official")];
  const { payload, value } = verifyDocument(opened.document, ENVELOPE, signers);
  assert.equal(hex(sha256(payload)), expected.envelope_digests[wire]);
  assert.equal(value.wire, wire);
  assert.equal("log" in value, wire > 1);
  assert.equal(opened.header.wire, wire);
  assert.deepEqual(
    [opened.header.message, opened.header.sender, opened.header.recipient, opened.header.type],
    [value.header.id, value.header.sender, value.header.recipient, ENVELOPE],
  );
  assert.equal(value.header.id, expected.message);
  assert.equal(opened.partKeys.length, value.parts.length);
  opened.partKeys.forEach((key, number) => {
    assert.equal(hex(key), expected.parts[number].content_key);
    assert.equal(value.parts[number].digest, expected.parts[number].digest);
  });
  if (wire === 2) current = value;
  verified(`envelope-${wire}.frame`);
}

for (const part of expected.parts) {
  const key = Buffer.from(part.content_key, "hex");
  if (part.name === "long") {
    const plain = Buffer.from(Uint8Array.from({ length: part.size }, (_, at) => at % 251));
    const sealed = sealSegments(plain, key);
    assert.equal(hex(sha256(sealed)), part.sealed_digest);
    assert.deepEqual(openSegments(sealed, key), plain);
    assert.throws(() => openSegments(sealed.subarray(0, SEGMENT + 16), key), "cut off");
  } else {
    const plain = openSegments(read(`part-${part.name}.segments`), key);
    assert.equal(plain.length, part.size);
    assert.equal(hex(sha256(plain)), part.digest);
  }
  verified(`part ${part.name}`);
}

const southland = [publicOf("southland-envelope")];
const receipt = verifyDocument(read("receipt.json"), EVIDENCE, southland).value;
assert.equal(receipt.kind, "relayed");
assert.equal(receipt.envelope, expected.envelope_digests[2]);
assert.deepEqual(receipt.parts, current.parts.map((part) => part.digest));
verifyCosigned(receipt.witness);
verified("receipt.json");

const refusal = verifyDocument(read("refusal.json"), EVIDENCE, southland).value;
assert.deepEqual([refusal.kind, refusal.reason.code], ["refused", "legal-basis-differs"]);
verified("refusal.json");

const identity = publicOf("northland-identity");
const card = verifyDocument(read("card.json"), "application/vnd.comity.partner-card+json", [identity]);
const listed = card.value.keys.find((key) => key.use === "identity");
assert.equal(keyId(crypto.createPublicKey(listed.public)), listed.key);
assert.equal(listed.key, keyId(identity));
let number = BigInt(`0x${hex(sha256(card.payload))}`) >> 156n;
let letters = "";
for (let count = 0; count < 20; count += 1, number >>= 5n) {
  letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number(number & 31n)] + letters;
}
assert.equal(letters.match(/.{4}/g).join("-"), expected.card_fingerprint);
verified("card.json");

const taken = "application/vnd.comity.revocation+json";
const revocation = verifyDocument(read("revocation.json"), taken, [identity]).value;
assert.equal(revocation.key, keyId(publicOf("northland-envelope")));
verified("revocation.json");

verifyCosigned(read("cosigned-checkpoint.txt").toString("utf8"));
verified("cosigned-checkpoint.txt");

const http = JSON.parse(read("http-signatures.json"));
assert.deepEqual(verifyHttp(http.request, publicOf("northland-envelope")), [
  '"@method"', '"@target-uri"', '"@authority"', '"content-type"', '"content-digest"',
]);
assert.deepEqual(verifyHttp(http.answer, publicOf("southland-envelope"), http.request), [
  '"@status"', '"content-type"', '"@method";req', '"@target-uri";req',
  '"signature";req;key="comity"', '"content-digest"',
]);
verified("http-signatures.json");
