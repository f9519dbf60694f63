import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** 128 random bits as 22 characters of base64url. */
export const newToken = (): string => randomBytes(16).toString("base64url");

/** Are they the same? Takes as long whatever they are: of digests, so that lengths tell nothing either. */
export const sameToken = (said: string, token: string): boolean => timingSafeEqual(digest(said), digest(token));

/** The name of a file's content: SHA-256 as base64url. */
export const hashOf = (content: Uint8Array | string): string => createHash("sha256").update(content).digest("base64url");

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
