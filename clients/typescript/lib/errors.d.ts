import { Code } from "@connectrpc/connect";
import type { Status } from "./google/rpc/status_pb.js";
/** A field that was refused, such as "images[0].content", and why. */
export interface FieldViolation {
    readonly field: string;
    readonly description: string;
}
/** A quota that is used up, and whose it is, such as "tenants/shop". */
export interface QuotaViolation {
    readonly subject: string;
    readonly description: string;
}
/** What an error is about: a type such as "product", and its id or name. */
export interface Resource {
    readonly type: string;
    readonly name: string;
}
/** What an error says beside its code and message. */
export interface ErrorFacts {
    /** A stable word, such as "TOO_LARGE"; empty where the error is not the server's. */
    readonly reason: string;
    /** What the reason is about, by name. */
    readonly metadata: Readonly<Record<string, string>>;
    readonly violations: readonly FieldViolation[];
    readonly quotas: readonly QuotaViolation[];
    /** Undefined where the error is not about a single thing. */
    readonly resource: Resource | undefined;
    /** When to try again; undefined where the server names no time. */
    readonly retryAfterMs: number | undefined;
    /** The id of the call in the server's log; undefined where no server answered. */
    readonly requestId: string | undefined;
}
/** A call, or one element of a batch, that failed. */
export declare class ArmoireError extends Error implements ErrorFacts {
    readonly code: Code;
    readonly name = "ArmoireError";
    readonly reason: string;
    readonly metadata: Readonly<Record<string, string>>;
    readonly violations: readonly FieldViolation[];
    readonly quotas: readonly QuotaViolation[];
    readonly resource: Resource | undefined;
    readonly retryAfterMs: number | undefined;
    readonly requestId: string | undefined;
    private constructor();
    /** Reads whatever a call threw. An aborted call has the code Canceled, anything unexpected the code Unknown. */
    static from(error: unknown): ArmoireError;
    /** Reads the status that stands in place of an element's result, such as one photo's of Analyze. */
    static fromStatus(status: Status): ArmoireError;
}
