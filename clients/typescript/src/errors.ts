import type { DescMessage, MessageShape } from "@bufbuild/protobuf";
import { anyUnpack, type Duration } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";

import {
  BadRequestSchema,
  ErrorInfoSchema,
  QuotaFailureSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "./google/rpc/error_details_pb.js";
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

type FindDetails = <Desc extends DescMessage>(schema: Desc) => MessageShape<Desc>[];

/** A call, or one element of a batch, that failed. */
export class ArmoireError extends Error implements ErrorFacts {
  override readonly name = "ArmoireError";
  readonly reason: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly violations: readonly FieldViolation[];
  readonly quotas: readonly QuotaViolation[];
  readonly resource: Resource | undefined;
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
    this.quotas = facts.quotas;
    this.resource = facts.resource;
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
  const quotas = find(QuotaFailureSchema).flatMap((failure) => failure.violations);
  const resource = find(ResourceInfoSchema)[0];
  return {
    reason: info?.reason ?? "",
    metadata: info?.metadata ?? {},
    violations: violations.map(({ field, description }) => ({ field, description })),
    quotas: quotas.map(({ subject, description }) => ({ subject, description })),
    resource: resource && { type: resource.resourceType, name: resource.resourceName },
    retryAfterMs: delay && milliseconds(delay),
    requestId,
  };
}

function milliseconds({ seconds, nanos }: Duration): number {
  return Number(seconds) * 1e3 + nanos / 1e6;
}
