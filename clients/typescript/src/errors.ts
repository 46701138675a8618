import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { anyUnpack, type Duration } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";

import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from "./google/rpc/error_details_pb.js";
import type { Status } from "./google/rpc/status_pb.js";

/** A field that was refused, such as "images[0].content", and why. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

/** What an error says beside its code and message. */
export interface ErrorFacts {
  /** A stable word, such as "TOO_LARGE"; empty where the error is not the server's. */
  readonly reason: string;
  /** What the reason is about, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  /** When to try again; undefined where the server names no time. */
  readonly retryAfterMs: number | undefined;
  /** The id of the call in the server's log; undefined where no server answered. */
  readonly requestId: string | undefined;
}

type FindDetails = <Desc extends DescMessage>(schema: Desc) => MessageShape<Desc>[];

/** A call, or one element of a batch, that failed. */
export class ArmoireError extends Error implements ErrorFacts {
  override readonly name = "ArmoireError";
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  readonly retryAfterMs: number | undefined;
  readonly requestId: string | undefined;

  private constructor(
    message: string,
    readonly code: Code,
    facts: ErrorFacts,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.reason = facts.reason;
    this.metadata = facts.metadata;
    this.violations = facts.violations;
    this.retryAfterMs = facts.retryAfterMs;
    this.requestId = facts.requestId;
  }

  /** Reads whatever a call threw. An aborted call has the code Canceled, anything unexpected the code Unknown. */
  static from(error: unknown): ArmoireError {
    if (error instanceof ArmoireError) return error;
    const failure = ConnectError.from(error);
    const requestId = failure.metadata.get("x-request-id") ?? undefined;
    const facts = readFacts((schema) => failure.findDetails(schema), requestId);
    return new ArmoireError(failure.rawMessage, failure.code, facts, error);
  }

  /** Reads the status that stands in place of an element's result, such as one photo's of Analyze. */
  static fromStatus(status: Status): ArmoireError {
    const find: FindDetails = (schema) =>
      status.details.map((detail) => anyUnpack(detail, schema)).filter((detail) => detail !== undefined);
    return new ArmoireError(status.message, status.code, readFacts(find, undefined));
  }
}

function readFacts(find: FindDetails, requestId: string | undefined): ErrorFacts {
  const info = find(ErrorInfoSchema)[0];
  const delay = find(RetryInfoSchema)[0]?.retryDelay;
  const violations = find(BadRequestSchema).flatMap((request) => request.fieldViolations);
  return {
    reason: info?.reason ?? "",
    metadata: info?.metadata ?? {},
    violations: violations.map(({ field, description }) => ({ field, description })),
    retryAfterMs: delay && milliseconds(delay),
    requestId,
  };
}

function milliseconds({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1e3 + nanos / 1e6;
}
