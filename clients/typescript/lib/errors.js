import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { BadRequestSchema, ErrorInfoSchema, QuotaFailureSchema, ResourceInfoSchema, RetryInfoSchema, } from "./google/rpc/error_details_pb.js";
/** A call, or one element of a batch, that failed. */
export class ArmoireError extends Error {
    code;
    name = "ArmoireError";
    reason;
    metadata;
    violations;
    quotas;
    resource;
    retryAfterMs;
    requestId;
    constructor(message, code, facts, cause) {
        super(message, { cause });
        this.code = code;
        this.reason = facts.reason;
        this.metadata = facts.metadata;
        this.violations = facts.violations;
        this.quotas = facts.quotas;
        this.resource = facts.resource;
        this.retryAfterMs = facts.retryAfterMs;
        this.requestId = facts.requestId;
    }
    /** Reads whatever a call threw. An aborted call has the code Canceled, anything unexpected the code Unknown. */
    static from(error) {
        if (error instanceof ArmoireError)
            return error;
        const failure = ConnectError.from(error);
        const requestId = failure.metadata.get("x-request-id") ?? undefined;
        const facts = readFacts((schema) => failure.findDetails(schema), requestId);
        return new ArmoireError(failure.rawMessage, failure.code, facts, error);
    }
    /** Reads the status that stands in place of an element's result, such as one photo's of Analyze. */
    static fromStatus(status) {
        const find = (schema) => status.details.map((detail) => anyUnpack(detail, schema)).filter((detail) => detail !== undefined);
        return new ArmoireError(status.message, status.code, readFacts(find, undefined));
    }
}
function readFacts(find, requestId) {
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
function milliseconds({ seconds, nanos }) {
    return Number(seconds) * 1e3 + nanos / 1e6;
}
