// The client and the packages it needs in one module. Their licences are in LICENSES.txt.

// node_modules/@connectrpc/connect/dist/esm/code.js
var Code;
(function(Code2) {
  Code2[Code2["Canceled"] = 1] = "Canceled";
  Code2[Code2["Unknown"] = 2] = "Unknown";
  Code2[Code2["InvalidArgument"] = 3] = "InvalidArgument";
  Code2[Code2["DeadlineExceeded"] = 4] = "DeadlineExceeded";
  Code2[Code2["NotFound"] = 5] = "NotFound";
  Code2[Code2["AlreadyExists"] = 6] = "AlreadyExists";
  Code2[Code2["PermissionDenied"] = 7] = "PermissionDenied";
  Code2[Code2["ResourceExhausted"] = 8] = "ResourceExhausted";
  Code2[Code2["FailedPrecondition"] = 9] = "FailedPrecondition";
  Code2[Code2["Aborted"] = 10] = "Aborted";
  Code2[Code2["OutOfRange"] = 11] = "OutOfRange";
  Code2[Code2["Unimplemented"] = 12] = "Unimplemented";
  Code2[Code2["Internal"] = 13] = "Internal";
  Code2[Code2["Unavailable"] = 14] = "Unavailable";
  Code2[Code2["DataLoss"] = 15] = "DataLoss";
  Code2[Code2["Unauthenticated"] = 16] = "Unauthenticated";
})(Code || (Code = {}));

// node_modules/@bufbuild/protobuf/dist/esm/is-message.js
function isMessage(arg, schema) {
  const isMessage2 = arg !== null && typeof arg == "object" && "$typeName" in arg && typeof arg.$typeName == "string";
  if (!isMessage2) {
    return false;
  }
  if (schema === void 0) {
    return true;
  }
  return schema.typeName === arg.$typeName;
}

// node_modules/@bufbuild/protobuf/dist/esm/descriptors.js
var ScalarType;
(function(ScalarType2) {
  ScalarType2[ScalarType2["DOUBLE"] = 1] = "DOUBLE";
  ScalarType2[ScalarType2["FLOAT"] = 2] = "FLOAT";
  ScalarType2[ScalarType2["INT64"] = 3] = "INT64";
  ScalarType2[ScalarType2["UINT64"] = 4] = "UINT64";
  ScalarType2[ScalarType2["INT32"] = 5] = "INT32";
  ScalarType2[ScalarType2["FIXED64"] = 6] = "FIXED64";
  ScalarType2[ScalarType2["FIXED32"] = 7] = "FIXED32";
  ScalarType2[ScalarType2["BOOL"] = 8] = "BOOL";
  ScalarType2[ScalarType2["STRING"] = 9] = "STRING";
  ScalarType2[ScalarType2["BYTES"] = 12] = "BYTES";
  ScalarType2[ScalarType2["UINT32"] = 13] = "UINT32";
  ScalarType2[ScalarType2["SFIXED32"] = 15] = "SFIXED32";
  ScalarType2[ScalarType2["SFIXED64"] = 16] = "SFIXED64";
  ScalarType2[ScalarType2["SINT32"] = 17] = "SINT32";
  ScalarType2[ScalarType2["SINT64"] = 18] = "SINT64";
})(ScalarType || (ScalarType = {}));

// node_modules/@bufbuild/protobuf/dist/esm/wire/varint.js
function varint64read() {
  let lowBits = 0;
  let highBits = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    let b = this.buf[this.pos++];
    lowBits |= (b & 127) << shift;
    if ((b & 128) == 0) {
      this.assertBounds();
      return [lowBits, highBits];
    }
  }
  let middleByte = this.buf[this.pos++];
  lowBits |= (middleByte & 15) << 28;
  highBits = (middleByte & 112) >> 4;
  if ((middleByte & 128) == 0) {
    this.assertBounds();
    return [lowBits, highBits];
  }
  for (let shift = 3; shift <= 31; shift += 7) {
    let b = this.buf[this.pos++];
    highBits |= (b & 127) << shift;
    if ((b & 128) == 0) {
      this.assertBounds();
      return [lowBits, highBits];
    }
  }
  throw new Error("invalid varint");
}
function varint64write(lo, hi, bytes) {
  for (let i = 0; i < 28; i = i + 7) {
    const shift = lo >>> i;
    const hasNext = !(shift >>> 7 == 0 && hi == 0);
    const byte = (hasNext ? shift | 128 : shift) & 255;
    bytes.push(byte);
    if (!hasNext) {
      return;
    }
  }
  const splitBits = lo >>> 28 & 15 | (hi & 7) << 4;
  const hasMoreBits = !(hi >> 3 == 0);
  bytes.push((hasMoreBits ? splitBits | 128 : splitBits) & 255);
  if (!hasMoreBits) {
    return;
  }
  for (let i = 3; i < 31; i = i + 7) {
    const shift = hi >>> i;
    const hasNext = !(shift >>> 7 == 0);
    const byte = (hasNext ? shift | 128 : shift) & 255;
    bytes.push(byte);
    if (!hasNext) {
      return;
    }
  }
  bytes.push(hi >>> 31 & 1);
}
var TWO_PWR_32_DBL = 4294967296;
function int64FromString(dec) {
  const minus = dec[0] === "-";
  if (minus) {
    dec = dec.slice(1);
  }
  const base = 1e6;
  let lowBits = 0;
  let highBits = 0;
  function add1e6digit(begin, end) {
    const digit1e6 = Number(dec.slice(begin, end));
    highBits *= base;
    lowBits = lowBits * base + digit1e6;
    if (lowBits >= TWO_PWR_32_DBL) {
      highBits = highBits + (lowBits / TWO_PWR_32_DBL | 0);
      lowBits = lowBits % TWO_PWR_32_DBL;
    }
  }
  add1e6digit(-24, -18);
  add1e6digit(-18, -12);
  add1e6digit(-12, -6);
  add1e6digit(-6);
  return minus ? negate(lowBits, highBits) : newBits(lowBits, highBits);
}
function int64ToString(lo, hi) {
  let bits = newBits(lo, hi);
  const negative = bits.hi & 2147483648;
  if (negative) {
    bits = negate(bits.lo, bits.hi);
  }
  const result = uInt64ToString(bits.lo, bits.hi);
  return negative ? "-" + result : result;
}
function uInt64ToString(lo, hi) {
  ({ lo, hi } = toUnsigned(lo, hi));
  if (hi <= 2097151) {
    return String(TWO_PWR_32_DBL * hi + lo);
  }
  const low = lo & 16777215;
  const mid = (lo >>> 24 | hi << 8) & 16777215;
  const high = hi >> 16 & 65535;
  let digitA = low + mid * 6777216 + high * 6710656;
  let digitB = mid + high * 8147497;
  let digitC = high * 2;
  const base = 1e7;
  if (digitA >= base) {
    digitB += Math.floor(digitA / base);
    digitA %= base;
  }
  if (digitB >= base) {
    digitC += Math.floor(digitB / base);
    digitB %= base;
  }
  return digitC.toString() + decimalFrom1e7WithLeadingZeros(digitB) + decimalFrom1e7WithLeadingZeros(digitA);
}
function toUnsigned(lo, hi) {
  return { lo: lo >>> 0, hi: hi >>> 0 };
}
function newBits(lo, hi) {
  return { lo: lo | 0, hi: hi | 0 };
}
function negate(lowBits, highBits) {
  highBits = ~highBits;
  if (lowBits) {
    lowBits = ~lowBits + 1;
  } else {
    highBits += 1;
  }
  return newBits(lowBits, highBits);
}
var decimalFrom1e7WithLeadingZeros = (digit1e7) => {
  const partial = String(digit1e7);
  return "0000000".slice(partial.length) + partial;
};
function varint32write(value, bytes) {
  if (value >= 0) {
    while (value > 127) {
      bytes.push(value & 127 | 128);
      value = value >>> 7;
    }
    bytes.push(value);
  } else {
    for (let i = 0; i < 9; i++) {
      bytes.push(value & 127 | 128);
      value = value >> 7;
    }
    bytes.push(1);
  }
}
function varint32read() {
  let b = this.buf[this.pos++];
  let result = b & 127;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 7;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 14;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 21;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 15) << 28;
  for (let readBytes2 = 5; (b & 128) !== 0 && readBytes2 < 10; readBytes2++)
    b = this.buf[this.pos++];
  if ((b & 128) != 0)
    throw new Error("invalid varint");
  this.assertBounds();
  return result >>> 0;
}

// node_modules/@bufbuild/protobuf/dist/esm/proto-int64.js
var protoInt64 = /* @__PURE__ */ makeInt64Support();
function makeInt64Support() {
  const dv = new DataView(new ArrayBuffer(8));
  const ok = typeof BigInt === "function" && typeof dv.getBigInt64 === "function" && typeof dv.getBigUint64 === "function" && typeof dv.setBigInt64 === "function" && typeof dv.setBigUint64 === "function" && (typeof process != "object" || typeof process.env != "object" || process.env.BUF_BIGINT_DISABLE !== "1");
  if (ok) {
    const MIN = BigInt("-9223372036854775808");
    const MAX = BigInt("9223372036854775807");
    const UMIN = BigInt("0");
    const UMAX = BigInt("18446744073709551615");
    return {
      zero: BigInt(0),
      supported: true,
      parse(value) {
        const bi = typeof value == "bigint" ? value : BigInt(value);
        if (bi > MAX || bi < MIN) {
          throw new Error(`invalid int64: ${value}`);
        }
        return bi;
      },
      uParse(value) {
        const bi = typeof value == "bigint" ? value : BigInt(value);
        if (bi > UMAX || bi < UMIN) {
          throw new Error(`invalid uint64: ${value}`);
        }
        return bi;
      },
      enc(value) {
        dv.setBigInt64(0, this.parse(value), true);
        return {
          lo: dv.getInt32(0, true),
          hi: dv.getInt32(4, true)
        };
      },
      uEnc(value) {
        dv.setBigInt64(0, this.uParse(value), true);
        return {
          lo: dv.getInt32(0, true),
          hi: dv.getInt32(4, true)
        };
      },
      dec(lo, hi) {
        dv.setInt32(0, lo, true);
        dv.setInt32(4, hi, true);
        return dv.getBigInt64(0, true);
      },
      uDec(lo, hi) {
        dv.setInt32(0, lo, true);
        dv.setInt32(4, hi, true);
        return dv.getBigUint64(0, true);
      }
    };
  }
  return {
    zero: "0",
    supported: false,
    parse(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertInt64String(value);
      return value;
    },
    uParse(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertUInt64String(value);
      return value;
    },
    enc(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertInt64String(value);
      return int64FromString(value);
    },
    uEnc(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertUInt64String(value);
      return int64FromString(value);
    },
    dec(lo, hi) {
      return int64ToString(lo, hi);
    },
    uDec(lo, hi) {
      return uInt64ToString(lo, hi);
    }
  };
}
function assertInt64String(value) {
  if (!/^-?[0-9]+$/.test(value)) {
    throw new Error("invalid int64: " + value);
  }
}
function assertUInt64String(value) {
  if (!/^[0-9]+$/.test(value)) {
    throw new Error("invalid uint64: " + value);
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/scalar.js
function scalarZeroValue(type, longAsString) {
  switch (type) {
    case ScalarType.STRING:
      return "";
    case ScalarType.BOOL:
      return false;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 0;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SFIXED64:
    case ScalarType.FIXED64:
    case ScalarType.SINT64:
      return longAsString ? "0" : protoInt64.zero;
    case ScalarType.BYTES:
      return new Uint8Array(0);
    default:
      return 0;
  }
}
function isScalarZeroValue(type, value) {
  switch (type) {
    case ScalarType.BOOL:
      return value === false;
    case ScalarType.STRING:
      return value === "";
    case ScalarType.BYTES:
      return value instanceof Uint8Array && !value.byteLength;
    default:
      return value == 0;
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/unsafe.js
var IMPLICIT = 2;
var unsafeLocal = Symbol.for("reflect unsafe local");
function unsafeOneofCase(target, oneof) {
  const c = target[oneof.localName].case;
  if (c === void 0) {
    return c;
  }
  return oneof.fields.find((f) => f.localName === c);
}
function unsafeIsSet(target, field) {
  const name = field.localName;
  if (field.oneof) {
    return target[field.oneof.localName].case === name;
  }
  if (field.presence != IMPLICIT) {
    return target[name] !== void 0 && Object.prototype.hasOwnProperty.call(target, name);
  }
  switch (field.fieldKind) {
    case "list":
      return target[name].length > 0;
    case "map":
      return Object.keys(target[name]).length > 0;
    case "scalar":
      return !isScalarZeroValue(field.scalar, target[name]);
    case "enum":
      return target[name] !== field.enum.values[0].number;
  }
  throw new Error("message field with implicit presence");
}
function unsafeIsSetExplicit(target, localName) {
  return Object.prototype.hasOwnProperty.call(target, localName) && target[localName] !== void 0;
}
function unsafeGet(target, field) {
  if (field.oneof) {
    const oneof = target[field.oneof.localName];
    if (oneof.case === field.localName) {
      return oneof.value;
    }
    return void 0;
  }
  return target[field.localName];
}
function unsafeSet(target, field, value) {
  if (field.oneof) {
    target[field.oneof.localName] = {
      case: field.localName,
      value
    };
  } else {
    target[field.localName] = value;
  }
}
function unsafeClear(target, field) {
  const name = field.localName;
  if (field.oneof) {
    const oneofLocalName = field.oneof.localName;
    if (target[oneofLocalName].case === name) {
      target[oneofLocalName] = { case: void 0 };
    }
  } else if (field.presence != IMPLICIT) {
    delete target[name];
  } else {
    switch (field.fieldKind) {
      case "map":
        target[name] = {};
        break;
      case "list":
        target[name] = [];
        break;
      case "enum":
        target[name] = field.enum.values[0].number;
        break;
      case "scalar":
        target[name] = scalarZeroValue(field.scalar, field.longAsString);
        break;
    }
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/guard.js
function isObject(arg) {
  return arg !== null && typeof arg == "object" && !Array.isArray(arg);
}
function isReflectList(arg, field) {
  var _a, _b, _c, _d;
  if (isObject(arg) && unsafeLocal in arg && "add" in arg && "field" in arg && typeof arg.field == "function") {
    if (field !== void 0) {
      const a = field;
      const b = arg.field();
      return a.listKind == b.listKind && a.scalar === b.scalar && ((_a = a.message) === null || _a === void 0 ? void 0 : _a.typeName) === ((_b = b.message) === null || _b === void 0 ? void 0 : _b.typeName) && ((_c = a.enum) === null || _c === void 0 ? void 0 : _c.typeName) === ((_d = b.enum) === null || _d === void 0 ? void 0 : _d.typeName);
    }
    return true;
  }
  return false;
}
function isReflectMap(arg, field) {
  var _a, _b, _c, _d;
  if (isObject(arg) && unsafeLocal in arg && "has" in arg && "field" in arg && typeof arg.field == "function") {
    if (field !== void 0) {
      const a = field, b = arg.field();
      return a.mapKey === b.mapKey && a.mapKind == b.mapKind && a.scalar === b.scalar && ((_a = a.message) === null || _a === void 0 ? void 0 : _a.typeName) === ((_b = b.message) === null || _b === void 0 ? void 0 : _b.typeName) && ((_c = a.enum) === null || _c === void 0 ? void 0 : _c.typeName) === ((_d = b.enum) === null || _d === void 0 ? void 0 : _d.typeName);
    }
    return true;
  }
  return false;
}
function isReflectMessage(arg, messageDesc2) {
  return isObject(arg) && unsafeLocal in arg && "desc" in arg && isObject(arg.desc) && arg.desc.kind === "message" && (messageDesc2 === void 0 || arg.desc.typeName == messageDesc2.typeName);
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/wrappers.js
function isWrapper(arg) {
  return isWrapperTypeName(arg.$typeName);
}
function isWrapperDesc(messageDesc2) {
  const f = messageDesc2.fields[0];
  return isWrapperTypeName(messageDesc2.typeName) && f !== void 0 && f.fieldKind == "scalar" && f.name == "value" && f.number == 1;
}
function isWrapperTypeName(name) {
  return name.startsWith("google.protobuf.") && [
    "DoubleValue",
    "FloatValue",
    "Int64Value",
    "UInt64Value",
    "Int32Value",
    "UInt32Value",
    "BoolValue",
    "StringValue",
    "BytesValue"
  ].includes(name.substring(16));
}

// node_modules/@bufbuild/protobuf/dist/esm/create.js
var EDITION_PROTO3 = 999;
var EDITION_PROTO2 = 998;
var IMPLICIT2 = 2;
function create(schema, init) {
  if (isMessage(init, schema)) {
    return init;
  }
  const message = createZeroMessage(schema);
  if (init !== void 0) {
    initMessage(schema, message, init);
  }
  return message;
}
function initMessage(messageDesc2, message, init) {
  for (const member of messageDesc2.members) {
    let value = init[member.localName];
    if (value == null) {
      continue;
    }
    let field;
    if (member.kind == "oneof") {
      const oneofField = unsafeOneofCase(init, member);
      if (!oneofField) {
        continue;
      }
      field = oneofField;
      value = unsafeGet(init, oneofField);
    } else {
      field = member;
    }
    switch (field.fieldKind) {
      case "message":
        value = toMessage(field, value);
        break;
      case "scalar":
        value = initScalar(field, value);
        break;
      case "list":
        value = initList(field, value);
        break;
      case "map":
        value = initMap(field, value);
        break;
    }
    unsafeSet(message, field, value);
  }
  return message;
}
function initScalar(field, value) {
  if (field.scalar == ScalarType.BYTES) {
    return toU8Arr(value);
  }
  return value;
}
function initMap(field, value) {
  if (isObject(value)) {
    if (field.scalar == ScalarType.BYTES) {
      return convertObjectValues(value, toU8Arr);
    }
    if (field.mapKind == "message") {
      return convertObjectValues(value, (val) => toMessage(field, val));
    }
  }
  return value;
}
function initList(field, value) {
  if (Array.isArray(value)) {
    if (field.scalar == ScalarType.BYTES) {
      return value.map(toU8Arr);
    }
    if (field.listKind == "message") {
      return value.map((item) => toMessage(field, item));
    }
  }
  return value;
}
function toMessage(field, value) {
  if (field.fieldKind == "message" && !field.oneof && isWrapperDesc(field.message)) {
    return initScalar(field.message.fields[0], value);
  }
  if (isObject(value)) {
    if (field.message.typeName == "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value") {
      return value;
    }
    if (!isMessage(value, field.message)) {
      return create(field.message, value);
    }
  }
  return value;
}
function toU8Arr(value) {
  return Array.isArray(value) ? new Uint8Array(value) : value;
}
function convertObjectValues(obj, fn) {
  const ret = {};
  for (const entry of Object.entries(obj)) {
    ret[entry[0]] = fn(entry[1]);
  }
  return ret;
}
var tokenZeroMessageField = Symbol();
var messagePrototypes = /* @__PURE__ */ new WeakMap();
function createZeroMessage(desc) {
  let msg;
  if (!needsPrototypeChain(desc)) {
    msg = {
      $typeName: desc.typeName
    };
    for (const member of desc.members) {
      if (member.kind == "oneof" || member.presence == IMPLICIT2) {
        msg[member.localName] = createZeroField(member);
      }
    }
  } else {
    const cached = messagePrototypes.get(desc);
    let prototype;
    let members;
    if (cached) {
      ({ prototype, members } = cached);
    } else {
      prototype = {};
      members = /* @__PURE__ */ new Set();
      for (const member of desc.members) {
        if (member.kind == "oneof") {
          continue;
        }
        if (member.fieldKind != "scalar" && member.fieldKind != "enum") {
          continue;
        }
        if (member.presence == IMPLICIT2) {
          continue;
        }
        members.add(member);
        prototype[member.localName] = createZeroField(member);
      }
      messagePrototypes.set(desc, { prototype, members });
    }
    msg = Object.create(prototype);
    msg.$typeName = desc.typeName;
    for (const member of desc.members) {
      if (members.has(member)) {
        continue;
      }
      if (member.kind == "field") {
        if (member.fieldKind == "message") {
          continue;
        }
        if (member.fieldKind == "scalar" || member.fieldKind == "enum") {
          if (member.presence != IMPLICIT2) {
            continue;
          }
        }
      }
      msg[member.localName] = createZeroField(member);
    }
  }
  return msg;
}
function needsPrototypeChain(desc) {
  switch (desc.file.edition) {
    case EDITION_PROTO3:
      return false;
    case EDITION_PROTO2:
      return true;
    default:
      return desc.fields.some((f) => f.presence != IMPLICIT2 && f.fieldKind != "message" && !f.oneof);
  }
}
function createZeroField(field) {
  if (field.kind == "oneof") {
    return { case: void 0 };
  }
  if (field.fieldKind == "list") {
    return [];
  }
  if (field.fieldKind == "map") {
    return {};
  }
  if (field.fieldKind == "message") {
    return tokenZeroMessageField;
  }
  const defaultValue = field.getDefaultValue();
  if (defaultValue !== void 0) {
    return field.fieldKind == "scalar" && field.longAsString ? defaultValue.toString() : defaultValue;
  }
  return field.fieldKind == "scalar" ? scalarZeroValue(field.scalar, field.longAsString) : field.enum.values[0].number;
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/error.js
var errorNames = [
  "FieldValueInvalidError",
  "FieldListRangeError",
  "ForeignFieldError"
];
var FieldError = class extends Error {
  constructor(fieldOrOneof, message, name = "FieldValueInvalidError") {
    super(message);
    this.name = name;
    this.field = () => fieldOrOneof;
  }
};
function isFieldError(arg) {
  return arg instanceof Error && errorNames.includes(arg.name) && "field" in arg && typeof arg.field == "function";
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/text-encoding.js
var symbol = Symbol.for("@bufbuild/protobuf/text-encoding");
function getTextEncoding() {
  if (globalThis[symbol] == void 0) {
    const te = new globalThis.TextEncoder();
    const td = new globalThis.TextDecoder();
    globalThis[symbol] = {
      encodeUtf8(text) {
        return te.encode(text);
      },
      decodeUtf8(bytes) {
        return td.decode(bytes);
      },
      checkUtf8(text) {
        try {
          encodeURIComponent(text);
          return true;
        } catch (_) {
          return false;
        }
      }
    };
  }
  return globalThis[symbol];
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/binary-encoding.js
var WireType;
(function(WireType2) {
  WireType2[WireType2["Varint"] = 0] = "Varint";
  WireType2[WireType2["Bit64"] = 1] = "Bit64";
  WireType2[WireType2["LengthDelimited"] = 2] = "LengthDelimited";
  WireType2[WireType2["StartGroup"] = 3] = "StartGroup";
  WireType2[WireType2["EndGroup"] = 4] = "EndGroup";
  WireType2[WireType2["Bit32"] = 5] = "Bit32";
})(WireType || (WireType = {}));
var FLOAT32_MAX = 34028234663852886e22;
var FLOAT32_MIN = -34028234663852886e22;
var UINT32_MAX = 4294967295;
var INT32_MAX = 2147483647;
var INT32_MIN = -2147483648;
var BinaryWriter = class {
  constructor(encodeUtf8 = getTextEncoding().encodeUtf8) {
    this.encodeUtf8 = encodeUtf8;
    this.stack = [];
    this.chunks = [];
    this.buf = [];
  }
  /**
   * Return all bytes written and reset this writer.
   */
  finish() {
    if (this.buf.length) {
      this.chunks.push(new Uint8Array(this.buf));
      this.buf = [];
    }
    let len = 0;
    for (let i = 0; i < this.chunks.length; i++)
      len += this.chunks[i].length;
    let bytes = new Uint8Array(len);
    let offset = 0;
    for (let i = 0; i < this.chunks.length; i++) {
      bytes.set(this.chunks[i], offset);
      offset += this.chunks[i].length;
    }
    this.chunks = [];
    return bytes;
  }
  /**
   * Start a new fork for length-delimited data like a message
   * or a packed repeated field.
   *
   * Must be joined later with `join()`.
   */
  fork() {
    this.stack.push({ chunks: this.chunks, buf: this.buf });
    this.chunks = [];
    this.buf = [];
    return this;
  }
  /**
   * Join the last fork. Write its length and bytes, then
   * return to the previous state.
   */
  join() {
    let chunk = this.finish();
    let prev = this.stack.pop();
    if (!prev)
      throw new Error("invalid state, fork stack empty");
    this.chunks = prev.chunks;
    this.buf = prev.buf;
    this.uint32(chunk.byteLength);
    return this.raw(chunk);
  }
  /**
   * Writes a tag (field number and wire type).
   *
   * Equivalent to `uint32( (fieldNo << 3 | type) >>> 0 )`.
   *
   * Generated code should compute the tag ahead of time and call `uint32()`.
   */
  tag(fieldNo, type) {
    return this.uint32((fieldNo << 3 | type) >>> 0);
  }
  /**
   * Write a chunk of raw bytes.
   */
  raw(chunk) {
    if (this.buf.length) {
      this.chunks.push(new Uint8Array(this.buf));
      this.buf = [];
    }
    this.chunks.push(chunk);
    return this;
  }
  /**
   * Write a `uint32` value, an unsigned 32 bit varint.
   */
  uint32(value) {
    assertUInt32(value);
    while (value > 127) {
      this.buf.push(value & 127 | 128);
      value = value >>> 7;
    }
    this.buf.push(value);
    return this;
  }
  /**
   * Write a `int32` value, a signed 32 bit varint.
   */
  int32(value) {
    assertInt32(value);
    varint32write(value, this.buf);
    return this;
  }
  /**
   * Write a `bool` value, a variant.
   */
  bool(value) {
    this.buf.push(value ? 1 : 0);
    return this;
  }
  /**
   * Write a `bytes` value, length-delimited arbitrary data.
   */
  bytes(value) {
    this.uint32(value.byteLength);
    return this.raw(value);
  }
  /**
   * Write a `string` value, length-delimited data converted to UTF-8 text.
   */
  string(value) {
    let chunk = this.encodeUtf8(value);
    this.uint32(chunk.byteLength);
    return this.raw(chunk);
  }
  /**
   * Write a `float` value, 32-bit floating point number.
   */
  float(value) {
    assertFloat32(value);
    let chunk = new Uint8Array(4);
    new DataView(chunk.buffer).setFloat32(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `double` value, a 64-bit floating point number.
   */
  double(value) {
    let chunk = new Uint8Array(8);
    new DataView(chunk.buffer).setFloat64(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `fixed32` value, an unsigned, fixed-length 32-bit integer.
   */
  fixed32(value) {
    assertUInt32(value);
    let chunk = new Uint8Array(4);
    new DataView(chunk.buffer).setUint32(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `sfixed32` value, a signed, fixed-length 32-bit integer.
   */
  sfixed32(value) {
    assertInt32(value);
    let chunk = new Uint8Array(4);
    new DataView(chunk.buffer).setInt32(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `sint32` value, a signed, zigzag-encoded 32-bit varint.
   */
  sint32(value) {
    assertInt32(value);
    value = (value << 1 ^ value >> 31) >>> 0;
    varint32write(value, this.buf);
    return this;
  }
  /**
   * Write a `fixed64` value, a signed, fixed-length 64-bit integer.
   */
  sfixed64(value) {
    let chunk = new Uint8Array(8), view = new DataView(chunk.buffer), tc = protoInt64.enc(value);
    view.setInt32(0, tc.lo, true);
    view.setInt32(4, tc.hi, true);
    return this.raw(chunk);
  }
  /**
   * Write a `fixed64` value, an unsigned, fixed-length 64 bit integer.
   */
  fixed64(value) {
    let chunk = new Uint8Array(8), view = new DataView(chunk.buffer), tc = protoInt64.uEnc(value);
    view.setInt32(0, tc.lo, true);
    view.setInt32(4, tc.hi, true);
    return this.raw(chunk);
  }
  /**
   * Write a `int64` value, a signed 64-bit varint.
   */
  int64(value) {
    let tc = protoInt64.enc(value);
    varint64write(tc.lo, tc.hi, this.buf);
    return this;
  }
  /**
   * Write a `sint64` value, a signed, zig-zag-encoded 64-bit varint.
   */
  sint64(value) {
    const tc = protoInt64.enc(value), sign = tc.hi >> 31, lo = tc.lo << 1 ^ sign, hi = (tc.hi << 1 | tc.lo >>> 31) ^ sign;
    varint64write(lo, hi, this.buf);
    return this;
  }
  /**
   * Write a `uint64` value, an unsigned 64-bit varint.
   */
  uint64(value) {
    const tc = protoInt64.uEnc(value);
    varint64write(tc.lo, tc.hi, this.buf);
    return this;
  }
};
var BinaryReader = class {
  constructor(buf, decodeUtf8 = getTextEncoding().decodeUtf8) {
    this.decodeUtf8 = decodeUtf8;
    this.varint64 = varint64read;
    this.uint32 = varint32read;
    this.buf = buf;
    this.len = buf.length;
    this.pos = 0;
    this.view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
  }
  /**
   * Reads a tag - field number and wire type.
   */
  tag() {
    let tag = this.uint32(), fieldNo = tag >>> 3, wireType = tag & 7;
    if (fieldNo <= 0 || wireType < 0 || wireType > 5)
      throw new Error("illegal tag: field no " + fieldNo + " wire type " + wireType);
    return [fieldNo, wireType];
  }
  /**
   * Skip one element and return the skipped data.
   *
   * When skipping StartGroup, provide the tags field number to check for
   * matching field number in the EndGroup tag.
   */
  skip(wireType, fieldNo) {
    let start = this.pos;
    switch (wireType) {
      case WireType.Varint:
        while (this.buf[this.pos++] & 128) {
        }
        break;
      // @ts-expect-error TS7029: Fallthrough case in switch
      case WireType.Bit64:
        this.pos += 4;
      case WireType.Bit32:
        this.pos += 4;
        break;
      case WireType.LengthDelimited:
        let len = this.uint32();
        this.pos += len;
        break;
      case WireType.StartGroup:
        for (; ; ) {
          const [fn, wt] = this.tag();
          if (wt === WireType.EndGroup) {
            if (fieldNo !== void 0 && fn !== fieldNo) {
              throw new Error("invalid end group tag");
            }
            break;
          }
          this.skip(wt, fn);
        }
        break;
      default:
        throw new Error("cant skip wire type " + wireType);
    }
    this.assertBounds();
    return this.buf.subarray(start, this.pos);
  }
  /**
   * Throws error if position in byte array is out of range.
   */
  assertBounds() {
    if (this.pos > this.len)
      throw new RangeError("premature EOF");
  }
  /**
   * Read a `int32` field, a signed 32 bit varint.
   */
  int32() {
    return this.uint32() | 0;
  }
  /**
   * Read a `sint32` field, a signed, zigzag-encoded 32-bit varint.
   */
  sint32() {
    let zze = this.uint32();
    return zze >>> 1 ^ -(zze & 1);
  }
  /**
   * Read a `int64` field, a signed 64-bit varint.
   */
  int64() {
    return protoInt64.dec(...this.varint64());
  }
  /**
   * Read a `uint64` field, an unsigned 64-bit varint.
   */
  uint64() {
    return protoInt64.uDec(...this.varint64());
  }
  /**
   * Read a `sint64` field, a signed, zig-zag-encoded 64-bit varint.
   */
  sint64() {
    let [lo, hi] = this.varint64();
    let s = -(lo & 1);
    lo = (lo >>> 1 | (hi & 1) << 31) ^ s;
    hi = hi >>> 1 ^ s;
    return protoInt64.dec(lo, hi);
  }
  /**
   * Read a `bool` field, a variant.
   */
  bool() {
    let [lo, hi] = this.varint64();
    return lo !== 0 || hi !== 0;
  }
  /**
   * Read a `fixed32` field, an unsigned, fixed-length 32-bit integer.
   */
  fixed32() {
    return this.view.getUint32((this.pos += 4) - 4, true);
  }
  /**
   * Read a `sfixed32` field, a signed, fixed-length 32-bit integer.
   */
  sfixed32() {
    return this.view.getInt32((this.pos += 4) - 4, true);
  }
  /**
   * Read a `fixed64` field, an unsigned, fixed-length 64 bit integer.
   */
  fixed64() {
    return protoInt64.uDec(this.sfixed32(), this.sfixed32());
  }
  /**
   * Read a `fixed64` field, a signed, fixed-length 64-bit integer.
   */
  sfixed64() {
    return protoInt64.dec(this.sfixed32(), this.sfixed32());
  }
  /**
   * Read a `float` field, 32-bit floating point number.
   */
  float() {
    return this.view.getFloat32((this.pos += 4) - 4, true);
  }
  /**
   * Read a `double` field, a 64-bit floating point number.
   */
  double() {
    return this.view.getFloat64((this.pos += 8) - 8, true);
  }
  /**
   * Read a `bytes` field, length-delimited arbitrary data.
   */
  bytes() {
    let len = this.uint32(), start = this.pos;
    this.pos += len;
    this.assertBounds();
    return this.buf.subarray(start, start + len);
  }
  /**
   * Read a `string` field, length-delimited data converted to UTF-8 text.
   */
  string() {
    return this.decodeUtf8(this.bytes());
  }
};
function assertInt32(arg) {
  if (typeof arg == "string") {
    arg = Number(arg);
  } else if (typeof arg != "number") {
    throw new Error("invalid int32: " + typeof arg);
  }
  if (!Number.isInteger(arg) || arg > INT32_MAX || arg < INT32_MIN)
    throw new Error("invalid int32: " + arg);
}
function assertUInt32(arg) {
  if (typeof arg == "string") {
    arg = Number(arg);
  } else if (typeof arg != "number") {
    throw new Error("invalid uint32: " + typeof arg);
  }
  if (!Number.isInteger(arg) || arg > UINT32_MAX || arg < 0)
    throw new Error("invalid uint32: " + arg);
}
function assertFloat32(arg) {
  if (typeof arg == "string") {
    const o = arg;
    arg = Number(arg);
    if (Number.isNaN(arg) && o !== "NaN") {
      throw new Error("invalid float32: " + o);
    }
  } else if (typeof arg != "number") {
    throw new Error("invalid float32: " + typeof arg);
  }
  if (Number.isFinite(arg) && (arg > FLOAT32_MAX || arg < FLOAT32_MIN))
    throw new Error("invalid float32: " + arg);
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/reflect-check.js
function checkField(field, value) {
  const check = field.fieldKind == "list" ? isReflectList(value, field) : field.fieldKind == "map" ? isReflectMap(value, field) : checkSingular(field, value);
  if (check === true) {
    return void 0;
  }
  let reason;
  switch (field.fieldKind) {
    case "list":
      reason = `expected ${formatReflectList(field)}, got ${formatVal(value)}`;
      break;
    case "map":
      reason = `expected ${formatReflectMap(field)}, got ${formatVal(value)}`;
      break;
    default: {
      reason = reasonSingular(field, value, check);
    }
  }
  return new FieldError(field, reason);
}
function checkListItem(field, index, value) {
  const check = checkSingular(field, value);
  if (check !== true) {
    return new FieldError(field, `list item #${index + 1}: ${reasonSingular(field, value, check)}`);
  }
  return void 0;
}
function checkMapEntry(field, key, value) {
  const checkKey = checkScalarValue(key, field.mapKey);
  if (checkKey !== true) {
    return new FieldError(field, `invalid map key: ${reasonSingular({ scalar: field.mapKey }, key, checkKey)}`);
  }
  const checkVal = checkSingular(field, value);
  if (checkVal !== true) {
    return new FieldError(field, `map entry ${formatVal(key)}: ${reasonSingular(field, value, checkVal)}`);
  }
  return void 0;
}
function checkSingular(field, value) {
  if (field.scalar !== void 0) {
    return checkScalarValue(value, field.scalar);
  }
  if (field.enum !== void 0) {
    if (field.enum.open) {
      return Number.isInteger(value);
    }
    return field.enum.values.some((v) => v.number === value);
  }
  return isReflectMessage(value, field.message);
}
function checkScalarValue(value, scalar) {
  switch (scalar) {
    case ScalarType.DOUBLE:
      return typeof value == "number";
    case ScalarType.FLOAT:
      if (typeof value != "number") {
        return false;
      }
      if (Number.isNaN(value) || !Number.isFinite(value)) {
        return true;
      }
      if (value > FLOAT32_MAX || value < FLOAT32_MIN) {
        return `${value.toFixed()} out of range`;
      }
      return true;
    case ScalarType.INT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
      if (typeof value !== "number" || !Number.isInteger(value)) {
        return false;
      }
      if (value > INT32_MAX || value < INT32_MIN) {
        return `${value.toFixed()} out of range`;
      }
      return true;
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
      if (typeof value !== "number" || !Number.isInteger(value)) {
        return false;
      }
      if (value > UINT32_MAX || value < 0) {
        return `${value.toFixed()} out of range`;
      }
      return true;
    case ScalarType.BOOL:
      return typeof value == "boolean";
    case ScalarType.STRING:
      if (typeof value != "string") {
        return false;
      }
      return getTextEncoding().checkUtf8(value) || "invalid UTF8";
    case ScalarType.BYTES:
      return value instanceof Uint8Array;
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if (typeof value == "bigint" || typeof value == "number" || typeof value == "string" && value.length > 0) {
        try {
          protoInt64.parse(value);
          return true;
        } catch (_) {
          return `${value} out of range`;
        }
      }
      return false;
    case ScalarType.FIXED64:
    case ScalarType.UINT64:
      if (typeof value == "bigint" || typeof value == "number" || typeof value == "string" && value.length > 0) {
        try {
          protoInt64.uParse(value);
          return true;
        } catch (_) {
          return `${value} out of range`;
        }
      }
      return false;
  }
}
function reasonSingular(field, val, details) {
  details = typeof details == "string" ? `: ${details}` : `, got ${formatVal(val)}`;
  if (field.scalar !== void 0) {
    return `expected ${scalarTypeDescription(field.scalar)}` + details;
  }
  if (field.enum !== void 0) {
    return `expected ${field.enum.toString()}` + details;
  }
  return `expected ${formatReflectMessage(field.message)}` + details;
}
function formatVal(val) {
  switch (typeof val) {
    case "object":
      if (val === null) {
        return "null";
      }
      if (val instanceof Uint8Array) {
        return `Uint8Array(${val.length})`;
      }
      if (Array.isArray(val)) {
        return `Array(${val.length})`;
      }
      if (isReflectList(val)) {
        return formatReflectList(val.field());
      }
      if (isReflectMap(val)) {
        return formatReflectMap(val.field());
      }
      if (isReflectMessage(val)) {
        return formatReflectMessage(val.desc);
      }
      if (isMessage(val)) {
        return `message ${val.$typeName}`;
      }
      return "object";
    case "string":
      return val.length > 30 ? "string" : `"${val.split('"').join('\\"')}"`;
    case "boolean":
      return String(val);
    case "number":
      return String(val);
    case "bigint":
      return String(val) + "n";
    default:
      return typeof val;
  }
}
function formatReflectMessage(desc) {
  return `ReflectMessage (${desc.typeName})`;
}
function formatReflectList(field) {
  switch (field.listKind) {
    case "message":
      return `ReflectList (${field.message.toString()})`;
    case "enum":
      return `ReflectList (${field.enum.toString()})`;
    case "scalar":
      return `ReflectList (${ScalarType[field.scalar]})`;
  }
}
function formatReflectMap(field) {
  switch (field.mapKind) {
    case "message":
      return `ReflectMap (${ScalarType[field.mapKey]}, ${field.message.toString()})`;
    case "enum":
      return `ReflectMap (${ScalarType[field.mapKey]}, ${field.enum.toString()})`;
    case "scalar":
      return `ReflectMap (${ScalarType[field.mapKey]}, ${ScalarType[field.scalar]})`;
  }
}
function scalarTypeDescription(scalar) {
  switch (scalar) {
    case ScalarType.STRING:
      return "string";
    case ScalarType.BOOL:
      return "boolean";
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return "bigint (int64)";
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return "bigint (uint64)";
    case ScalarType.BYTES:
      return "Uint8Array";
    case ScalarType.DOUBLE:
      return "number (float64)";
    case ScalarType.FLOAT:
      return "number (float32)";
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
      return "number (uint32)";
    case ScalarType.INT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
      return "number (int32)";
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/reflect.js
function reflect(messageDesc2, message, check = true) {
  return new ReflectMessageImpl(messageDesc2, message, check);
}
var ReflectMessageImpl = class {
  get sortedFields() {
    var _a;
    return (_a = this._sortedFields) !== null && _a !== void 0 ? _a : (
      // biome-ignore lint/suspicious/noAssignInExpressions: no
      this._sortedFields = this.desc.fields.concat().sort((a, b) => a.number - b.number)
    );
  }
  constructor(messageDesc2, message, check = true) {
    this.lists = /* @__PURE__ */ new Map();
    this.maps = /* @__PURE__ */ new Map();
    this.check = check;
    this.desc = messageDesc2;
    this.message = this[unsafeLocal] = message !== null && message !== void 0 ? message : create(messageDesc2);
    this.fields = messageDesc2.fields;
    this.oneofs = messageDesc2.oneofs;
    this.members = messageDesc2.members;
  }
  findNumber(number) {
    if (!this._fieldsByNumber) {
      this._fieldsByNumber = new Map(this.desc.fields.map((f) => [f.number, f]));
    }
    return this._fieldsByNumber.get(number);
  }
  oneofCase(oneof) {
    assertOwn(this.message, oneof);
    return unsafeOneofCase(this.message, oneof);
  }
  isSet(field) {
    assertOwn(this.message, field);
    return unsafeIsSet(this.message, field);
  }
  clear(field) {
    assertOwn(this.message, field);
    unsafeClear(this.message, field);
  }
  get(field) {
    assertOwn(this.message, field);
    const value = unsafeGet(this.message, field);
    switch (field.fieldKind) {
      case "list":
        let list = this.lists.get(field);
        if (!list || list[unsafeLocal] !== value) {
          this.lists.set(
            field,
            // biome-ignore lint/suspicious/noAssignInExpressions: no
            list = new ReflectListImpl(field, value, this.check)
          );
        }
        return list;
      case "map":
        let map = this.maps.get(field);
        if (!map || map[unsafeLocal] !== value) {
          this.maps.set(
            field,
            // biome-ignore lint/suspicious/noAssignInExpressions: no
            map = new ReflectMapImpl(field, value, this.check)
          );
        }
        return map;
      case "message":
        return messageToReflect(field, value, this.check);
      case "scalar":
        return value === void 0 ? scalarZeroValue(field.scalar, false) : longToReflect(field, value);
      case "enum":
        return value !== null && value !== void 0 ? value : field.enum.values[0].number;
    }
  }
  set(field, value) {
    assertOwn(this.message, field);
    if (this.check) {
      const err = checkField(field, value);
      if (err) {
        throw err;
      }
    }
    let local;
    if (field.fieldKind == "message") {
      local = messageToLocal(field, value);
    } else if (isReflectMap(value) || isReflectList(value)) {
      local = value[unsafeLocal];
    } else {
      local = longToLocal(field, value);
    }
    unsafeSet(this.message, field, local);
  }
  getUnknown() {
    return this.message.$unknown;
  }
  setUnknown(value) {
    this.message.$unknown = value;
  }
};
function assertOwn(owner, member) {
  if (member.parent.typeName !== owner.$typeName) {
    throw new FieldError(member, `cannot use ${member.toString()} with message ${owner.$typeName}`, "ForeignFieldError");
  }
}
var ReflectListImpl = class {
  field() {
    return this._field;
  }
  get size() {
    return this._arr.length;
  }
  constructor(field, unsafeInput, check) {
    this._field = field;
    this._arr = this[unsafeLocal] = unsafeInput;
    this.check = check;
  }
  get(index) {
    const item = this._arr[index];
    return item === void 0 ? void 0 : listItemToReflect(this._field, item, this.check);
  }
  set(index, item) {
    if (index < 0 || index >= this._arr.length) {
      throw new FieldError(this._field, `list item #${index + 1}: out of range`);
    }
    if (this.check) {
      const err = checkListItem(this._field, index, item);
      if (err) {
        throw err;
      }
    }
    this._arr[index] = listItemToLocal(this._field, item);
  }
  add(item) {
    if (this.check) {
      const err = checkListItem(this._field, this._arr.length, item);
      if (err) {
        throw err;
      }
    }
    this._arr.push(listItemToLocal(this._field, item));
    return void 0;
  }
  clear() {
    this._arr.splice(0, this._arr.length);
  }
  [Symbol.iterator]() {
    return this.values();
  }
  keys() {
    return this._arr.keys();
  }
  *values() {
    for (const item of this._arr) {
      yield listItemToReflect(this._field, item, this.check);
    }
  }
  *entries() {
    for (let i = 0; i < this._arr.length; i++) {
      yield [i, listItemToReflect(this._field, this._arr[i], this.check)];
    }
  }
};
var ReflectMapImpl = class {
  constructor(field, unsafeInput, check = true) {
    this.obj = this[unsafeLocal] = unsafeInput !== null && unsafeInput !== void 0 ? unsafeInput : {};
    this.check = check;
    this._field = field;
  }
  field() {
    return this._field;
  }
  set(key, value) {
    if (this.check) {
      const err = checkMapEntry(this._field, key, value);
      if (err) {
        throw err;
      }
    }
    this.obj[mapKeyToLocal(key)] = mapValueToLocal(this._field, value);
    return this;
  }
  delete(key) {
    const k = mapKeyToLocal(key);
    const has = Object.prototype.hasOwnProperty.call(this.obj, k);
    if (has) {
      delete this.obj[k];
    }
    return has;
  }
  clear() {
    for (const key of Object.keys(this.obj)) {
      delete this.obj[key];
    }
  }
  get(key) {
    let val = this.obj[mapKeyToLocal(key)];
    if (val !== void 0) {
      val = mapValueToReflect(this._field, val, this.check);
    }
    return val;
  }
  has(key) {
    return Object.prototype.hasOwnProperty.call(this.obj, mapKeyToLocal(key));
  }
  *keys() {
    for (const objKey of Object.keys(this.obj)) {
      yield mapKeyToReflect(objKey, this._field.mapKey);
    }
  }
  *entries() {
    for (const objEntry of Object.entries(this.obj)) {
      yield [
        mapKeyToReflect(objEntry[0], this._field.mapKey),
        mapValueToReflect(this._field, objEntry[1], this.check)
      ];
    }
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  get size() {
    return Object.keys(this.obj).length;
  }
  *values() {
    for (const val of Object.values(this.obj)) {
      yield mapValueToReflect(this._field, val, this.check);
    }
  }
  forEach(callbackfn, thisArg) {
    for (const mapEntry of this.entries()) {
      callbackfn.call(thisArg, mapEntry[1], mapEntry[0], this);
    }
  }
};
function messageToLocal(field, value) {
  if (!isReflectMessage(value)) {
    return value;
  }
  if (isWrapper(value.message) && !field.oneof && field.fieldKind == "message") {
    return value.message.value;
  }
  if (value.desc.typeName == "google.protobuf.Struct" && field.parent.typeName != "google.protobuf.Value") {
    return wktStructToLocal(value.message);
  }
  return value.message;
}
function messageToReflect(field, value, check) {
  if (value !== void 0) {
    if (isWrapperDesc(field.message) && !field.oneof && field.fieldKind == "message") {
      value = {
        $typeName: field.message.typeName,
        value: longToReflect(field.message.fields[0], value)
      };
    } else if (field.message.typeName == "google.protobuf.Struct" && field.parent.typeName != "google.protobuf.Value" && isObject(value)) {
      value = wktStructToReflect(value);
    }
  }
  return new ReflectMessageImpl(field.message, value, check);
}
function listItemToLocal(field, value) {
  if (field.listKind == "message") {
    return messageToLocal(field, value);
  }
  return longToLocal(field, value);
}
function listItemToReflect(field, value, check) {
  if (field.listKind == "message") {
    return messageToReflect(field, value, check);
  }
  return longToReflect(field, value);
}
function mapValueToLocal(field, value) {
  if (field.mapKind == "message") {
    return messageToLocal(field, value);
  }
  return longToLocal(field, value);
}
function mapValueToReflect(field, value, check) {
  if (field.mapKind == "message") {
    return messageToReflect(field, value, check);
  }
  return value;
}
function mapKeyToLocal(key) {
  return typeof key == "string" || typeof key == "number" ? key : String(key);
}
function mapKeyToReflect(key, type) {
  switch (type) {
    case ScalarType.STRING:
      return key;
    case ScalarType.INT32:
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32: {
      const n = Number.parseInt(key);
      if (Number.isFinite(n)) {
        return n;
      }
      break;
    }
    case ScalarType.BOOL:
      switch (key) {
        case "true":
          return true;
        case "false":
          return false;
      }
      break;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      try {
        return protoInt64.uParse(key);
      } catch (_a) {
      }
      break;
    default:
      try {
        return protoInt64.parse(key);
      } catch (_b) {
      }
      break;
  }
  return key;
}
function longToReflect(field, value) {
  switch (field.scalar) {
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if ("longAsString" in field && field.longAsString && typeof value == "string") {
        value = protoInt64.parse(value);
      }
      break;
    case ScalarType.FIXED64:
    case ScalarType.UINT64:
      if ("longAsString" in field && field.longAsString && typeof value == "string") {
        value = protoInt64.uParse(value);
      }
      break;
  }
  return value;
}
function longToLocal(field, value) {
  switch (field.scalar) {
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if ("longAsString" in field && field.longAsString) {
        value = String(value);
      } else if (typeof value == "string" || typeof value == "number") {
        value = protoInt64.parse(value);
      }
      break;
    case ScalarType.FIXED64:
    case ScalarType.UINT64:
      if ("longAsString" in field && field.longAsString) {
        value = String(value);
      } else if (typeof value == "string" || typeof value == "number") {
        value = protoInt64.uParse(value);
      }
      break;
  }
  return value;
}
function wktStructToReflect(json) {
  const struct = {
    $typeName: "google.protobuf.Struct",
    fields: {}
  };
  if (isObject(json)) {
    for (const [k, v] of Object.entries(json)) {
      struct.fields[k] = wktValueToReflect(v);
    }
  }
  return struct;
}
function wktStructToLocal(val) {
  const json = {};
  for (const [k, v] of Object.entries(val.fields)) {
    json[k] = wktValueToLocal(v);
  }
  return json;
}
function wktValueToLocal(val) {
  switch (val.kind.case) {
    case "structValue":
      return wktStructToLocal(val.kind.value);
    case "listValue":
      return val.kind.value.values.map(wktValueToLocal);
    case "nullValue":
    case void 0:
      return null;
    default:
      return val.kind.value;
  }
}
function wktValueToReflect(json) {
  const value = {
    $typeName: "google.protobuf.Value",
    kind: { case: void 0 }
  };
  switch (typeof json) {
    case "number":
      value.kind = { case: "numberValue", value: json };
      break;
    case "string":
      value.kind = { case: "stringValue", value: json };
      break;
    case "boolean":
      value.kind = { case: "boolValue", value: json };
      break;
    case "object":
      if (json === null) {
        const nullValue = 0;
        value.kind = { case: "nullValue", value: nullValue };
      } else if (Array.isArray(json)) {
        const listValue = {
          $typeName: "google.protobuf.ListValue",
          values: []
        };
        if (Array.isArray(json)) {
          for (const e of json) {
            listValue.values.push(wktValueToReflect(e));
          }
        }
        value.kind = {
          case: "listValue",
          value: listValue
        };
      } else {
        value.kind = {
          case: "structValue",
          value: wktStructToReflect(json)
        };
      }
      break;
  }
  return value;
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/base64-encoding.js
function base64Decode(base64Str) {
  const table = getDecodeTable();
  let es = base64Str.length * 3 / 4;
  if (base64Str[base64Str.length - 2] == "=")
    es -= 2;
  else if (base64Str[base64Str.length - 1] == "=")
    es -= 1;
  let bytes = new Uint8Array(es), bytePos = 0, groupPos = 0, b, p = 0;
  for (let i = 0; i < base64Str.length; i++) {
    b = table[base64Str.charCodeAt(i)];
    if (b === void 0) {
      switch (base64Str[i]) {
        // @ts-expect-error TS7029: Fallthrough case in switch
        case "=":
          groupPos = 0;
        // reset state when padding found
        case "\n":
        case "\r":
        case "	":
        case " ":
          continue;
        // skip white-space, and padding
        default:
          throw Error("invalid base64 string");
      }
    }
    switch (groupPos) {
      case 0:
        p = b;
        groupPos = 1;
        break;
      case 1:
        bytes[bytePos++] = p << 2 | (b & 48) >> 4;
        p = b;
        groupPos = 2;
        break;
      case 2:
        bytes[bytePos++] = (p & 15) << 4 | (b & 60) >> 2;
        p = b;
        groupPos = 3;
        break;
      case 3:
        bytes[bytePos++] = (p & 3) << 6 | b;
        groupPos = 0;
        break;
    }
  }
  if (groupPos == 1)
    throw Error("invalid base64 string");
  return bytes.subarray(0, bytePos);
}
function base64Encode(bytes, encoding = "std") {
  const table = getEncodeTable(encoding);
  const pad = encoding == "std";
  let base64 = "", groupPos = 0, b, p = 0;
  for (let i = 0; i < bytes.length; i++) {
    b = bytes[i];
    switch (groupPos) {
      case 0:
        base64 += table[b >> 2];
        p = (b & 3) << 4;
        groupPos = 1;
        break;
      case 1:
        base64 += table[p | b >> 4];
        p = (b & 15) << 2;
        groupPos = 2;
        break;
      case 2:
        base64 += table[p | b >> 6];
        base64 += table[b & 63];
        groupPos = 0;
        break;
    }
  }
  if (groupPos) {
    base64 += table[p];
    if (pad) {
      base64 += "=";
      if (groupPos == 1)
        base64 += "=";
    }
  }
  return base64;
}
var encodeTableStd;
var encodeTableUrl;
var decodeTable;
function getEncodeTable(encoding) {
  if (!encodeTableStd) {
    encodeTableStd = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".split("");
    encodeTableUrl = encodeTableStd.slice(0, -2).concat("-", "_");
  }
  return encoding == "url" ? (
    // biome-ignore lint/style/noNonNullAssertion: TS fails to narrow down
    encodeTableUrl
  ) : encodeTableStd;
}
function getDecodeTable() {
  if (!decodeTable) {
    decodeTable = [];
    const encodeTable = getEncodeTable("std");
    for (let i = 0; i < encodeTable.length; i++)
      decodeTable[encodeTable[i].charCodeAt(0)] = i;
    decodeTable["-".charCodeAt(0)] = encodeTable.indexOf("+");
    decodeTable["_".charCodeAt(0)] = encodeTable.indexOf("/");
  }
  return decodeTable;
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/names.js
function protoCamelCase(snakeCase) {
  let capNext = false;
  const b = [];
  for (let i = 0; i < snakeCase.length; i++) {
    let c = snakeCase.charAt(i);
    switch (c) {
      case "_":
        capNext = true;
        break;
      case "0":
      case "1":
      case "2":
      case "3":
      case "4":
      case "5":
      case "6":
      case "7":
      case "8":
      case "9":
        b.push(c);
        capNext = false;
        break;
      default:
        if (capNext) {
          capNext = false;
          c = c.toUpperCase();
        }
        b.push(c);
        break;
    }
  }
  return b.join("");
}
var reservedObjectProperties = /* @__PURE__ */ new Set([
  // names reserved by JavaScript
  "constructor",
  "toString",
  "toJSON",
  "valueOf"
]);
function safeObjectProperty(name) {
  return reservedObjectProperties.has(name) ? name + "$" : name;
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/restore-json-names.js
function restoreJsonNames(message) {
  for (const f of message.field) {
    if (!unsafeIsSetExplicit(f, "jsonName")) {
      f.jsonName = protoCamelCase(f.name);
    }
  }
  message.nestedType.forEach(restoreJsonNames);
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/text-format.js
function parseTextFormatEnumValue(descEnum, value) {
  const enumValue = descEnum.values.find((v) => v.name === value);
  if (!enumValue) {
    throw new Error(`cannot parse ${descEnum} default value: ${value}`);
  }
  return enumValue.number;
}
function parseTextFormatScalarValue(type, value) {
  switch (type) {
    case ScalarType.STRING:
      return value;
    case ScalarType.BYTES: {
      const u = unescapeBytesDefaultValue(value);
      if (u === false) {
        throw new Error(`cannot parse ${ScalarType[type]} default value: ${value}`);
      }
      return u;
    }
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      return protoInt64.parse(value);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return protoInt64.uParse(value);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      switch (value) {
        case "inf":
          return Number.POSITIVE_INFINITY;
        case "-inf":
          return Number.NEGATIVE_INFINITY;
        case "nan":
          return Number.NaN;
        default:
          return parseFloat(value);
      }
    case ScalarType.BOOL:
      return value === "true";
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return parseInt(value, 10);
  }
}
function unescapeBytesDefaultValue(str) {
  const b = [];
  const input = {
    tail: str,
    c: "",
    next() {
      if (this.tail.length == 0) {
        return false;
      }
      this.c = this.tail[0];
      this.tail = this.tail.substring(1);
      return true;
    },
    take(n) {
      if (this.tail.length >= n) {
        const r = this.tail.substring(0, n);
        this.tail = this.tail.substring(n);
        return r;
      }
      return false;
    }
  };
  while (input.next()) {
    switch (input.c) {
      case "\\":
        if (input.next()) {
          switch (input.c) {
            case "\\":
              b.push(input.c.charCodeAt(0));
              break;
            case "b":
              b.push(8);
              break;
            case "f":
              b.push(12);
              break;
            case "n":
              b.push(10);
              break;
            case "r":
              b.push(13);
              break;
            case "t":
              b.push(9);
              break;
            case "v":
              b.push(11);
              break;
            case "0":
            case "1":
            case "2":
            case "3":
            case "4":
            case "5":
            case "6":
            case "7": {
              const s = input.c;
              const t = input.take(2);
              if (t === false) {
                return false;
              }
              const n = parseInt(s + t, 8);
              if (Number.isNaN(n)) {
                return false;
              }
              b.push(n);
              break;
            }
            case "x": {
              const s = input.c;
              const t = input.take(2);
              if (t === false) {
                return false;
              }
              const n = parseInt(s + t, 16);
              if (Number.isNaN(n)) {
                return false;
              }
              b.push(n);
              break;
            }
            case "u": {
              const s = input.c;
              const t = input.take(4);
              if (t === false) {
                return false;
              }
              const n = parseInt(s + t, 16);
              if (Number.isNaN(n)) {
                return false;
              }
              const chunk = new Uint8Array(4);
              const view = new DataView(chunk.buffer);
              view.setInt32(0, n, true);
              b.push(chunk[0], chunk[1], chunk[2], chunk[3]);
              break;
            }
            case "U": {
              const s = input.c;
              const t = input.take(8);
              if (t === false) {
                return false;
              }
              const tc = protoInt64.uEnc(s + t);
              const chunk = new Uint8Array(8);
              const view = new DataView(chunk.buffer);
              view.setInt32(0, tc.lo, true);
              view.setInt32(4, tc.hi, true);
              b.push(chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]);
              break;
            }
          }
        }
        break;
      default:
        b.push(input.c.charCodeAt(0));
    }
  }
  return new Uint8Array(b);
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/nested-types.js
function* nestedTypes(desc) {
  switch (desc.kind) {
    case "file":
      for (const message of desc.messages) {
        yield message;
        yield* nestedTypes(message);
      }
      yield* desc.enums;
      yield* desc.services;
      yield* desc.extensions;
      break;
    case "message":
      for (const message of desc.nestedMessages) {
        yield message;
        yield* nestedTypes(message);
      }
      yield* desc.nestedEnums;
      yield* desc.nestedExtensions;
      break;
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/registry.js
function createRegistry(...input) {
  return initBaseRegistry(input);
}
function createFileRegistry(...args) {
  const registry = createBaseRegistry();
  if (!args.length) {
    return registry;
  }
  if ("$typeName" in args[0] && args[0].$typeName == "google.protobuf.FileDescriptorSet") {
    for (const file of args[0].file) {
      addFile(file, registry);
    }
    return registry;
  }
  if ("$typeName" in args[0]) {
    let recurseDeps = function(file) {
      const deps = [];
      for (const protoFileName of file.dependency) {
        if (registry.getFile(protoFileName) != void 0) {
          continue;
        }
        if (seen.has(protoFileName)) {
          continue;
        }
        const dep = resolve(protoFileName);
        if (!dep) {
          throw new Error(`Unable to resolve ${protoFileName}, imported by ${file.name}`);
        }
        if ("kind" in dep) {
          registry.addFile(dep, false, true);
        } else {
          seen.add(dep.name);
          deps.push(dep);
        }
      }
      return deps.concat(...deps.map(recurseDeps));
    };
    const input = args[0];
    const resolve = args[1];
    const seen = /* @__PURE__ */ new Set();
    for (const file of [input, ...recurseDeps(input)].reverse()) {
      addFile(file, registry);
    }
  } else {
    for (const fileReg of args) {
      for (const file of fileReg.files) {
        registry.addFile(file);
      }
    }
  }
  return registry;
}
function createBaseRegistry() {
  const types = /* @__PURE__ */ new Map();
  const extendees = /* @__PURE__ */ new Map();
  const files = /* @__PURE__ */ new Map();
  return {
    kind: "registry",
    types,
    extendees,
    [Symbol.iterator]() {
      return types.values();
    },
    get files() {
      return files.values();
    },
    addFile(file, skipTypes, withDeps) {
      files.set(file.proto.name, file);
      if (!skipTypes) {
        for (const type of nestedTypes(file)) {
          this.add(type);
        }
      }
      if (withDeps) {
        for (const f of file.dependencies) {
          this.addFile(f, skipTypes, withDeps);
        }
      }
    },
    add(desc) {
      if (desc.kind == "extension") {
        let numberToExt = extendees.get(desc.extendee.typeName);
        if (!numberToExt) {
          extendees.set(
            desc.extendee.typeName,
            // biome-ignore lint/suspicious/noAssignInExpressions: no
            numberToExt = /* @__PURE__ */ new Map()
          );
        }
        numberToExt.set(desc.number, desc);
      }
      types.set(desc.typeName, desc);
    },
    get(typeName) {
      return types.get(typeName);
    },
    getFile(fileName) {
      return files.get(fileName);
    },
    getMessage(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "message" ? t : void 0;
    },
    getEnum(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "enum" ? t : void 0;
    },
    getExtension(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "extension" ? t : void 0;
    },
    getExtensionFor(extendee, no) {
      var _a;
      return (_a = extendees.get(extendee.typeName)) === null || _a === void 0 ? void 0 : _a.get(no);
    },
    getService(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "service" ? t : void 0;
    }
  };
}
function initBaseRegistry(inputs) {
  const registry = createBaseRegistry();
  for (const input of inputs) {
    switch (input.kind) {
      case "registry":
        for (const n of input) {
          registry.add(n);
        }
        break;
      case "file":
        registry.addFile(input);
        break;
      default:
        registry.add(input);
        break;
    }
  }
  return registry;
}
var EDITION_PROTO22 = 998;
var EDITION_PROTO32 = 999;
var TYPE_STRING = 9;
var TYPE_GROUP = 10;
var TYPE_MESSAGE = 11;
var TYPE_BYTES = 12;
var TYPE_ENUM = 14;
var LABEL_REPEATED = 3;
var LABEL_REQUIRED = 2;
var JS_STRING = 1;
var IDEMPOTENCY_UNKNOWN = 0;
var EXPLICIT = 1;
var IMPLICIT3 = 2;
var LEGACY_REQUIRED = 3;
var PACKED = 1;
var DELIMITED = 2;
var OPEN = 1;
var featureDefaults = {
  // EDITION_PROTO2
  998: {
    fieldPresence: 1,
    // EXPLICIT,
    enumType: 2,
    // CLOSED,
    repeatedFieldEncoding: 2,
    // EXPANDED,
    utf8Validation: 3,
    // NONE,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 2,
    // LEGACY_BEST_EFFORT,
    enforceNamingStyle: 2,
    // STYLE_LEGACY,
    defaultSymbolVisibility: 1
    // EXPORT_ALL,
  },
  // EDITION_PROTO3
  999: {
    fieldPresence: 2,
    // IMPLICIT,
    enumType: 1,
    // OPEN,
    repeatedFieldEncoding: 1,
    // PACKED,
    utf8Validation: 2,
    // VERIFY,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 1,
    // ALLOW,
    enforceNamingStyle: 2,
    // STYLE_LEGACY,
    defaultSymbolVisibility: 1
    // EXPORT_ALL,
  },
  // EDITION_2023
  1e3: {
    fieldPresence: 1,
    // EXPLICIT,
    enumType: 1,
    // OPEN,
    repeatedFieldEncoding: 1,
    // PACKED,
    utf8Validation: 2,
    // VERIFY,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 1,
    // ALLOW,
    enforceNamingStyle: 2,
    // STYLE_LEGACY,
    defaultSymbolVisibility: 1
    // EXPORT_ALL,
  }
};
function addFile(proto, reg) {
  var _a, _b;
  const file = {
    kind: "file",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    edition: getFileEdition(proto),
    name: proto.name.replace(/\.proto$/, ""),
    dependencies: findFileDependencies(proto, reg),
    enums: [],
    messages: [],
    extensions: [],
    services: [],
    toString() {
      return `file ${proto.name}`;
    }
  };
  const mapEntriesStore = /* @__PURE__ */ new Map();
  const mapEntries = {
    get(typeName) {
      return mapEntriesStore.get(typeName);
    },
    add(desc) {
      var _a2;
      assert(((_a2 = desc.proto.options) === null || _a2 === void 0 ? void 0 : _a2.mapEntry) === true);
      mapEntriesStore.set(desc.typeName, desc);
    }
  };
  for (const enumProto of proto.enumType) {
    addEnum(enumProto, file, void 0, reg);
  }
  for (const messageProto of proto.messageType) {
    addMessage(messageProto, file, void 0, reg, mapEntries);
  }
  for (const serviceProto of proto.service) {
    addService(serviceProto, file, reg);
  }
  addExtensions(file, reg);
  for (const mapEntry of mapEntriesStore.values()) {
    addFields(mapEntry, reg, mapEntries);
  }
  for (const message of file.messages) {
    addFields(message, reg, mapEntries);
    addExtensions(message, reg);
  }
  reg.addFile(file, true);
}
function addExtensions(desc, reg) {
  switch (desc.kind) {
    case "file":
      for (const proto of desc.proto.extension) {
        const ext = newField(proto, desc, reg);
        desc.extensions.push(ext);
        reg.add(ext);
      }
      break;
    case "message":
      for (const proto of desc.proto.extension) {
        const ext = newField(proto, desc, reg);
        desc.nestedExtensions.push(ext);
        reg.add(ext);
      }
      for (const message of desc.nestedMessages) {
        addExtensions(message, reg);
      }
      break;
  }
}
function addFields(message, reg, mapEntries) {
  const allOneofs = message.proto.oneofDecl.map((proto) => newOneof(proto, message));
  const oneofsSeen = /* @__PURE__ */ new Set();
  for (const proto of message.proto.field) {
    const oneof = findOneof(proto, allOneofs);
    const field = newField(proto, message, reg, oneof, mapEntries);
    message.fields.push(field);
    message.field[field.localName] = field;
    if (oneof === void 0) {
      message.members.push(field);
    } else {
      oneof.fields.push(field);
      if (!oneofsSeen.has(oneof)) {
        oneofsSeen.add(oneof);
        message.members.push(oneof);
      }
    }
  }
  for (const oneof of allOneofs.filter((o) => oneofsSeen.has(o))) {
    message.oneofs.push(oneof);
  }
  for (const child of message.nestedMessages) {
    addFields(child, reg, mapEntries);
  }
}
function addEnum(proto, file, parent, reg) {
  var _a, _b, _c, _d, _e;
  const sharedPrefix = findEnumSharedPrefix(proto.name, proto.value);
  const desc = {
    kind: "enum",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    file,
    parent,
    open: true,
    name: proto.name,
    typeName: makeTypeName(proto, parent, file),
    value: {},
    values: [],
    sharedPrefix,
    toString() {
      return `enum ${this.typeName}`;
    }
  };
  desc.open = isEnumOpen(desc);
  reg.add(desc);
  for (const p of proto.value) {
    const name = p.name;
    desc.values.push(
      // biome-ignore lint/suspicious/noAssignInExpressions: no
      desc.value[p.number] = {
        kind: "enum_value",
        proto: p,
        deprecated: (_d = (_c = p.options) === null || _c === void 0 ? void 0 : _c.deprecated) !== null && _d !== void 0 ? _d : false,
        parent: desc,
        name,
        localName: safeObjectProperty(sharedPrefix == void 0 ? name : name.substring(sharedPrefix.length)),
        number: p.number,
        toString() {
          return `enum value ${desc.typeName}.${name}`;
        }
      }
    );
  }
  ((_e = parent === null || parent === void 0 ? void 0 : parent.nestedEnums) !== null && _e !== void 0 ? _e : file.enums).push(desc);
}
function addMessage(proto, file, parent, reg, mapEntries) {
  var _a, _b, _c, _d;
  const desc = {
    kind: "message",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    file,
    parent,
    name: proto.name,
    typeName: makeTypeName(proto, parent, file),
    fields: [],
    field: {},
    oneofs: [],
    members: [],
    nestedEnums: [],
    nestedMessages: [],
    nestedExtensions: [],
    toString() {
      return `message ${this.typeName}`;
    }
  };
  if (((_c = proto.options) === null || _c === void 0 ? void 0 : _c.mapEntry) === true) {
    mapEntries.add(desc);
  } else {
    ((_d = parent === null || parent === void 0 ? void 0 : parent.nestedMessages) !== null && _d !== void 0 ? _d : file.messages).push(desc);
    reg.add(desc);
  }
  for (const enumProto of proto.enumType) {
    addEnum(enumProto, file, desc, reg);
  }
  for (const messageProto of proto.nestedType) {
    addMessage(messageProto, file, desc, reg, mapEntries);
  }
}
function addService(proto, file, reg) {
  var _a, _b;
  const desc = {
    kind: "service",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    file,
    name: proto.name,
    typeName: makeTypeName(proto, void 0, file),
    methods: [],
    method: {},
    toString() {
      return `service ${this.typeName}`;
    }
  };
  file.services.push(desc);
  reg.add(desc);
  for (const methodProto of proto.method) {
    const method = newMethod(methodProto, desc, reg);
    desc.methods.push(method);
    desc.method[method.localName] = method;
  }
}
function newMethod(proto, parent, reg) {
  var _a, _b, _c, _d;
  let methodKind;
  if (proto.clientStreaming && proto.serverStreaming) {
    methodKind = "bidi_streaming";
  } else if (proto.clientStreaming) {
    methodKind = "client_streaming";
  } else if (proto.serverStreaming) {
    methodKind = "server_streaming";
  } else {
    methodKind = "unary";
  }
  const input = reg.getMessage(trimLeadingDot(proto.inputType));
  const output = reg.getMessage(trimLeadingDot(proto.outputType));
  assert(input, `invalid MethodDescriptorProto: input_type ${proto.inputType} not found`);
  assert(output, `invalid MethodDescriptorProto: output_type ${proto.inputType} not found`);
  const name = proto.name;
  return {
    kind: "rpc",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    parent,
    name,
    localName: safeObjectProperty(name.length ? safeObjectProperty(name[0].toLowerCase() + name.substring(1)) : name),
    methodKind,
    input,
    output,
    idempotency: (_d = (_c = proto.options) === null || _c === void 0 ? void 0 : _c.idempotencyLevel) !== null && _d !== void 0 ? _d : IDEMPOTENCY_UNKNOWN,
    toString() {
      return `rpc ${parent.typeName}.${name}`;
    }
  };
}
function newOneof(proto, parent) {
  return {
    kind: "oneof",
    proto,
    deprecated: false,
    parent,
    fields: [],
    name: proto.name,
    localName: safeObjectProperty(protoCamelCase(proto.name)),
    toString() {
      return `oneof ${parent.typeName}.${this.name}`;
    }
  };
}
function newField(proto, parentOrFile, reg, oneof, mapEntries) {
  var _a, _b, _c;
  const isExtension = mapEntries === void 0;
  const field = {
    kind: "field",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    name: proto.name,
    number: proto.number,
    scalar: void 0,
    message: void 0,
    enum: void 0,
    presence: getFieldPresence(proto, oneof, isExtension, parentOrFile),
    listKind: void 0,
    mapKind: void 0,
    mapKey: void 0,
    delimitedEncoding: void 0,
    packed: void 0,
    longAsString: false,
    getDefaultValue: void 0
  };
  if (isExtension) {
    const file = parentOrFile.kind == "file" ? parentOrFile : parentOrFile.file;
    const parent = parentOrFile.kind == "file" ? void 0 : parentOrFile;
    const typeName = makeTypeName(proto, parent, file);
    field.kind = "extension";
    field.file = file;
    field.parent = parent;
    field.oneof = void 0;
    field.typeName = typeName;
    field.jsonName = `[${typeName}]`;
    field.toString = () => `extension ${typeName}`;
    const extendee = reg.getMessage(trimLeadingDot(proto.extendee));
    assert(extendee, `invalid FieldDescriptorProto: extendee ${proto.extendee} not found`);
    field.extendee = extendee;
  } else {
    const parent = parentOrFile;
    assert(parent.kind == "message");
    field.parent = parent;
    field.oneof = oneof;
    field.localName = oneof ? protoCamelCase(proto.name) : safeObjectProperty(protoCamelCase(proto.name));
    field.jsonName = proto.jsonName;
    field.toString = () => `field ${parent.typeName}.${proto.name}`;
  }
  const label = proto.label;
  const type = proto.type;
  const jstype = (_c = proto.options) === null || _c === void 0 ? void 0 : _c.jstype;
  if (label === LABEL_REPEATED) {
    const mapEntry = type == TYPE_MESSAGE ? mapEntries === null || mapEntries === void 0 ? void 0 : mapEntries.get(trimLeadingDot(proto.typeName)) : void 0;
    if (mapEntry) {
      field.fieldKind = "map";
      const { key, value } = findMapEntryFields(mapEntry);
      field.mapKey = key.scalar;
      field.mapKind = value.fieldKind;
      field.message = value.message;
      field.delimitedEncoding = false;
      field.enum = value.enum;
      field.scalar = value.scalar;
      return field;
    }
    field.fieldKind = "list";
    switch (type) {
      case TYPE_MESSAGE:
      case TYPE_GROUP:
        field.listKind = "message";
        field.message = reg.getMessage(trimLeadingDot(proto.typeName));
        assert(field.message);
        field.delimitedEncoding = isDelimitedEncoding(proto, parentOrFile);
        break;
      case TYPE_ENUM:
        field.listKind = "enum";
        field.enum = reg.getEnum(trimLeadingDot(proto.typeName));
        assert(field.enum);
        break;
      default:
        field.listKind = "scalar";
        field.scalar = type;
        field.longAsString = jstype == JS_STRING;
        break;
    }
    field.packed = isPackedField(proto, parentOrFile);
    return field;
  }
  switch (type) {
    case TYPE_MESSAGE:
    case TYPE_GROUP:
      field.fieldKind = "message";
      field.message = reg.getMessage(trimLeadingDot(proto.typeName));
      assert(field.message, `invalid FieldDescriptorProto: type_name ${proto.typeName} not found`);
      field.delimitedEncoding = isDelimitedEncoding(proto, parentOrFile);
      field.getDefaultValue = () => void 0;
      break;
    case TYPE_ENUM: {
      const enumeration = reg.getEnum(trimLeadingDot(proto.typeName));
      assert(enumeration !== void 0, `invalid FieldDescriptorProto: type_name ${proto.typeName} not found`);
      field.fieldKind = "enum";
      field.enum = reg.getEnum(trimLeadingDot(proto.typeName));
      field.getDefaultValue = () => {
        return unsafeIsSetExplicit(proto, "defaultValue") ? parseTextFormatEnumValue(enumeration, proto.defaultValue) : void 0;
      };
      break;
    }
    default: {
      field.fieldKind = "scalar";
      field.scalar = type;
      field.longAsString = jstype == JS_STRING;
      field.getDefaultValue = () => {
        return unsafeIsSetExplicit(proto, "defaultValue") ? parseTextFormatScalarValue(type, proto.defaultValue) : void 0;
      };
      break;
    }
  }
  return field;
}
function getFileEdition(proto) {
  switch (proto.syntax) {
    case "":
    case "proto2":
      return EDITION_PROTO22;
    case "proto3":
      return EDITION_PROTO32;
    case "editions":
      if (proto.edition in featureDefaults) {
        return proto.edition;
      }
      throw new Error(`${proto.name}: unsupported edition`);
    default:
      throw new Error(`${proto.name}: unsupported syntax "${proto.syntax}"`);
  }
}
function findFileDependencies(proto, reg) {
  return proto.dependency.map((wantName) => {
    const dep = reg.getFile(wantName);
    if (!dep) {
      throw new Error(`Cannot find ${wantName}, imported by ${proto.name}`);
    }
    return dep;
  });
}
function findEnumSharedPrefix(enumName, values) {
  const prefix = camelToSnakeCase(enumName) + "_";
  for (const value of values) {
    if (!value.name.toLowerCase().startsWith(prefix)) {
      return void 0;
    }
    const shortName = value.name.substring(prefix.length);
    if (shortName.length == 0) {
      return void 0;
    }
    if (/^\d/.test(shortName)) {
      return void 0;
    }
  }
  return prefix;
}
function camelToSnakeCase(camel) {
  return (camel.substring(0, 1) + camel.substring(1).replace(/[A-Z]/g, (c) => "_" + c)).toLowerCase();
}
function makeTypeName(proto, parent, file) {
  let typeName;
  if (parent) {
    typeName = `${parent.typeName}.${proto.name}`;
  } else if (file.proto.package.length > 0) {
    typeName = `${file.proto.package}.${proto.name}`;
  } else {
    typeName = `${proto.name}`;
  }
  return typeName;
}
function trimLeadingDot(typeName) {
  return typeName.startsWith(".") ? typeName.substring(1) : typeName;
}
function findOneof(proto, allOneofs) {
  if (!unsafeIsSetExplicit(proto, "oneofIndex")) {
    return void 0;
  }
  if (proto.proto3Optional) {
    return void 0;
  }
  const oneof = allOneofs[proto.oneofIndex];
  assert(oneof, `invalid FieldDescriptorProto: oneof #${proto.oneofIndex} for field #${proto.number} not found`);
  return oneof;
}
function getFieldPresence(proto, oneof, isExtension, parent) {
  if (proto.label == LABEL_REQUIRED) {
    return LEGACY_REQUIRED;
  }
  if (proto.label == LABEL_REPEATED) {
    return IMPLICIT3;
  }
  if (!!oneof || proto.proto3Optional) {
    return EXPLICIT;
  }
  if (isExtension) {
    return EXPLICIT;
  }
  const resolved = resolveFeature("fieldPresence", { proto, parent });
  if (resolved == IMPLICIT3 && (proto.type == TYPE_MESSAGE || proto.type == TYPE_GROUP)) {
    return EXPLICIT;
  }
  return resolved;
}
function isPackedField(proto, parent) {
  if (proto.label != LABEL_REPEATED) {
    return false;
  }
  switch (proto.type) {
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_GROUP:
    case TYPE_MESSAGE:
      return false;
  }
  const o = proto.options;
  if (o && unsafeIsSetExplicit(o, "packed")) {
    return o.packed;
  }
  return PACKED == resolveFeature("repeatedFieldEncoding", {
    proto,
    parent
  });
}
function findMapEntryFields(mapEntry) {
  const key = mapEntry.fields.find((f) => f.number === 1);
  const value = mapEntry.fields.find((f) => f.number === 2);
  assert(key && key.fieldKind == "scalar" && key.scalar != ScalarType.BYTES && key.scalar != ScalarType.FLOAT && key.scalar != ScalarType.DOUBLE && value && value.fieldKind != "list" && value.fieldKind != "map");
  return { key, value };
}
function isEnumOpen(desc) {
  var _a;
  return OPEN == resolveFeature("enumType", {
    proto: desc.proto,
    parent: (_a = desc.parent) !== null && _a !== void 0 ? _a : desc.file
  });
}
function isDelimitedEncoding(proto, parent) {
  if (proto.type == TYPE_GROUP) {
    return true;
  }
  return DELIMITED == resolveFeature("messageEncoding", {
    proto,
    parent
  });
}
function resolveFeature(name, ref) {
  var _a, _b;
  const featureSet = (_a = ref.proto.options) === null || _a === void 0 ? void 0 : _a.features;
  if (featureSet) {
    const val = featureSet[name];
    if (val != 0) {
      return val;
    }
  }
  if ("kind" in ref) {
    if (ref.kind == "message") {
      return resolveFeature(name, (_b = ref.parent) !== null && _b !== void 0 ? _b : ref.file);
    }
    const editionDefaults = featureDefaults[ref.edition];
    if (!editionDefaults) {
      throw new Error(`feature default for edition ${ref.edition} not found`);
    }
    return editionDefaults[name];
  }
  return resolveFeature(name, ref.parent);
}
function assert(condition, msg) {
  if (!condition) {
    throw new Error(msg);
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/boot.js
function boot(boot2) {
  const root = bootFileDescriptorProto(boot2);
  root.messageType.forEach(restoreJsonNames);
  const reg = createFileRegistry(root, () => void 0);
  return reg.getFile(root.name);
}
function bootFileDescriptorProto(init) {
  const proto = /* @__PURE__ */ Object.create({
    syntax: "",
    edition: 0
  });
  return Object.assign(proto, Object.assign(Object.assign({ $typeName: "google.protobuf.FileDescriptorProto", dependency: [], publicDependency: [], weakDependency: [], optionDependency: [], service: [], extension: [] }, init), { messageType: init.messageType.map(bootDescriptorProto), enumType: init.enumType.map(bootEnumDescriptorProto) }));
}
function bootDescriptorProto(init) {
  var _a, _b, _c, _d, _e, _f, _g, _h;
  const proto = /* @__PURE__ */ Object.create({
    visibility: 0
  });
  return Object.assign(proto, {
    $typeName: "google.protobuf.DescriptorProto",
    name: init.name,
    field: (_b = (_a = init.field) === null || _a === void 0 ? void 0 : _a.map(bootFieldDescriptorProto)) !== null && _b !== void 0 ? _b : [],
    extension: [],
    nestedType: (_d = (_c = init.nestedType) === null || _c === void 0 ? void 0 : _c.map(bootDescriptorProto)) !== null && _d !== void 0 ? _d : [],
    enumType: (_f = (_e = init.enumType) === null || _e === void 0 ? void 0 : _e.map(bootEnumDescriptorProto)) !== null && _f !== void 0 ? _f : [],
    extensionRange: (_h = (_g = init.extensionRange) === null || _g === void 0 ? void 0 : _g.map((e) => Object.assign({ $typeName: "google.protobuf.DescriptorProto.ExtensionRange" }, e))) !== null && _h !== void 0 ? _h : [],
    oneofDecl: [],
    reservedRange: [],
    reservedName: []
  });
}
function bootFieldDescriptorProto(init) {
  const proto = /* @__PURE__ */ Object.create({
    label: 1,
    typeName: "",
    extendee: "",
    defaultValue: "",
    oneofIndex: 0,
    jsonName: "",
    proto3Optional: false
  });
  return Object.assign(proto, Object.assign(Object.assign({ $typeName: "google.protobuf.FieldDescriptorProto" }, init), { options: init.options ? bootFieldOptions(init.options) : void 0 }));
}
function bootFieldOptions(init) {
  var _a, _b, _c;
  const proto = /* @__PURE__ */ Object.create({
    ctype: 0,
    packed: false,
    jstype: 0,
    lazy: false,
    unverifiedLazy: false,
    deprecated: false,
    weak: false,
    debugRedact: false,
    retention: 0
  });
  return Object.assign(proto, Object.assign(Object.assign({ $typeName: "google.protobuf.FieldOptions" }, init), { targets: (_a = init.targets) !== null && _a !== void 0 ? _a : [], editionDefaults: (_c = (_b = init.editionDefaults) === null || _b === void 0 ? void 0 : _b.map((e) => Object.assign({ $typeName: "google.protobuf.FieldOptions.EditionDefault" }, e))) !== null && _c !== void 0 ? _c : [], uninterpretedOption: [] }));
}
function bootEnumDescriptorProto(init) {
  const proto = /* @__PURE__ */ Object.create({
    visibility: 0
  });
  return Object.assign(proto, {
    $typeName: "google.protobuf.EnumDescriptorProto",
    name: init.name,
    reservedName: [],
    reservedRange: [],
    value: init.value.map((e) => Object.assign({ $typeName: "google.protobuf.EnumValueDescriptorProto" }, e))
  });
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/message.js
function messageDesc(file, path, ...paths) {
  return paths.reduce((acc, cur) => acc.nestedMessages[cur], file.messages[path]);
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/enum.js
function enumDesc(file, path, ...paths) {
  if (paths.length == 0) {
    return file.enums[path];
  }
  const e = paths.pop();
  return paths.reduce((acc, cur) => acc.nestedMessages[cur], file.messages[path]).nestedEnums[e];
}
function tsEnum(desc) {
  const enumObject = {};
  for (const value of desc.values) {
    enumObject[value.localName] = value.number;
    enumObject[value.number] = value.localName;
  }
  return enumObject;
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/descriptor_pb.js
var file_google_protobuf_descriptor = /* @__PURE__ */ boot({ "name": "google/protobuf/descriptor.proto", "package": "google.protobuf", "messageType": [{ "name": "FileDescriptorSet", "field": [{ "name": "file", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.FileDescriptorProto" }], "extensionRange": [{ "start": 536e6, "end": 536000001 }] }, { "name": "FileDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "package", "number": 2, "type": 9, "label": 1 }, { "name": "dependency", "number": 3, "type": 9, "label": 3 }, { "name": "public_dependency", "number": 10, "type": 5, "label": 3 }, { "name": "weak_dependency", "number": 11, "type": 5, "label": 3 }, { "name": "option_dependency", "number": 15, "type": 9, "label": 3 }, { "name": "message_type", "number": 4, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto" }, { "name": "enum_type", "number": 5, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumDescriptorProto" }, { "name": "service", "number": 6, "type": 11, "label": 3, "typeName": ".google.protobuf.ServiceDescriptorProto" }, { "name": "extension", "number": 7, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldDescriptorProto" }, { "name": "options", "number": 8, "type": 11, "label": 1, "typeName": ".google.protobuf.FileOptions" }, { "name": "source_code_info", "number": 9, "type": 11, "label": 1, "typeName": ".google.protobuf.SourceCodeInfo" }, { "name": "syntax", "number": 12, "type": 9, "label": 1 }, { "name": "edition", "number": 14, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }] }, { "name": "DescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "field", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldDescriptorProto" }, { "name": "extension", "number": 6, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldDescriptorProto" }, { "name": "nested_type", "number": 3, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto" }, { "name": "enum_type", "number": 4, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumDescriptorProto" }, { "name": "extension_range", "number": 5, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto.ExtensionRange" }, { "name": "oneof_decl", "number": 8, "type": 11, "label": 3, "typeName": ".google.protobuf.OneofDescriptorProto" }, { "name": "options", "number": 7, "type": 11, "label": 1, "typeName": ".google.protobuf.MessageOptions" }, { "name": "reserved_range", "number": 9, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto.ReservedRange" }, { "name": "reserved_name", "number": 10, "type": 9, "label": 3 }, { "name": "visibility", "number": 11, "type": 14, "label": 1, "typeName": ".google.protobuf.SymbolVisibility" }], "nestedType": [{ "name": "ExtensionRange", "field": [{ "name": "start", "number": 1, "type": 5, "label": 1 }, { "name": "end", "number": 2, "type": 5, "label": 1 }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.ExtensionRangeOptions" }] }, { "name": "ReservedRange", "field": [{ "name": "start", "number": 1, "type": 5, "label": 1 }, { "name": "end", "number": 2, "type": 5, "label": 1 }] }] }, { "name": "ExtensionRangeOptions", "field": [{ "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }, { "name": "declaration", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.ExtensionRangeOptions.Declaration", "options": { "retention": 2 } }, { "name": "features", "number": 50, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "verification", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.ExtensionRangeOptions.VerificationState", "defaultValue": "UNVERIFIED", "options": { "retention": 2 } }], "nestedType": [{ "name": "Declaration", "field": [{ "name": "number", "number": 1, "type": 5, "label": 1 }, { "name": "full_name", "number": 2, "type": 9, "label": 1 }, { "name": "type", "number": 3, "type": 9, "label": 1 }, { "name": "reserved", "number": 5, "type": 8, "label": 1 }, { "name": "repeated", "number": 6, "type": 8, "label": 1 }] }], "enumType": [{ "name": "VerificationState", "value": [{ "name": "DECLARATION", "number": 0 }, { "name": "UNVERIFIED", "number": 1 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "FieldDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "number", "number": 3, "type": 5, "label": 1 }, { "name": "label", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldDescriptorProto.Label" }, { "name": "type", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldDescriptorProto.Type" }, { "name": "type_name", "number": 6, "type": 9, "label": 1 }, { "name": "extendee", "number": 2, "type": 9, "label": 1 }, { "name": "default_value", "number": 7, "type": 9, "label": 1 }, { "name": "oneof_index", "number": 9, "type": 5, "label": 1 }, { "name": "json_name", "number": 10, "type": 9, "label": 1 }, { "name": "options", "number": 8, "type": 11, "label": 1, "typeName": ".google.protobuf.FieldOptions" }, { "name": "proto3_optional", "number": 17, "type": 8, "label": 1 }], "enumType": [{ "name": "Type", "value": [{ "name": "TYPE_DOUBLE", "number": 1 }, { "name": "TYPE_FLOAT", "number": 2 }, { "name": "TYPE_INT64", "number": 3 }, { "name": "TYPE_UINT64", "number": 4 }, { "name": "TYPE_INT32", "number": 5 }, { "name": "TYPE_FIXED64", "number": 6 }, { "name": "TYPE_FIXED32", "number": 7 }, { "name": "TYPE_BOOL", "number": 8 }, { "name": "TYPE_STRING", "number": 9 }, { "name": "TYPE_GROUP", "number": 10 }, { "name": "TYPE_MESSAGE", "number": 11 }, { "name": "TYPE_BYTES", "number": 12 }, { "name": "TYPE_UINT32", "number": 13 }, { "name": "TYPE_ENUM", "number": 14 }, { "name": "TYPE_SFIXED32", "number": 15 }, { "name": "TYPE_SFIXED64", "number": 16 }, { "name": "TYPE_SINT32", "number": 17 }, { "name": "TYPE_SINT64", "number": 18 }] }, { "name": "Label", "value": [{ "name": "LABEL_OPTIONAL", "number": 1 }, { "name": "LABEL_REPEATED", "number": 3 }, { "name": "LABEL_REQUIRED", "number": 2 }] }] }, { "name": "OneofDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "options", "number": 2, "type": 11, "label": 1, "typeName": ".google.protobuf.OneofOptions" }] }, { "name": "EnumDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "value", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumValueDescriptorProto" }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.EnumOptions" }, { "name": "reserved_range", "number": 4, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumDescriptorProto.EnumReservedRange" }, { "name": "reserved_name", "number": 5, "type": 9, "label": 3 }, { "name": "visibility", "number": 6, "type": 14, "label": 1, "typeName": ".google.protobuf.SymbolVisibility" }], "nestedType": [{ "name": "EnumReservedRange", "field": [{ "name": "start", "number": 1, "type": 5, "label": 1 }, { "name": "end", "number": 2, "type": 5, "label": 1 }] }] }, { "name": "EnumValueDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "number", "number": 2, "type": 5, "label": 1 }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.EnumValueOptions" }] }, { "name": "ServiceDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "method", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.MethodDescriptorProto" }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.ServiceOptions" }] }, { "name": "MethodDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "input_type", "number": 2, "type": 9, "label": 1 }, { "name": "output_type", "number": 3, "type": 9, "label": 1 }, { "name": "options", "number": 4, "type": 11, "label": 1, "typeName": ".google.protobuf.MethodOptions" }, { "name": "client_streaming", "number": 5, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "server_streaming", "number": 6, "type": 8, "label": 1, "defaultValue": "false" }] }, { "name": "FileOptions", "field": [{ "name": "java_package", "number": 1, "type": 9, "label": 1 }, { "name": "java_outer_classname", "number": 8, "type": 9, "label": 1 }, { "name": "java_multiple_files", "number": 10, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "java_generate_equals_and_hash", "number": 20, "type": 8, "label": 1, "options": { "deprecated": true } }, { "name": "java_string_check_utf8", "number": 27, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "optimize_for", "number": 9, "type": 14, "label": 1, "typeName": ".google.protobuf.FileOptions.OptimizeMode", "defaultValue": "SPEED" }, { "name": "go_package", "number": 11, "type": 9, "label": 1 }, { "name": "cc_generic_services", "number": 16, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "java_generic_services", "number": 17, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "py_generic_services", "number": 18, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated", "number": 23, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "cc_enable_arenas", "number": 31, "type": 8, "label": 1, "defaultValue": "true" }, { "name": "objc_class_prefix", "number": 36, "type": 9, "label": 1 }, { "name": "csharp_namespace", "number": 37, "type": 9, "label": 1 }, { "name": "swift_prefix", "number": 39, "type": 9, "label": 1 }, { "name": "php_class_prefix", "number": 40, "type": 9, "label": 1 }, { "name": "php_namespace", "number": 41, "type": 9, "label": 1 }, { "name": "php_metadata_namespace", "number": 44, "type": 9, "label": 1 }, { "name": "ruby_package", "number": 45, "type": 9, "label": 1 }, { "name": "features", "number": 50, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "enumType": [{ "name": "OptimizeMode", "value": [{ "name": "SPEED", "number": 1 }, { "name": "CODE_SIZE", "number": 2 }, { "name": "LITE_RUNTIME", "number": 3 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "MessageOptions", "field": [{ "name": "message_set_wire_format", "number": 1, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "no_standard_descriptor_accessor", "number": 2, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "map_entry", "number": 7, "type": 8, "label": 1 }, { "name": "deprecated_legacy_json_field_conflicts", "number": 11, "type": 8, "label": 1, "options": { "deprecated": true } }, { "name": "features", "number": 12, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "FieldOptions", "field": [{ "name": "ctype", "number": 1, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldOptions.CType", "defaultValue": "STRING" }, { "name": "packed", "number": 2, "type": 8, "label": 1 }, { "name": "jstype", "number": 6, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldOptions.JSType", "defaultValue": "JS_NORMAL" }, { "name": "lazy", "number": 5, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "unverified_lazy", "number": 15, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "weak", "number": 10, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "debug_redact", "number": 16, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "retention", "number": 17, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldOptions.OptionRetention" }, { "name": "targets", "number": 19, "type": 14, "label": 3, "typeName": ".google.protobuf.FieldOptions.OptionTargetType" }, { "name": "edition_defaults", "number": 20, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldOptions.EditionDefault" }, { "name": "features", "number": 21, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "feature_support", "number": 22, "type": 11, "label": 1, "typeName": ".google.protobuf.FieldOptions.FeatureSupport" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "nestedType": [{ "name": "EditionDefault", "field": [{ "name": "edition", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "value", "number": 2, "type": 9, "label": 1 }] }, { "name": "FeatureSupport", "field": [{ "name": "edition_introduced", "number": 1, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "edition_deprecated", "number": 2, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "deprecation_warning", "number": 3, "type": 9, "label": 1 }, { "name": "edition_removed", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }] }], "enumType": [{ "name": "CType", "value": [{ "name": "STRING", "number": 0 }, { "name": "CORD", "number": 1 }, { "name": "STRING_PIECE", "number": 2 }] }, { "name": "JSType", "value": [{ "name": "JS_NORMAL", "number": 0 }, { "name": "JS_STRING", "number": 1 }, { "name": "JS_NUMBER", "number": 2 }] }, { "name": "OptionRetention", "value": [{ "name": "RETENTION_UNKNOWN", "number": 0 }, { "name": "RETENTION_RUNTIME", "number": 1 }, { "name": "RETENTION_SOURCE", "number": 2 }] }, { "name": "OptionTargetType", "value": [{ "name": "TARGET_TYPE_UNKNOWN", "number": 0 }, { "name": "TARGET_TYPE_FILE", "number": 1 }, { "name": "TARGET_TYPE_EXTENSION_RANGE", "number": 2 }, { "name": "TARGET_TYPE_MESSAGE", "number": 3 }, { "name": "TARGET_TYPE_FIELD", "number": 4 }, { "name": "TARGET_TYPE_ONEOF", "number": 5 }, { "name": "TARGET_TYPE_ENUM", "number": 6 }, { "name": "TARGET_TYPE_ENUM_ENTRY", "number": 7 }, { "name": "TARGET_TYPE_SERVICE", "number": 8 }, { "name": "TARGET_TYPE_METHOD", "number": 9 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "OneofOptions", "field": [{ "name": "features", "number": 1, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "EnumOptions", "field": [{ "name": "allow_alias", "number": 2, "type": 8, "label": 1 }, { "name": "deprecated", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated_legacy_json_field_conflicts", "number": 6, "type": 8, "label": 1, "options": { "deprecated": true } }, { "name": "features", "number": 7, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "EnumValueOptions", "field": [{ "name": "deprecated", "number": 1, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "features", "number": 2, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "debug_redact", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "feature_support", "number": 4, "type": 11, "label": 1, "typeName": ".google.protobuf.FieldOptions.FeatureSupport" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "ServiceOptions", "field": [{ "name": "features", "number": 34, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "deprecated", "number": 33, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "MethodOptions", "field": [{ "name": "deprecated", "number": 33, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "idempotency_level", "number": 34, "type": 14, "label": 1, "typeName": ".google.protobuf.MethodOptions.IdempotencyLevel", "defaultValue": "IDEMPOTENCY_UNKNOWN" }, { "name": "features", "number": 35, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "enumType": [{ "name": "IdempotencyLevel", "value": [{ "name": "IDEMPOTENCY_UNKNOWN", "number": 0 }, { "name": "NO_SIDE_EFFECTS", "number": 1 }, { "name": "IDEMPOTENT", "number": 2 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "UninterpretedOption", "field": [{ "name": "name", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption.NamePart" }, { "name": "identifier_value", "number": 3, "type": 9, "label": 1 }, { "name": "positive_int_value", "number": 4, "type": 4, "label": 1 }, { "name": "negative_int_value", "number": 5, "type": 3, "label": 1 }, { "name": "double_value", "number": 6, "type": 1, "label": 1 }, { "name": "string_value", "number": 7, "type": 12, "label": 1 }, { "name": "aggregate_value", "number": 8, "type": 9, "label": 1 }], "nestedType": [{ "name": "NamePart", "field": [{ "name": "name_part", "number": 1, "type": 9, "label": 2 }, { "name": "is_extension", "number": 2, "type": 8, "label": 2 }] }] }, { "name": "FeatureSet", "field": [{ "name": "field_presence", "number": 1, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.FieldPresence", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "EXPLICIT", "edition": 900 }, { "value": "IMPLICIT", "edition": 999 }, { "value": "EXPLICIT", "edition": 1e3 }] } }, { "name": "enum_type", "number": 2, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.EnumType", "options": { "retention": 1, "targets": [6, 1], "editionDefaults": [{ "value": "CLOSED", "edition": 900 }, { "value": "OPEN", "edition": 999 }] } }, { "name": "repeated_field_encoding", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.RepeatedFieldEncoding", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "EXPANDED", "edition": 900 }, { "value": "PACKED", "edition": 999 }] } }, { "name": "utf8_validation", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.Utf8Validation", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "NONE", "edition": 900 }, { "value": "VERIFY", "edition": 999 }] } }, { "name": "message_encoding", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.MessageEncoding", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "LENGTH_PREFIXED", "edition": 900 }] } }, { "name": "json_format", "number": 6, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.JsonFormat", "options": { "retention": 1, "targets": [3, 6, 1], "editionDefaults": [{ "value": "LEGACY_BEST_EFFORT", "edition": 900 }, { "value": "ALLOW", "edition": 999 }] } }, { "name": "enforce_naming_style", "number": 7, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.EnforceNamingStyle", "options": { "retention": 2, "targets": [1, 2, 3, 4, 5, 6, 7, 8, 9], "editionDefaults": [{ "value": "STYLE_LEGACY", "edition": 900 }, { "value": "STYLE2024", "edition": 1001 }] } }, { "name": "default_symbol_visibility", "number": 8, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility", "options": { "retention": 2, "targets": [1], "editionDefaults": [{ "value": "EXPORT_ALL", "edition": 900 }, { "value": "EXPORT_TOP_LEVEL", "edition": 1001 }] } }], "nestedType": [{ "name": "VisibilityFeature", "enumType": [{ "name": "DefaultSymbolVisibility", "value": [{ "name": "DEFAULT_SYMBOL_VISIBILITY_UNKNOWN", "number": 0 }, { "name": "EXPORT_ALL", "number": 1 }, { "name": "EXPORT_TOP_LEVEL", "number": 2 }, { "name": "LOCAL_ALL", "number": 3 }, { "name": "STRICT", "number": 4 }] }] }], "enumType": [{ "name": "FieldPresence", "value": [{ "name": "FIELD_PRESENCE_UNKNOWN", "number": 0 }, { "name": "EXPLICIT", "number": 1 }, { "name": "IMPLICIT", "number": 2 }, { "name": "LEGACY_REQUIRED", "number": 3 }] }, { "name": "EnumType", "value": [{ "name": "ENUM_TYPE_UNKNOWN", "number": 0 }, { "name": "OPEN", "number": 1 }, { "name": "CLOSED", "number": 2 }] }, { "name": "RepeatedFieldEncoding", "value": [{ "name": "REPEATED_FIELD_ENCODING_UNKNOWN", "number": 0 }, { "name": "PACKED", "number": 1 }, { "name": "EXPANDED", "number": 2 }] }, { "name": "Utf8Validation", "value": [{ "name": "UTF8_VALIDATION_UNKNOWN", "number": 0 }, { "name": "VERIFY", "number": 2 }, { "name": "NONE", "number": 3 }] }, { "name": "MessageEncoding", "value": [{ "name": "MESSAGE_ENCODING_UNKNOWN", "number": 0 }, { "name": "LENGTH_PREFIXED", "number": 1 }, { "name": "DELIMITED", "number": 2 }] }, { "name": "JsonFormat", "value": [{ "name": "JSON_FORMAT_UNKNOWN", "number": 0 }, { "name": "ALLOW", "number": 1 }, { "name": "LEGACY_BEST_EFFORT", "number": 2 }] }, { "name": "EnforceNamingStyle", "value": [{ "name": "ENFORCE_NAMING_STYLE_UNKNOWN", "number": 0 }, { "name": "STYLE2024", "number": 1 }, { "name": "STYLE_LEGACY", "number": 2 }] }], "extensionRange": [{ "start": 1e3, "end": 9995 }, { "start": 9995, "end": 1e4 }, { "start": 1e4, "end": 10001 }] }, { "name": "FeatureSetDefaults", "field": [{ "name": "defaults", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.FeatureSetDefaults.FeatureSetEditionDefault" }, { "name": "minimum_edition", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "maximum_edition", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }], "nestedType": [{ "name": "FeatureSetEditionDefault", "field": [{ "name": "edition", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "overridable_features", "number": 4, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "fixed_features", "number": 5, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }] }] }, { "name": "SourceCodeInfo", "field": [{ "name": "location", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.SourceCodeInfo.Location" }], "nestedType": [{ "name": "Location", "field": [{ "name": "path", "number": 1, "type": 5, "label": 3, "options": { "packed": true } }, { "name": "span", "number": 2, "type": 5, "label": 3, "options": { "packed": true } }, { "name": "leading_comments", "number": 3, "type": 9, "label": 1 }, { "name": "trailing_comments", "number": 4, "type": 9, "label": 1 }, { "name": "leading_detached_comments", "number": 6, "type": 9, "label": 3 }] }], "extensionRange": [{ "start": 536e6, "end": 536000001 }] }, { "name": "GeneratedCodeInfo", "field": [{ "name": "annotation", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.GeneratedCodeInfo.Annotation" }], "nestedType": [{ "name": "Annotation", "field": [{ "name": "path", "number": 1, "type": 5, "label": 3, "options": { "packed": true } }, { "name": "source_file", "number": 2, "type": 9, "label": 1 }, { "name": "begin", "number": 3, "type": 5, "label": 1 }, { "name": "end", "number": 4, "type": 5, "label": 1 }, { "name": "semantic", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.GeneratedCodeInfo.Annotation.Semantic" }], "enumType": [{ "name": "Semantic", "value": [{ "name": "NONE", "number": 0 }, { "name": "SET", "number": 1 }, { "name": "ALIAS", "number": 2 }] }] }] }], "enumType": [{ "name": "Edition", "value": [{ "name": "EDITION_UNKNOWN", "number": 0 }, { "name": "EDITION_LEGACY", "number": 900 }, { "name": "EDITION_PROTO2", "number": 998 }, { "name": "EDITION_PROTO3", "number": 999 }, { "name": "EDITION_2023", "number": 1e3 }, { "name": "EDITION_2024", "number": 1001 }, { "name": "EDITION_1_TEST_ONLY", "number": 1 }, { "name": "EDITION_2_TEST_ONLY", "number": 2 }, { "name": "EDITION_99997_TEST_ONLY", "number": 99997 }, { "name": "EDITION_99998_TEST_ONLY", "number": 99998 }, { "name": "EDITION_99999_TEST_ONLY", "number": 99999 }, { "name": "EDITION_MAX", "number": 2147483647 }] }, { "name": "SymbolVisibility", "value": [{ "name": "VISIBILITY_UNSET", "number": 0 }, { "name": "VISIBILITY_LOCAL", "number": 1 }, { "name": "VISIBILITY_EXPORT", "number": 2 }] }] });
var FileDescriptorProtoSchema = /* @__PURE__ */ messageDesc(file_google_protobuf_descriptor, 1);
var ExtensionRangeOptions_VerificationState;
(function(ExtensionRangeOptions_VerificationState2) {
  ExtensionRangeOptions_VerificationState2[ExtensionRangeOptions_VerificationState2["DECLARATION"] = 0] = "DECLARATION";
  ExtensionRangeOptions_VerificationState2[ExtensionRangeOptions_VerificationState2["UNVERIFIED"] = 1] = "UNVERIFIED";
})(ExtensionRangeOptions_VerificationState || (ExtensionRangeOptions_VerificationState = {}));
var FieldDescriptorProto_Type;
(function(FieldDescriptorProto_Type2) {
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["DOUBLE"] = 1] = "DOUBLE";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["FLOAT"] = 2] = "FLOAT";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["INT64"] = 3] = "INT64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["UINT64"] = 4] = "UINT64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["INT32"] = 5] = "INT32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["FIXED64"] = 6] = "FIXED64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["FIXED32"] = 7] = "FIXED32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["BOOL"] = 8] = "BOOL";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["STRING"] = 9] = "STRING";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["GROUP"] = 10] = "GROUP";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["MESSAGE"] = 11] = "MESSAGE";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["BYTES"] = 12] = "BYTES";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["UINT32"] = 13] = "UINT32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["ENUM"] = 14] = "ENUM";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SFIXED32"] = 15] = "SFIXED32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SFIXED64"] = 16] = "SFIXED64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SINT32"] = 17] = "SINT32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SINT64"] = 18] = "SINT64";
})(FieldDescriptorProto_Type || (FieldDescriptorProto_Type = {}));
var FieldDescriptorProto_Label;
(function(FieldDescriptorProto_Label2) {
  FieldDescriptorProto_Label2[FieldDescriptorProto_Label2["OPTIONAL"] = 1] = "OPTIONAL";
  FieldDescriptorProto_Label2[FieldDescriptorProto_Label2["REPEATED"] = 3] = "REPEATED";
  FieldDescriptorProto_Label2[FieldDescriptorProto_Label2["REQUIRED"] = 2] = "REQUIRED";
})(FieldDescriptorProto_Label || (FieldDescriptorProto_Label = {}));
var FileOptions_OptimizeMode;
(function(FileOptions_OptimizeMode2) {
  FileOptions_OptimizeMode2[FileOptions_OptimizeMode2["SPEED"] = 1] = "SPEED";
  FileOptions_OptimizeMode2[FileOptions_OptimizeMode2["CODE_SIZE"] = 2] = "CODE_SIZE";
  FileOptions_OptimizeMode2[FileOptions_OptimizeMode2["LITE_RUNTIME"] = 3] = "LITE_RUNTIME";
})(FileOptions_OptimizeMode || (FileOptions_OptimizeMode = {}));
var FieldOptions_CType;
(function(FieldOptions_CType2) {
  FieldOptions_CType2[FieldOptions_CType2["STRING"] = 0] = "STRING";
  FieldOptions_CType2[FieldOptions_CType2["CORD"] = 1] = "CORD";
  FieldOptions_CType2[FieldOptions_CType2["STRING_PIECE"] = 2] = "STRING_PIECE";
})(FieldOptions_CType || (FieldOptions_CType = {}));
var FieldOptions_JSType;
(function(FieldOptions_JSType2) {
  FieldOptions_JSType2[FieldOptions_JSType2["JS_NORMAL"] = 0] = "JS_NORMAL";
  FieldOptions_JSType2[FieldOptions_JSType2["JS_STRING"] = 1] = "JS_STRING";
  FieldOptions_JSType2[FieldOptions_JSType2["JS_NUMBER"] = 2] = "JS_NUMBER";
})(FieldOptions_JSType || (FieldOptions_JSType = {}));
var FieldOptions_OptionRetention;
(function(FieldOptions_OptionRetention2) {
  FieldOptions_OptionRetention2[FieldOptions_OptionRetention2["RETENTION_UNKNOWN"] = 0] = "RETENTION_UNKNOWN";
  FieldOptions_OptionRetention2[FieldOptions_OptionRetention2["RETENTION_RUNTIME"] = 1] = "RETENTION_RUNTIME";
  FieldOptions_OptionRetention2[FieldOptions_OptionRetention2["RETENTION_SOURCE"] = 2] = "RETENTION_SOURCE";
})(FieldOptions_OptionRetention || (FieldOptions_OptionRetention = {}));
var FieldOptions_OptionTargetType;
(function(FieldOptions_OptionTargetType2) {
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_UNKNOWN"] = 0] = "TARGET_TYPE_UNKNOWN";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_FILE"] = 1] = "TARGET_TYPE_FILE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_EXTENSION_RANGE"] = 2] = "TARGET_TYPE_EXTENSION_RANGE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_MESSAGE"] = 3] = "TARGET_TYPE_MESSAGE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_FIELD"] = 4] = "TARGET_TYPE_FIELD";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_ONEOF"] = 5] = "TARGET_TYPE_ONEOF";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_ENUM"] = 6] = "TARGET_TYPE_ENUM";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_ENUM_ENTRY"] = 7] = "TARGET_TYPE_ENUM_ENTRY";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_SERVICE"] = 8] = "TARGET_TYPE_SERVICE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_METHOD"] = 9] = "TARGET_TYPE_METHOD";
})(FieldOptions_OptionTargetType || (FieldOptions_OptionTargetType = {}));
var MethodOptions_IdempotencyLevel;
(function(MethodOptions_IdempotencyLevel2) {
  MethodOptions_IdempotencyLevel2[MethodOptions_IdempotencyLevel2["IDEMPOTENCY_UNKNOWN"] = 0] = "IDEMPOTENCY_UNKNOWN";
  MethodOptions_IdempotencyLevel2[MethodOptions_IdempotencyLevel2["NO_SIDE_EFFECTS"] = 1] = "NO_SIDE_EFFECTS";
  MethodOptions_IdempotencyLevel2[MethodOptions_IdempotencyLevel2["IDEMPOTENT"] = 2] = "IDEMPOTENT";
})(MethodOptions_IdempotencyLevel || (MethodOptions_IdempotencyLevel = {}));
var FeatureSet_VisibilityFeature_DefaultSymbolVisibility;
(function(FeatureSet_VisibilityFeature_DefaultSymbolVisibility2) {
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["DEFAULT_SYMBOL_VISIBILITY_UNKNOWN"] = 0] = "DEFAULT_SYMBOL_VISIBILITY_UNKNOWN";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["EXPORT_ALL"] = 1] = "EXPORT_ALL";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["EXPORT_TOP_LEVEL"] = 2] = "EXPORT_TOP_LEVEL";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["LOCAL_ALL"] = 3] = "LOCAL_ALL";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["STRICT"] = 4] = "STRICT";
})(FeatureSet_VisibilityFeature_DefaultSymbolVisibility || (FeatureSet_VisibilityFeature_DefaultSymbolVisibility = {}));
var FeatureSet_FieldPresence;
(function(FeatureSet_FieldPresence2) {
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["FIELD_PRESENCE_UNKNOWN"] = 0] = "FIELD_PRESENCE_UNKNOWN";
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["EXPLICIT"] = 1] = "EXPLICIT";
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["IMPLICIT"] = 2] = "IMPLICIT";
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["LEGACY_REQUIRED"] = 3] = "LEGACY_REQUIRED";
})(FeatureSet_FieldPresence || (FeatureSet_FieldPresence = {}));
var FeatureSet_EnumType;
(function(FeatureSet_EnumType2) {
  FeatureSet_EnumType2[FeatureSet_EnumType2["ENUM_TYPE_UNKNOWN"] = 0] = "ENUM_TYPE_UNKNOWN";
  FeatureSet_EnumType2[FeatureSet_EnumType2["OPEN"] = 1] = "OPEN";
  FeatureSet_EnumType2[FeatureSet_EnumType2["CLOSED"] = 2] = "CLOSED";
})(FeatureSet_EnumType || (FeatureSet_EnumType = {}));
var FeatureSet_RepeatedFieldEncoding;
(function(FeatureSet_RepeatedFieldEncoding2) {
  FeatureSet_RepeatedFieldEncoding2[FeatureSet_RepeatedFieldEncoding2["REPEATED_FIELD_ENCODING_UNKNOWN"] = 0] = "REPEATED_FIELD_ENCODING_UNKNOWN";
  FeatureSet_RepeatedFieldEncoding2[FeatureSet_RepeatedFieldEncoding2["PACKED"] = 1] = "PACKED";
  FeatureSet_RepeatedFieldEncoding2[FeatureSet_RepeatedFieldEncoding2["EXPANDED"] = 2] = "EXPANDED";
})(FeatureSet_RepeatedFieldEncoding || (FeatureSet_RepeatedFieldEncoding = {}));
var FeatureSet_Utf8Validation;
(function(FeatureSet_Utf8Validation2) {
  FeatureSet_Utf8Validation2[FeatureSet_Utf8Validation2["UTF8_VALIDATION_UNKNOWN"] = 0] = "UTF8_VALIDATION_UNKNOWN";
  FeatureSet_Utf8Validation2[FeatureSet_Utf8Validation2["VERIFY"] = 2] = "VERIFY";
  FeatureSet_Utf8Validation2[FeatureSet_Utf8Validation2["NONE"] = 3] = "NONE";
})(FeatureSet_Utf8Validation || (FeatureSet_Utf8Validation = {}));
var FeatureSet_MessageEncoding;
(function(FeatureSet_MessageEncoding2) {
  FeatureSet_MessageEncoding2[FeatureSet_MessageEncoding2["MESSAGE_ENCODING_UNKNOWN"] = 0] = "MESSAGE_ENCODING_UNKNOWN";
  FeatureSet_MessageEncoding2[FeatureSet_MessageEncoding2["LENGTH_PREFIXED"] = 1] = "LENGTH_PREFIXED";
  FeatureSet_MessageEncoding2[FeatureSet_MessageEncoding2["DELIMITED"] = 2] = "DELIMITED";
})(FeatureSet_MessageEncoding || (FeatureSet_MessageEncoding = {}));
var FeatureSet_JsonFormat;
(function(FeatureSet_JsonFormat2) {
  FeatureSet_JsonFormat2[FeatureSet_JsonFormat2["JSON_FORMAT_UNKNOWN"] = 0] = "JSON_FORMAT_UNKNOWN";
  FeatureSet_JsonFormat2[FeatureSet_JsonFormat2["ALLOW"] = 1] = "ALLOW";
  FeatureSet_JsonFormat2[FeatureSet_JsonFormat2["LEGACY_BEST_EFFORT"] = 2] = "LEGACY_BEST_EFFORT";
})(FeatureSet_JsonFormat || (FeatureSet_JsonFormat = {}));
var FeatureSet_EnforceNamingStyle;
(function(FeatureSet_EnforceNamingStyle2) {
  FeatureSet_EnforceNamingStyle2[FeatureSet_EnforceNamingStyle2["ENFORCE_NAMING_STYLE_UNKNOWN"] = 0] = "ENFORCE_NAMING_STYLE_UNKNOWN";
  FeatureSet_EnforceNamingStyle2[FeatureSet_EnforceNamingStyle2["STYLE2024"] = 1] = "STYLE2024";
  FeatureSet_EnforceNamingStyle2[FeatureSet_EnforceNamingStyle2["STYLE_LEGACY"] = 2] = "STYLE_LEGACY";
})(FeatureSet_EnforceNamingStyle || (FeatureSet_EnforceNamingStyle = {}));
var GeneratedCodeInfo_Annotation_Semantic;
(function(GeneratedCodeInfo_Annotation_Semantic2) {
  GeneratedCodeInfo_Annotation_Semantic2[GeneratedCodeInfo_Annotation_Semantic2["NONE"] = 0] = "NONE";
  GeneratedCodeInfo_Annotation_Semantic2[GeneratedCodeInfo_Annotation_Semantic2["SET"] = 1] = "SET";
  GeneratedCodeInfo_Annotation_Semantic2[GeneratedCodeInfo_Annotation_Semantic2["ALIAS"] = 2] = "ALIAS";
})(GeneratedCodeInfo_Annotation_Semantic || (GeneratedCodeInfo_Annotation_Semantic = {}));
var Edition;
(function(Edition2) {
  Edition2[Edition2["EDITION_UNKNOWN"] = 0] = "EDITION_UNKNOWN";
  Edition2[Edition2["EDITION_LEGACY"] = 900] = "EDITION_LEGACY";
  Edition2[Edition2["EDITION_PROTO2"] = 998] = "EDITION_PROTO2";
  Edition2[Edition2["EDITION_PROTO3"] = 999] = "EDITION_PROTO3";
  Edition2[Edition2["EDITION_2023"] = 1e3] = "EDITION_2023";
  Edition2[Edition2["EDITION_2024"] = 1001] = "EDITION_2024";
  Edition2[Edition2["EDITION_1_TEST_ONLY"] = 1] = "EDITION_1_TEST_ONLY";
  Edition2[Edition2["EDITION_2_TEST_ONLY"] = 2] = "EDITION_2_TEST_ONLY";
  Edition2[Edition2["EDITION_99997_TEST_ONLY"] = 99997] = "EDITION_99997_TEST_ONLY";
  Edition2[Edition2["EDITION_99998_TEST_ONLY"] = 99998] = "EDITION_99998_TEST_ONLY";
  Edition2[Edition2["EDITION_99999_TEST_ONLY"] = 99999] = "EDITION_99999_TEST_ONLY";
  Edition2[Edition2["EDITION_MAX"] = 2147483647] = "EDITION_MAX";
})(Edition || (Edition = {}));
var SymbolVisibility;
(function(SymbolVisibility2) {
  SymbolVisibility2[SymbolVisibility2["VISIBILITY_UNSET"] = 0] = "VISIBILITY_UNSET";
  SymbolVisibility2[SymbolVisibility2["VISIBILITY_LOCAL"] = 1] = "VISIBILITY_LOCAL";
  SymbolVisibility2[SymbolVisibility2["VISIBILITY_EXPORT"] = 2] = "VISIBILITY_EXPORT";
})(SymbolVisibility || (SymbolVisibility = {}));

// node_modules/@bufbuild/protobuf/dist/esm/from-binary.js
var readDefaults = {
  readUnknownFields: true
};
function makeReadOptions(options) {
  return options ? Object.assign(Object.assign({}, readDefaults), options) : readDefaults;
}
function fromBinary(schema, bytes, options) {
  const msg = reflect(schema, void 0, false);
  readMessage(msg, new BinaryReader(bytes), makeReadOptions(options), false, bytes.byteLength);
  return msg.message;
}
function readMessage(message, reader, options, delimited, lengthOrDelimitedFieldNo) {
  var _a;
  const end = delimited ? reader.len : reader.pos + lengthOrDelimitedFieldNo;
  let fieldNo;
  let wireType;
  const unknownFields = (_a = message.getUnknown()) !== null && _a !== void 0 ? _a : [];
  while (reader.pos < end) {
    [fieldNo, wireType] = reader.tag();
    if (delimited && wireType == WireType.EndGroup) {
      break;
    }
    const field = message.findNumber(fieldNo);
    if (!field) {
      const data = reader.skip(wireType, fieldNo);
      if (options.readUnknownFields) {
        unknownFields.push({ no: fieldNo, wireType, data });
      }
      continue;
    }
    readField(message, reader, field, wireType, options);
  }
  if (delimited) {
    if (wireType != WireType.EndGroup || fieldNo !== lengthOrDelimitedFieldNo) {
      throw new Error("invalid end group tag");
    }
  }
  if (unknownFields.length > 0) {
    message.setUnknown(unknownFields);
  }
}
function readField(message, reader, field, wireType, options) {
  var _a;
  switch (field.fieldKind) {
    case "scalar":
      message.set(field, readScalar(reader, field.scalar));
      break;
    case "enum":
      const val = readScalar(reader, ScalarType.INT32);
      if (field.enum.open) {
        message.set(field, val);
      } else {
        const ok = field.enum.values.some((v) => v.number === val);
        if (ok) {
          message.set(field, val);
        } else if (options.readUnknownFields) {
          const data = new BinaryWriter().int32(val).finish();
          const unknownFields = (_a = message.getUnknown()) !== null && _a !== void 0 ? _a : [];
          unknownFields.push({ no: field.number, wireType, data });
          message.setUnknown(unknownFields);
        }
      }
      break;
    case "message":
      message.set(field, readMessageField(reader, options, field, message.get(field)));
      break;
    case "list":
      readListField(reader, wireType, message.get(field), options);
      break;
    case "map":
      readMapEntry(reader, message.get(field), options);
      break;
  }
}
function readMapEntry(reader, map, options) {
  const field = map.field();
  let key;
  let val;
  const len = reader.uint32();
  const end = reader.pos + len;
  while (reader.pos < end) {
    const [fieldNo] = reader.tag();
    switch (fieldNo) {
      case 1:
        key = readScalar(reader, field.mapKey);
        break;
      case 2:
        switch (field.mapKind) {
          case "scalar":
            val = readScalar(reader, field.scalar);
            break;
          case "enum":
            val = reader.int32();
            break;
          case "message":
            val = readMessageField(reader, options, field);
            break;
        }
        break;
    }
  }
  if (key === void 0) {
    key = scalarZeroValue(field.mapKey, false);
  }
  if (val === void 0) {
    switch (field.mapKind) {
      case "scalar":
        val = scalarZeroValue(field.scalar, false);
        break;
      case "enum":
        val = field.enum.values[0].number;
        break;
      case "message":
        val = reflect(field.message, void 0, false);
        break;
    }
  }
  map.set(key, val);
}
function readListField(reader, wireType, list, options) {
  var _a;
  const field = list.field();
  if (field.listKind === "message") {
    list.add(readMessageField(reader, options, field));
    return;
  }
  const scalarType = (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32;
  const packed = wireType == WireType.LengthDelimited && scalarType != ScalarType.STRING && scalarType != ScalarType.BYTES;
  if (!packed) {
    list.add(readScalar(reader, scalarType));
    return;
  }
  const e = reader.uint32() + reader.pos;
  while (reader.pos < e) {
    list.add(readScalar(reader, scalarType));
  }
}
function readMessageField(reader, options, field, mergeMessage) {
  const delimited = field.delimitedEncoding;
  const message = mergeMessage !== null && mergeMessage !== void 0 ? mergeMessage : reflect(field.message, void 0, false);
  readMessage(message, reader, options, delimited, delimited ? field.number : reader.uint32());
  return message;
}
function readScalar(reader, type) {
  switch (type) {
    case ScalarType.STRING:
      return reader.string();
    case ScalarType.BOOL:
      return reader.bool();
    case ScalarType.DOUBLE:
      return reader.double();
    case ScalarType.FLOAT:
      return reader.float();
    case ScalarType.INT32:
      return reader.int32();
    case ScalarType.INT64:
      return reader.int64();
    case ScalarType.UINT64:
      return reader.uint64();
    case ScalarType.FIXED64:
      return reader.fixed64();
    case ScalarType.BYTES:
      return reader.bytes();
    case ScalarType.FIXED32:
      return reader.fixed32();
    case ScalarType.SFIXED32:
      return reader.sfixed32();
    case ScalarType.SFIXED64:
      return reader.sfixed64();
    case ScalarType.SINT64:
      return reader.sint64();
    case ScalarType.UINT32:
      return reader.uint32();
    case ScalarType.SINT32:
      return reader.sint32();
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/file.js
function fileDesc(b64, imports) {
  var _a;
  const root = fromBinary(FileDescriptorProtoSchema, base64Decode(b64));
  root.messageType.forEach(restoreJsonNames);
  root.dependency = (_a = imports === null || imports === void 0 ? void 0 : imports.map((f) => f.proto.name)) !== null && _a !== void 0 ? _a : [];
  const reg = createFileRegistry(root, (protoFileName) => imports === null || imports === void 0 ? void 0 : imports.find((f) => f.proto.name === protoFileName));
  return reg.getFile(root.name);
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/timestamp_pb.js
var file_google_protobuf_timestamp = /* @__PURE__ */ fileDesc("Ch9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvEg9nb29nbGUucHJvdG9idWYiKwoJVGltZXN0YW1wEg8KB3NlY29uZHMYASABKAMSDQoFbmFub3MYAiABKAVChQEKE2NvbS5nb29nbGUucHJvdG9idWZCDlRpbWVzdGFtcFByb3RvUAFaMmdvb2dsZS5nb2xhbmcub3JnL3Byb3RvYnVmL3R5cGVzL2tub3duL3RpbWVzdGFtcHBi+AEBogIDR1BCqgIeR29vZ2xlLlByb3RvYnVmLldlbGxLbm93blR5cGVzYgZwcm90bzM");
var TimestampSchema = /* @__PURE__ */ messageDesc(file_google_protobuf_timestamp, 0);

// node_modules/@bufbuild/protobuf/dist/esm/wkt/timestamp.js
function timestampFromDate(date) {
  return timestampFromMs(date.getTime());
}
function timestampDate(timestamp) {
  return new Date(timestampMs(timestamp));
}
function timestampFromMs(timestampMs2) {
  const seconds = Math.floor(timestampMs2 / 1e3);
  return create(TimestampSchema, {
    seconds: protoInt64.parse(seconds),
    nanos: (timestampMs2 - seconds * 1e3) * 1e6
  });
}
function timestampMs(timestamp) {
  return Number(timestamp.seconds) * 1e3 + Math.round(timestamp.nanos / 1e6);
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/any_pb.js
var file_google_protobuf_any = /* @__PURE__ */ fileDesc("Chlnb29nbGUvcHJvdG9idWYvYW55LnByb3RvEg9nb29nbGUucHJvdG9idWYiJgoDQW55EhAKCHR5cGVfdXJsGAEgASgJEg0KBXZhbHVlGAIgASgMQnYKE2NvbS5nb29nbGUucHJvdG9idWZCCEFueVByb3RvUAFaLGdvb2dsZS5nb2xhbmcub3JnL3Byb3RvYnVmL3R5cGVzL2tub3duL2FueXBiogIDR1BCqgIeR29vZ2xlLlByb3RvYnVmLldlbGxLbm93blR5cGVzYgZwcm90bzM");
var AnySchema = /* @__PURE__ */ messageDesc(file_google_protobuf_any, 0);

// node_modules/@bufbuild/protobuf/dist/esm/to-binary.js
var LEGACY_REQUIRED2 = 3;
var writeDefaults = {
  writeUnknownFields: true
};
function makeWriteOptions(options) {
  return options ? Object.assign(Object.assign({}, writeDefaults), options) : writeDefaults;
}
function toBinary(schema, message, options) {
  return writeFields(new BinaryWriter(), makeWriteOptions(options), reflect(schema, message)).finish();
}
function writeFields(writer, opts, msg) {
  var _a;
  for (const f of msg.sortedFields) {
    if (!msg.isSet(f)) {
      if (f.presence == LEGACY_REQUIRED2) {
        throw new Error(`cannot encode ${f} to binary: required field not set`);
      }
      continue;
    }
    writeField(writer, opts, msg, f);
  }
  if (opts.writeUnknownFields) {
    for (const { no, wireType, data } of (_a = msg.getUnknown()) !== null && _a !== void 0 ? _a : []) {
      writer.tag(no, wireType).raw(data);
    }
  }
  return writer;
}
function writeField(writer, opts, msg, field) {
  var _a;
  switch (field.fieldKind) {
    case "scalar":
    case "enum":
      writeScalar(writer, msg.desc.typeName, field.name, (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32, field.number, msg.get(field));
      break;
    case "list":
      writeListField(writer, opts, field, msg.get(field));
      break;
    case "message":
      writeMessageField(writer, opts, field, msg.get(field));
      break;
    case "map":
      for (const [key, val] of msg.get(field)) {
        writeMapEntry(writer, opts, field, key, val);
      }
      break;
  }
}
function writeScalar(writer, msgName, fieldName, scalarType, fieldNo, value) {
  writeScalarValue(writer.tag(fieldNo, writeTypeOfScalar(scalarType)), msgName, fieldName, scalarType, value);
}
function writeMessageField(writer, opts, field, message) {
  if (field.delimitedEncoding) {
    writeFields(writer.tag(field.number, WireType.StartGroup), opts, message).tag(field.number, WireType.EndGroup);
  } else {
    writeFields(writer.tag(field.number, WireType.LengthDelimited).fork(), opts, message).join();
  }
}
function writeListField(writer, opts, field, list) {
  var _a;
  if (field.listKind == "message") {
    for (const item of list) {
      writeMessageField(writer, opts, field, item);
    }
    return;
  }
  const scalarType = (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32;
  if (field.packed) {
    if (!list.size) {
      return;
    }
    writer.tag(field.number, WireType.LengthDelimited).fork();
    for (const item of list) {
      writeScalarValue(writer, field.parent.typeName, field.name, scalarType, item);
    }
    writer.join();
    return;
  }
  for (const item of list) {
    writeScalar(writer, field.parent.typeName, field.name, scalarType, field.number, item);
  }
}
function writeMapEntry(writer, opts, field, key, value) {
  var _a;
  writer.tag(field.number, WireType.LengthDelimited).fork();
  writeScalar(writer, field.parent.typeName, field.name, field.mapKey, 1, key);
  switch (field.mapKind) {
    case "scalar":
    case "enum":
      writeScalar(writer, field.parent.typeName, field.name, (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32, 2, value);
      break;
    case "message":
      writeFields(writer.tag(2, WireType.LengthDelimited).fork(), opts, value).join();
      break;
  }
  writer.join();
}
function writeScalarValue(writer, msgName, fieldName, type, value) {
  try {
    switch (type) {
      case ScalarType.STRING:
        writer.string(value);
        break;
      case ScalarType.BOOL:
        writer.bool(value);
        break;
      case ScalarType.DOUBLE:
        writer.double(value);
        break;
      case ScalarType.FLOAT:
        writer.float(value);
        break;
      case ScalarType.INT32:
        writer.int32(value);
        break;
      case ScalarType.INT64:
        writer.int64(value);
        break;
      case ScalarType.UINT64:
        writer.uint64(value);
        break;
      case ScalarType.FIXED64:
        writer.fixed64(value);
        break;
      case ScalarType.BYTES:
        writer.bytes(value);
        break;
      case ScalarType.FIXED32:
        writer.fixed32(value);
        break;
      case ScalarType.SFIXED32:
        writer.sfixed32(value);
        break;
      case ScalarType.SFIXED64:
        writer.sfixed64(value);
        break;
      case ScalarType.SINT64:
        writer.sint64(value);
        break;
      case ScalarType.UINT32:
        writer.uint32(value);
        break;
      case ScalarType.SINT32:
        writer.sint32(value);
        break;
    }
  } catch (e) {
    if (e instanceof Error) {
      throw new Error(`cannot encode field ${msgName}.${fieldName} to binary: ${e.message}`);
    }
    throw e;
  }
}
function writeTypeOfScalar(type) {
  switch (type) {
    case ScalarType.BYTES:
    case ScalarType.STRING:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/any.js
function anyPack(schema, message, into) {
  let ret = false;
  if (!into) {
    into = create(AnySchema);
    ret = true;
  }
  into.value = toBinary(schema, message);
  into.typeUrl = typeNameToUrl(message.$typeName);
  return ret ? into : void 0;
}
function anyIs(any, descOrTypeName) {
  if (any.typeUrl === "") {
    return false;
  }
  const want = typeof descOrTypeName == "string" ? descOrTypeName : descOrTypeName.typeName;
  const got = typeUrlToName(any.typeUrl);
  return want === got;
}
function anyUnpack(any, registryOrMessageDesc) {
  if (any.typeUrl === "") {
    return void 0;
  }
  const desc = registryOrMessageDesc.kind == "message" ? registryOrMessageDesc : registryOrMessageDesc.getMessage(typeUrlToName(any.typeUrl));
  if (!desc || !anyIs(any, desc)) {
    return void 0;
  }
  return fromBinary(desc, any.value);
}
function typeNameToUrl(name) {
  return `type.googleapis.com/${name}`;
}
function typeUrlToName(url) {
  const slash = url.lastIndexOf("/");
  const name = slash >= 0 ? url.substring(slash + 1) : url;
  if (!name.length) {
    throw new Error(`invalid type url: ${url}`);
  }
  return name;
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/extension.js
function extDesc(file, path, ...paths) {
  if (paths.length == 0) {
    return file.extensions[path];
  }
  const e = paths.pop();
  return paths.reduce((acc, cur) => acc.nestedMessages[cur], file.messages[path]).nestedExtensions[e];
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/duration_pb.js
var file_google_protobuf_duration = /* @__PURE__ */ fileDesc("Ch5nb29nbGUvcHJvdG9idWYvZHVyYXRpb24ucHJvdG8SD2dvb2dsZS5wcm90b2J1ZiIqCghEdXJhdGlvbhIPCgdzZWNvbmRzGAEgASgDEg0KBW5hbm9zGAIgASgFQoMBChNjb20uZ29vZ2xlLnByb3RvYnVmQg1EdXJhdGlvblByb3RvUAFaMWdvb2dsZS5nb2xhbmcub3JnL3Byb3RvYnVmL3R5cGVzL2tub3duL2R1cmF0aW9ucGL4AQGiAgNHUEKqAh5Hb29nbGUuUHJvdG9idWYuV2VsbEtub3duVHlwZXNiBnByb3RvMw");

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/field_mask_pb.js
var file_google_protobuf_field_mask = /* @__PURE__ */ fileDesc("CiBnb29nbGUvcHJvdG9idWYvZmllbGRfbWFzay5wcm90bxIPZ29vZ2xlLnByb3RvYnVmIhoKCUZpZWxkTWFzaxINCgVwYXRocxgBIAMoCUKFAQoTY29tLmdvb2dsZS5wcm90b2J1ZkIORmllbGRNYXNrUHJvdG9QAVoyZ29vZ2xlLmdvbGFuZy5vcmcvcHJvdG9idWYvdHlwZXMva25vd24vZmllbGRtYXNrcGL4AQGiAgNHUEKqAh5Hb29nbGUuUHJvdG9idWYuV2VsbEtub3duVHlwZXNiBnByb3RvMw");

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/struct_pb.js
var file_google_protobuf_struct = /* @__PURE__ */ fileDesc("Chxnb29nbGUvcHJvdG9idWYvc3RydWN0LnByb3RvEg9nb29nbGUucHJvdG9idWYihAEKBlN0cnVjdBIzCgZmaWVsZHMYASADKAsyIy5nb29nbGUucHJvdG9idWYuU3RydWN0LkZpZWxkc0VudHJ5GkUKC0ZpZWxkc0VudHJ5EgsKA2tleRgBIAEoCRIlCgV2YWx1ZRgCIAEoCzIWLmdvb2dsZS5wcm90b2J1Zi5WYWx1ZToCOAEi6gEKBVZhbHVlEjAKCm51bGxfdmFsdWUYASABKA4yGi5nb29nbGUucHJvdG9idWYuTnVsbFZhbHVlSAASFgoMbnVtYmVyX3ZhbHVlGAIgASgBSAASFgoMc3RyaW5nX3ZhbHVlGAMgASgJSAASFAoKYm9vbF92YWx1ZRgEIAEoCEgAEi8KDHN0cnVjdF92YWx1ZRgFIAEoCzIXLmdvb2dsZS5wcm90b2J1Zi5TdHJ1Y3RIABIwCgpsaXN0X3ZhbHVlGAYgASgLMhouZ29vZ2xlLnByb3RvYnVmLkxpc3RWYWx1ZUgAQgYKBGtpbmQiMwoJTGlzdFZhbHVlEiYKBnZhbHVlcxgBIAMoCzIWLmdvb2dsZS5wcm90b2J1Zi5WYWx1ZSobCglOdWxsVmFsdWUSDgoKTlVMTF9WQUxVRRAAQn8KE2NvbS5nb29nbGUucHJvdG9idWZCC1N0cnVjdFByb3RvUAFaL2dvb2dsZS5nb2xhbmcub3JnL3Byb3RvYnVmL3R5cGVzL2tub3duL3N0cnVjdHBi+AEBogIDR1BCqgIeR29vZ2xlLlByb3RvYnVmLldlbGxLbm93blR5cGVzYgZwcm90bzM");
var StructSchema = /* @__PURE__ */ messageDesc(file_google_protobuf_struct, 0);
var ValueSchema = /* @__PURE__ */ messageDesc(file_google_protobuf_struct, 1);
var ListValueSchema = /* @__PURE__ */ messageDesc(file_google_protobuf_struct, 2);
var NullValue;
(function(NullValue2) {
  NullValue2[NullValue2["NULL_VALUE"] = 0] = "NULL_VALUE";
})(NullValue || (NullValue = {}));

// node_modules/@bufbuild/protobuf/dist/esm/extensions.js
function getExtension(message, extension) {
  assertExtendee(extension, message);
  const ufs = filterUnknownFields(message.$unknown, extension);
  const [container, field, get] = createExtensionContainer(extension);
  for (const uf of ufs) {
    readField(container, new BinaryReader(uf.data), field, uf.wireType, {
      readUnknownFields: true
    });
  }
  return get();
}
function setExtension(message, extension, value) {
  var _a;
  assertExtendee(extension, message);
  const ufs = ((_a = message.$unknown) !== null && _a !== void 0 ? _a : []).filter((uf) => uf.no !== extension.number);
  const [container, field] = createExtensionContainer(extension, value);
  const writer = new BinaryWriter();
  writeField(writer, { writeUnknownFields: true }, container, field);
  const reader = new BinaryReader(writer.finish());
  while (reader.pos < reader.len) {
    const [no, wireType] = reader.tag();
    const data = reader.skip(wireType, no);
    ufs.push({ no, wireType, data });
  }
  message.$unknown = ufs;
}
function filterUnknownFields(unknownFields, extension) {
  if (unknownFields === void 0)
    return [];
  if (extension.fieldKind === "enum" || extension.fieldKind === "scalar") {
    for (let i = unknownFields.length - 1; i >= 0; --i) {
      if (unknownFields[i].no == extension.number) {
        return [unknownFields[i]];
      }
    }
    return [];
  }
  return unknownFields.filter((uf) => uf.no === extension.number);
}
function createExtensionContainer(extension, value) {
  const localName = extension.typeName;
  const field = Object.assign(Object.assign({}, extension), { kind: "field", parent: extension.extendee, localName });
  const desc = Object.assign(Object.assign({}, extension.extendee), { fields: [field], members: [field], oneofs: [] });
  const container = create(desc, value !== void 0 ? { [localName]: value } : void 0);
  return [
    reflect(desc, container),
    field,
    () => {
      const value2 = container[localName];
      if (value2 === void 0) {
        const desc2 = extension.message;
        if (isWrapperDesc(desc2)) {
          return scalarZeroValue(desc2.fields[0].scalar, desc2.fields[0].longAsString);
        }
        return create(desc2);
      }
      return value2;
    }
  ];
}
function assertExtendee(extension, message) {
  if (extension.extendee.typeName != message.$typeName) {
    throw new Error(`extension ${extension.typeName} can only be applied to message ${extension.extendee.typeName}`);
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/to-json.js
var LEGACY_REQUIRED3 = 3;
var IMPLICIT4 = 2;
var jsonWriteDefaults = {
  alwaysEmitImplicit: false,
  enumAsInteger: false,
  useProtoFieldName: false
};
function makeWriteOptions2(options) {
  return options ? Object.assign(Object.assign({}, jsonWriteDefaults), options) : jsonWriteDefaults;
}
function toJson(schema, message, options) {
  return reflectToJson(reflect(schema, message), makeWriteOptions2(options));
}
function toJsonString(schema, message, options) {
  var _a;
  const jsonValue = toJson(schema, message, options);
  return JSON.stringify(jsonValue, null, (_a = options === null || options === void 0 ? void 0 : options.prettySpaces) !== null && _a !== void 0 ? _a : 0);
}
function reflectToJson(msg, opts) {
  var _a;
  const wktJson = tryWktToJson(msg, opts);
  if (wktJson !== void 0)
    return wktJson;
  const json = {};
  for (const f of msg.sortedFields) {
    if (!msg.isSet(f)) {
      if (f.presence == LEGACY_REQUIRED3) {
        throw new Error(`cannot encode ${f} to JSON: required field not set`);
      }
      if (!opts.alwaysEmitImplicit || f.presence !== IMPLICIT4) {
        continue;
      }
    }
    const jsonValue = fieldToJson(f, msg.get(f), opts);
    if (jsonValue !== void 0) {
      json[jsonName(f, opts)] = jsonValue;
    }
  }
  if (opts.registry) {
    const tagSeen = /* @__PURE__ */ new Set();
    for (const { no } of (_a = msg.getUnknown()) !== null && _a !== void 0 ? _a : []) {
      if (!tagSeen.has(no)) {
        tagSeen.add(no);
        const extension = opts.registry.getExtensionFor(msg.desc, no);
        if (!extension) {
          continue;
        }
        const value = getExtension(msg.message, extension);
        const [container, field] = createExtensionContainer(extension, value);
        const jsonValue = fieldToJson(field, container.get(field), opts);
        if (jsonValue !== void 0) {
          json[extension.jsonName] = jsonValue;
        }
      }
    }
  }
  return json;
}
function fieldToJson(f, val, opts) {
  switch (f.fieldKind) {
    case "scalar":
      return scalarToJson(f, val);
    case "message":
      return reflectToJson(val, opts);
    case "enum":
      return enumToJsonInternal(f.enum, val, opts.enumAsInteger);
    case "list":
      return listToJson(val, opts);
    case "map":
      return mapToJson(val, opts);
  }
}
function mapToJson(map, opts) {
  const f = map.field();
  const jsonObj = {};
  switch (f.mapKind) {
    case "scalar":
      for (const [entryKey, entryValue] of map) {
        jsonObj[entryKey] = scalarToJson(f, entryValue);
      }
      break;
    case "message":
      for (const [entryKey, entryValue] of map) {
        jsonObj[entryKey] = reflectToJson(entryValue, opts);
      }
      break;
    case "enum":
      for (const [entryKey, entryValue] of map) {
        jsonObj[entryKey] = enumToJsonInternal(f.enum, entryValue, opts.enumAsInteger);
      }
      break;
  }
  return opts.alwaysEmitImplicit || map.size > 0 ? jsonObj : void 0;
}
function listToJson(list, opts) {
  const f = list.field();
  const jsonArr = [];
  switch (f.listKind) {
    case "scalar":
      for (const item of list) {
        jsonArr.push(scalarToJson(f, item));
      }
      break;
    case "enum":
      for (const item of list) {
        jsonArr.push(enumToJsonInternal(f.enum, item, opts.enumAsInteger));
      }
      break;
    case "message":
      for (const item of list) {
        jsonArr.push(reflectToJson(item, opts));
      }
      break;
  }
  return opts.alwaysEmitImplicit || jsonArr.length > 0 ? jsonArr : void 0;
}
function enumToJsonInternal(desc, value, enumAsInteger) {
  var _a;
  if (typeof value != "number") {
    throw new Error(`cannot encode ${desc} to JSON: expected number, got ${formatVal(value)}`);
  }
  if (desc.typeName == "google.protobuf.NullValue") {
    return null;
  }
  if (enumAsInteger) {
    return value;
  }
  const val = desc.value[value];
  return (_a = val === null || val === void 0 ? void 0 : val.name) !== null && _a !== void 0 ? _a : value;
}
function scalarToJson(field, value) {
  var _a, _b, _c, _d, _e, _f;
  switch (field.scalar) {
    // int32, fixed32, uint32: JSON value will be a decimal number. Either numbers or strings are accepted.
    case ScalarType.INT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
      if (typeof value != "number") {
        throw new Error(`cannot encode ${field} to JSON: ${(_a = checkField(field, value)) === null || _a === void 0 ? void 0 : _a.message}`);
      }
      return value;
    // float, double: JSON value will be a number or one of the special string values "NaN", "Infinity", and "-Infinity".
    // Either numbers or strings are accepted. Exponent notation is also accepted.
    case ScalarType.FLOAT:
    case ScalarType.DOUBLE:
      if (typeof value != "number") {
        throw new Error(`cannot encode ${field} to JSON: ${(_b = checkField(field, value)) === null || _b === void 0 ? void 0 : _b.message}`);
      }
      if (Number.isNaN(value))
        return "NaN";
      if (value === Number.POSITIVE_INFINITY)
        return "Infinity";
      if (value === Number.NEGATIVE_INFINITY)
        return "-Infinity";
      return value;
    // string:
    case ScalarType.STRING:
      if (typeof value != "string") {
        throw new Error(`cannot encode ${field} to JSON: ${(_c = checkField(field, value)) === null || _c === void 0 ? void 0 : _c.message}`);
      }
      return value;
    // bool:
    case ScalarType.BOOL:
      if (typeof value != "boolean") {
        throw new Error(`cannot encode ${field} to JSON: ${(_d = checkField(field, value)) === null || _d === void 0 ? void 0 : _d.message}`);
      }
      return value;
    // JSON value will be a decimal string. Either numbers or strings are accepted.
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if (typeof value != "bigint" && typeof value != "string") {
        throw new Error(`cannot encode ${field} to JSON: ${(_e = checkField(field, value)) === null || _e === void 0 ? void 0 : _e.message}`);
      }
      return value.toString();
    // bytes: JSON value will be the data encoded as a string using standard base64 encoding with paddings.
    // Either standard or URL-safe base64 encoding with/without paddings are accepted.
    case ScalarType.BYTES:
      if (value instanceof Uint8Array) {
        return base64Encode(value);
      }
      throw new Error(`cannot encode ${field} to JSON: ${(_f = checkField(field, value)) === null || _f === void 0 ? void 0 : _f.message}`);
  }
}
function jsonName(f, opts) {
  return opts.useProtoFieldName ? f.name : f.jsonName;
}
function tryWktToJson(msg, opts) {
  if (!msg.desc.typeName.startsWith("google.protobuf.")) {
    return void 0;
  }
  switch (msg.desc.typeName) {
    case "google.protobuf.Any":
      return anyToJson(msg.message, opts);
    case "google.protobuf.Timestamp":
      return timestampToJson(msg.message);
    case "google.protobuf.Duration":
      return durationToJson(msg.message);
    case "google.protobuf.FieldMask":
      return fieldMaskToJson(msg.message);
    case "google.protobuf.Struct":
      return structToJson(msg.message);
    case "google.protobuf.Value":
      return valueToJson(msg.message);
    case "google.protobuf.ListValue":
      return listValueToJson(msg.message);
    default:
      if (isWrapperDesc(msg.desc)) {
        const valueField = msg.desc.fields[0];
        return scalarToJson(valueField, msg.get(valueField));
      }
      return void 0;
  }
}
function anyToJson(val, opts) {
  if (val.typeUrl === "") {
    return {};
  }
  const { registry } = opts;
  let message;
  let desc;
  if (registry) {
    message = anyUnpack(val, registry);
    if (message) {
      desc = registry.getMessage(message.$typeName);
    }
  }
  if (!desc || !message) {
    throw new Error(`cannot encode message ${val.$typeName} to JSON: "${val.typeUrl}" is not in the type registry`);
  }
  let json = reflectToJson(reflect(desc, message), opts);
  if (desc.typeName.startsWith("google.protobuf.") || json === null || Array.isArray(json) || typeof json !== "object") {
    json = { value: json };
  }
  json["@type"] = val.typeUrl;
  return json;
}
function durationToJson(val) {
  if (Number(val.seconds) > 315576e6 || Number(val.seconds) < -315576e6) {
    throw new Error(`cannot encode message ${val.$typeName} to JSON: value out of range`);
  }
  let text = val.seconds.toString();
  if (val.nanos !== 0) {
    let nanosStr = Math.abs(val.nanos).toString();
    nanosStr = "0".repeat(9 - nanosStr.length) + nanosStr;
    if (nanosStr.substring(3) === "000000") {
      nanosStr = nanosStr.substring(0, 3);
    } else if (nanosStr.substring(6) === "000") {
      nanosStr = nanosStr.substring(0, 6);
    }
    text += "." + nanosStr;
    if (val.nanos < 0 && Number(val.seconds) == 0) {
      text = "-" + text;
    }
  }
  return text + "s";
}
function fieldMaskToJson(val) {
  return val.paths.map((p) => {
    if (p.match(/_[0-9]?_/g) || p.match(/[A-Z]/g)) {
      throw new Error(`cannot encode message ${val.$typeName} to JSON: lowerCamelCase of path name "` + p + '" is irreversible');
    }
    return protoCamelCase(p);
  }).join(",");
}
function structToJson(val) {
  const json = {};
  for (const [k, v] of Object.entries(val.fields)) {
    json[k] = valueToJson(v);
  }
  return json;
}
function valueToJson(val) {
  switch (val.kind.case) {
    case "nullValue":
      return null;
    case "numberValue":
      if (!Number.isFinite(val.kind.value)) {
        throw new Error(`${val.$typeName} cannot be NaN or Infinity`);
      }
      return val.kind.value;
    case "boolValue":
      return val.kind.value;
    case "stringValue":
      return val.kind.value;
    case "structValue":
      return structToJson(val.kind.value);
    case "listValue":
      return listValueToJson(val.kind.value);
    default:
      throw new Error(`${val.$typeName} must have a value`);
  }
}
function listValueToJson(val) {
  return val.values.map(valueToJson);
}
function timestampToJson(val) {
  const ms = Number(val.seconds) * 1e3;
  if (ms < Date.parse("0001-01-01T00:00:00Z") || ms > Date.parse("9999-12-31T23:59:59Z")) {
    throw new Error(`cannot encode message ${val.$typeName} to JSON: must be from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z inclusive`);
  }
  if (val.nanos < 0) {
    throw new Error(`cannot encode message ${val.$typeName} to JSON: nanos must not be negative`);
  }
  let z = "Z";
  if (val.nanos > 0) {
    const nanosStr = (val.nanos + 1e9).toString().substring(1);
    if (nanosStr.substring(3) === "000000") {
      z = "." + nanosStr.substring(0, 3) + "Z";
    } else if (nanosStr.substring(6) === "000") {
      z = "." + nanosStr.substring(0, 6) + "Z";
    } else {
      z = "." + nanosStr + "Z";
    }
  }
  return new Date(ms).toISOString().replace(".000Z", z);
}

// node_modules/@bufbuild/protobuf/dist/esm/from-json.js
var jsonReadDefaults = {
  ignoreUnknownFields: false
};
function makeReadOptions2(options) {
  return options ? Object.assign(Object.assign({}, jsonReadDefaults), options) : jsonReadDefaults;
}
function fromJsonString(schema, json, options) {
  return fromJson(schema, parseJsonString(json, schema.typeName), options);
}
function fromJson(schema, json, options) {
  const msg = reflect(schema);
  try {
    readMessage2(msg, json, makeReadOptions2(options));
  } catch (e) {
    if (isFieldError(e)) {
      throw new Error(`cannot decode ${e.field()} from JSON: ${e.message}`, {
        cause: e
      });
    }
    throw e;
  }
  return msg.message;
}
function readMessage2(msg, json, opts) {
  var _a;
  if (tryWktFromJson(msg, json, opts)) {
    return;
  }
  if (json == null || Array.isArray(json) || typeof json != "object") {
    throw new Error(`cannot decode ${msg.desc} from JSON: ${formatVal(json)}`);
  }
  const oneofSeen = /* @__PURE__ */ new Map();
  const jsonNames = /* @__PURE__ */ new Map();
  for (const field of msg.desc.fields) {
    jsonNames.set(field.name, field).set(field.jsonName, field);
  }
  for (const [jsonKey, jsonValue] of Object.entries(json)) {
    const field = jsonNames.get(jsonKey);
    if (field) {
      if (field.oneof) {
        if (jsonValue === null && field.fieldKind == "scalar") {
          continue;
        }
        const seen = oneofSeen.get(field.oneof);
        if (seen !== void 0) {
          throw new FieldError(field.oneof, `oneof set multiple times by ${seen.name} and ${field.name}`);
        }
        oneofSeen.set(field.oneof, field);
      }
      readField2(msg, field, jsonValue, opts);
    } else {
      let extension = void 0;
      if (jsonKey.startsWith("[") && jsonKey.endsWith("]") && // biome-ignore lint/suspicious/noAssignInExpressions: no
      (extension = (_a = opts.registry) === null || _a === void 0 ? void 0 : _a.getExtension(jsonKey.substring(1, jsonKey.length - 1))) && extension.extendee.typeName === msg.desc.typeName) {
        const [container, field2, get] = createExtensionContainer(extension);
        readField2(container, field2, jsonValue, opts);
        setExtension(msg.message, extension, get());
      }
      if (!extension && !opts.ignoreUnknownFields) {
        throw new Error(`cannot decode ${msg.desc} from JSON: key "${jsonKey}" is unknown`);
      }
    }
  }
}
function readField2(msg, field, json, opts) {
  switch (field.fieldKind) {
    case "scalar":
      readScalarField(msg, field, json);
      break;
    case "enum":
      readEnumField(msg, field, json, opts);
      break;
    case "message":
      readMessageField2(msg, field, json, opts);
      break;
    case "list":
      readListField2(msg.get(field), json, opts);
      break;
    case "map":
      readMapField(msg.get(field), json, opts);
      break;
  }
}
function readMapField(map, json, opts) {
  if (json === null) {
    return;
  }
  const field = map.field();
  if (typeof json != "object" || Array.isArray(json)) {
    throw new FieldError(field, "expected object, got " + formatVal(json));
  }
  for (const [jsonMapKey, jsonMapValue] of Object.entries(json)) {
    if (jsonMapValue === null) {
      throw new FieldError(field, "map value must not be null");
    }
    let value;
    switch (field.mapKind) {
      case "message":
        const msgValue = reflect(field.message);
        readMessage2(msgValue, jsonMapValue, opts);
        value = msgValue;
        break;
      case "enum":
        value = readEnum(field.enum, jsonMapValue, opts.ignoreUnknownFields, true);
        if (value === tokenIgnoredUnknownEnum) {
          return;
        }
        break;
      case "scalar":
        value = scalarFromJson(field, jsonMapValue, true);
        break;
    }
    const key = mapKeyFromJson(field.mapKey, jsonMapKey);
    map.set(key, value);
  }
}
function readListField2(list, json, opts) {
  if (json === null) {
    return;
  }
  const field = list.field();
  if (!Array.isArray(json)) {
    throw new FieldError(field, "expected Array, got " + formatVal(json));
  }
  for (const jsonItem of json) {
    if (jsonItem === null) {
      throw new FieldError(field, "list item must not be null");
    }
    switch (field.listKind) {
      case "message":
        const msgValue = reflect(field.message);
        readMessage2(msgValue, jsonItem, opts);
        list.add(msgValue);
        break;
      case "enum":
        const enumValue = readEnum(field.enum, jsonItem, opts.ignoreUnknownFields, true);
        if (enumValue !== tokenIgnoredUnknownEnum) {
          list.add(enumValue);
        }
        break;
      case "scalar":
        list.add(scalarFromJson(field, jsonItem, true));
        break;
    }
  }
}
function readMessageField2(msg, field, json, opts) {
  if (json === null && field.message.typeName != "google.protobuf.Value") {
    msg.clear(field);
    return;
  }
  const msgValue = msg.isSet(field) ? msg.get(field) : reflect(field.message);
  readMessage2(msgValue, json, opts);
  msg.set(field, msgValue);
}
function readEnumField(msg, field, json, opts) {
  const enumValue = readEnum(field.enum, json, opts.ignoreUnknownFields, false);
  if (enumValue === tokenNull) {
    msg.clear(field);
  } else if (enumValue !== tokenIgnoredUnknownEnum) {
    msg.set(field, enumValue);
  }
}
function readScalarField(msg, field, json) {
  const scalarValue = scalarFromJson(field, json, false);
  if (scalarValue === tokenNull) {
    msg.clear(field);
  } else {
    msg.set(field, scalarValue);
  }
}
var tokenIgnoredUnknownEnum = Symbol();
function readEnum(desc, json, ignoreUnknownFields, nullAsZeroValue) {
  if (json === null) {
    if (desc.typeName == "google.protobuf.NullValue") {
      return 0;
    }
    return nullAsZeroValue ? desc.values[0].number : tokenNull;
  }
  switch (typeof json) {
    case "number":
      if (Number.isInteger(json)) {
        return json;
      }
      break;
    case "string":
      const value = desc.values.find((ev) => ev.name === json);
      if (value !== void 0) {
        return value.number;
      }
      if (ignoreUnknownFields) {
        return tokenIgnoredUnknownEnum;
      }
      break;
  }
  throw new Error(`cannot decode ${desc} from JSON: ${formatVal(json)}`);
}
var tokenNull = Symbol();
function scalarFromJson(field, json, nullAsZeroValue) {
  if (json === null) {
    if (nullAsZeroValue) {
      return scalarZeroValue(field.scalar, false);
    }
    return tokenNull;
  }
  switch (field.scalar) {
    // float, double: JSON value will be a number or one of the special string values "NaN", "Infinity", and "-Infinity".
    // Either numbers or strings are accepted. Exponent notation is also accepted.
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      if (json === "NaN")
        return NaN;
      if (json === "Infinity")
        return Number.POSITIVE_INFINITY;
      if (json === "-Infinity")
        return Number.NEGATIVE_INFINITY;
      if (typeof json == "number") {
        if (Number.isNaN(json)) {
          throw new FieldError(field, "unexpected NaN number");
        }
        if (!Number.isFinite(json)) {
          throw new FieldError(field, "unexpected infinite number");
        }
        break;
      }
      if (typeof json == "string") {
        if (json === "") {
          break;
        }
        if (json.trim().length !== json.length) {
          break;
        }
        const float = Number(json);
        if (!Number.isFinite(float)) {
          break;
        }
        return float;
      }
      break;
    // int32, fixed32, uint32: JSON value will be a decimal number. Either numbers or strings are accepted.
    case ScalarType.INT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
    case ScalarType.UINT32:
      return int32FromJson(json);
    // bytes: JSON value will be the data encoded as a string using standard base64 encoding with paddings.
    // Either standard or URL-safe base64 encoding with/without paddings are accepted.
    case ScalarType.BYTES:
      if (typeof json == "string") {
        if (json === "") {
          return new Uint8Array(0);
        }
        try {
          return base64Decode(json);
        } catch (e) {
          const message = e instanceof Error ? e.message : String(e);
          throw new FieldError(field, message);
        }
      }
      break;
  }
  return json;
}
function mapKeyFromJson(type, json) {
  switch (type) {
    case ScalarType.BOOL:
      switch (json) {
        case "true":
          return true;
        case "false":
          return false;
      }
      return json;
    case ScalarType.INT32:
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
      return int32FromJson(json);
    default:
      return json;
  }
}
function int32FromJson(json) {
  if (typeof json == "string") {
    if (json === "") {
      return json;
    }
    if (json.trim().length !== json.length) {
      return json;
    }
    const num = Number(json);
    if (Number.isNaN(num)) {
      return json;
    }
    return num;
  }
  return json;
}
function parseJsonString(jsonString, typeName) {
  try {
    return JSON.parse(jsonString);
  } catch (e) {
    const message = e instanceof Error ? e.message : String(e);
    throw new Error(
      `cannot decode message ${typeName} from JSON: ${message}`,
      // @ts-expect-error we use the ES2022 error CTOR option "cause" for better stack traces
      { cause: e }
    );
  }
}
function tryWktFromJson(msg, jsonValue, opts) {
  if (!msg.desc.typeName.startsWith("google.protobuf.")) {
    return false;
  }
  switch (msg.desc.typeName) {
    case "google.protobuf.Any":
      anyFromJson(msg.message, jsonValue, opts);
      return true;
    case "google.protobuf.Timestamp":
      timestampFromJson(msg.message, jsonValue);
      return true;
    case "google.protobuf.Duration":
      durationFromJson(msg.message, jsonValue);
      return true;
    case "google.protobuf.FieldMask":
      fieldMaskFromJson(msg.message, jsonValue);
      return true;
    case "google.protobuf.Struct":
      structFromJson(msg.message, jsonValue);
      return true;
    case "google.protobuf.Value":
      valueFromJson(msg.message, jsonValue);
      return true;
    case "google.protobuf.ListValue":
      listValueFromJson(msg.message, jsonValue);
      return true;
    default:
      if (isWrapperDesc(msg.desc)) {
        const valueField = msg.desc.fields[0];
        if (jsonValue === null) {
          msg.clear(valueField);
        } else {
          msg.set(valueField, scalarFromJson(valueField, jsonValue, true));
        }
        return true;
      }
      return false;
  }
}
function anyFromJson(any, json, opts) {
  var _a;
  if (json === null || Array.isArray(json) || typeof json != "object") {
    throw new Error(`cannot decode message ${any.$typeName} from JSON: expected object but got ${formatVal(json)}`);
  }
  if (Object.keys(json).length == 0) {
    return;
  }
  const typeUrl = json["@type"];
  if (typeof typeUrl != "string" || typeUrl == "") {
    throw new Error(`cannot decode message ${any.$typeName} from JSON: "@type" is empty`);
  }
  const typeName = typeUrl.includes("/") ? typeUrl.substring(typeUrl.lastIndexOf("/") + 1) : typeUrl;
  if (!typeName.length) {
    throw new Error(`cannot decode message ${any.$typeName} from JSON: "@type" is invalid`);
  }
  const desc = (_a = opts.registry) === null || _a === void 0 ? void 0 : _a.getMessage(typeName);
  if (!desc) {
    throw new Error(`cannot decode message ${any.$typeName} from JSON: ${typeUrl} is not in the type registry`);
  }
  const msg = reflect(desc);
  if (typeName.startsWith("google.protobuf.") && Object.prototype.hasOwnProperty.call(json, "value")) {
    const value = json.value;
    readMessage2(msg, value, opts);
  } else {
    const copy = Object.assign({}, json);
    delete copy["@type"];
    readMessage2(msg, copy, opts);
  }
  anyPack(msg.desc, msg.message, any);
}
function timestampFromJson(timestamp, json) {
  if (typeof json !== "string") {
    throw new Error(`cannot decode message ${timestamp.$typeName} from JSON: ${formatVal(json)}`);
  }
  const matches = json.match(/^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(?:Z|([+-][0-9][0-9]:[0-9][0-9]))$/);
  if (!matches) {
    throw new Error(`cannot decode message ${timestamp.$typeName} from JSON: invalid RFC 3339 string`);
  }
  const ms = Date.parse(
    // biome-ignore format: want this to read well
    matches[1] + "-" + matches[2] + "-" + matches[3] + "T" + matches[4] + ":" + matches[5] + ":" + matches[6] + (matches[8] ? matches[8] : "Z")
  );
  if (Number.isNaN(ms)) {
    throw new Error(`cannot decode message ${timestamp.$typeName} from JSON: invalid RFC 3339 string`);
  }
  if (ms < Date.parse("0001-01-01T00:00:00Z") || ms > Date.parse("9999-12-31T23:59:59Z")) {
    throw new Error(`cannot decode message ${timestamp.$typeName} from JSON: must be from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z inclusive`);
  }
  timestamp.seconds = protoInt64.parse(ms / 1e3);
  timestamp.nanos = 0;
  if (matches[7]) {
    timestamp.nanos = parseInt("1" + matches[7] + "0".repeat(9 - matches[7].length)) - 1e9;
  }
}
function durationFromJson(duration, json) {
  if (typeof json !== "string") {
    throw new Error(`cannot decode message ${duration.$typeName} from JSON: ${formatVal(json)}`);
  }
  const match = json.match(/^(-?[0-9]+)(?:\.([0-9]+))?s/);
  if (match === null) {
    throw new Error(`cannot decode message ${duration.$typeName} from JSON: ${formatVal(json)}`);
  }
  const longSeconds = Number(match[1]);
  if (longSeconds > 315576e6 || longSeconds < -315576e6) {
    throw new Error(`cannot decode message ${duration.$typeName} from JSON: ${formatVal(json)}`);
  }
  duration.seconds = protoInt64.parse(longSeconds);
  if (typeof match[2] !== "string") {
    return;
  }
  const nanosStr = match[2] + "0".repeat(9 - match[2].length);
  duration.nanos = parseInt(nanosStr);
  if (longSeconds < 0 || Object.is(longSeconds, -0)) {
    duration.nanos = -duration.nanos;
  }
}
function fieldMaskFromJson(fieldMask, json) {
  if (typeof json !== "string") {
    throw new Error(`cannot decode message ${fieldMask.$typeName} from JSON: ${formatVal(json)}`);
  }
  if (json === "") {
    return;
  }
  function camelToSnake(str) {
    if (str.includes("_")) {
      throw new Error(`cannot decode message ${fieldMask.$typeName} from JSON: path names must be lowerCamelCase`);
    }
    const sc = str.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
    return sc[0] === "_" ? sc.substring(1) : sc;
  }
  fieldMask.paths = json.split(",").map(camelToSnake);
}
function structFromJson(struct, json) {
  if (typeof json != "object" || json == null || Array.isArray(json)) {
    throw new Error(`cannot decode message ${struct.$typeName} from JSON ${formatVal(json)}`);
  }
  for (const [k, v] of Object.entries(json)) {
    const parsedV = create(ValueSchema);
    valueFromJson(parsedV, v);
    struct.fields[k] = parsedV;
  }
}
function valueFromJson(value, json) {
  switch (typeof json) {
    case "number":
      value.kind = { case: "numberValue", value: json };
      break;
    case "string":
      value.kind = { case: "stringValue", value: json };
      break;
    case "boolean":
      value.kind = { case: "boolValue", value: json };
      break;
    case "object":
      if (json === null) {
        value.kind = { case: "nullValue", value: NullValue.NULL_VALUE };
      } else if (Array.isArray(json)) {
        const listValue = create(ListValueSchema);
        listValueFromJson(listValue, json);
        value.kind = { case: "listValue", value: listValue };
      } else {
        const struct = create(StructSchema);
        structFromJson(struct, json);
        value.kind = { case: "structValue", value: struct };
      }
      break;
    default:
      throw new Error(`cannot decode message ${value.$typeName} from JSON ${formatVal(json)}`);
  }
  return value;
}
function listValueFromJson(listValue, json) {
  if (!Array.isArray(json)) {
    throw new Error(`cannot decode message ${listValue.$typeName} from JSON ${formatVal(json)}`);
  }
  for (const e of json) {
    const value = create(ValueSchema);
    valueFromJson(value, e);
    listValue.values.push(value);
  }
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/code-string.js
function codeToString(value) {
  const name = Code[value];
  if (typeof name != "string") {
    return value.toString();
  }
  return name[0].toLowerCase() + name.substring(1).replace(/[A-Z]/g, (c) => "_" + c.toLowerCase());
}
var stringToCode;
function codeFromString(value) {
  if (!stringToCode) {
    stringToCode = {};
    for (const value2 of Object.values(Code)) {
      if (typeof value2 == "string") {
        continue;
      }
      stringToCode[codeToString(value2)] = value2;
    }
  }
  return stringToCode[value];
}

// node_modules/@connectrpc/connect/dist/esm/connect-error.js
var ConnectError = class _ConnectError extends Error {
  /**
   * Create a new ConnectError.
   * If no code is provided, code "unknown" is used.
   * Outgoing details are only relevant for the server side - a service may
   * raise an error with details, and it is up to the protocol implementation
   * to encode and send the details along with error.
   */
  constructor(message, code = Code.Unknown, metadata, outgoingDetails, cause) {
    super(createMessage(message, code));
    this.name = "ConnectError";
    Object.setPrototypeOf(this, new.target.prototype);
    this.rawMessage = message;
    this.code = code;
    this.metadata = new Headers(metadata !== null && metadata !== void 0 ? metadata : {});
    this.details = outgoingDetails !== null && outgoingDetails !== void 0 ? outgoingDetails : [];
    this.cause = cause;
  }
  /**
   * Convert any value - typically a caught error into a ConnectError,
   * following these rules:
   * - If the value is already a ConnectError, return it as is.
   * - If the value is an AbortError or TimeoutError from the fetch API, return
   *   the message of the error with code Canceled.
   * - For other Errors, return the error message with code Unknown by default.
   * - For other values, return the values String representation as a message,
   *   with the code Unknown by default.
   * The original value will be used for the "cause" property for the new
   * ConnectError.
   */
  static from(reason, code = Code.Unknown) {
    if (reason instanceof _ConnectError) {
      return reason;
    }
    if (reason instanceof Error) {
      if (reason.name == "AbortError" || reason.name == "TimeoutError") {
        return new _ConnectError(reason.message, Code.Canceled);
      }
      return new _ConnectError(reason.message, code, void 0, void 0, reason);
    }
    return new _ConnectError(String(reason), code, void 0, void 0, reason);
  }
  static [Symbol.hasInstance](v) {
    if (!(v instanceof Error)) {
      return false;
    }
    if (Object.getPrototypeOf(v) === _ConnectError.prototype) {
      return true;
    }
    return v.name === "ConnectError" && "code" in v && typeof v.code === "number" && "metadata" in v && "details" in v && Array.isArray(v.details) && "rawMessage" in v && typeof v.rawMessage == "string" && "cause" in v;
  }
  findDetails(typeOrRegistry) {
    const registry = typeOrRegistry.kind === "message" ? {
      getMessage: (typeName) => typeName === typeOrRegistry.typeName ? typeOrRegistry : void 0
    } : typeOrRegistry;
    const details = [];
    for (const data of this.details) {
      if ("desc" in data) {
        if (registry.getMessage(data.desc.typeName)) {
          details.push(create(data.desc, data.value));
        }
        continue;
      }
      const desc = registry.getMessage(data.type);
      if (desc) {
        try {
          details.push(fromBinary(desc, data.value));
        } catch (_) {
        }
      }
    }
    return details;
  }
};
function createMessage(message, code) {
  return message.length ? `[${codeToString(code)}] ${message}` : `[${codeToString(code)}]`;
}

// node_modules/@connectrpc/connect/dist/esm/http-headers.js
function decodeBinaryHeader(value, desc, options) {
  try {
    const bytes = base64Decode(value);
    if (desc) {
      return fromBinary(desc, bytes, options);
    }
    return bytes;
  } catch (e) {
    throw ConnectError.from(e, Code.DataLoss);
  }
}
function appendHeaders(...headers) {
  const h = new Headers();
  for (const e of headers) {
    e.forEach((value, key) => {
      h.append(key, value);
    });
  }
  return h;
}

// node_modules/@connectrpc/connect/dist/esm/any-client.js
function makeAnyClient(service, createMethod) {
  const client = {};
  for (const desc of service.methods) {
    const method = createMethod(desc);
    if (method != null) {
      client[desc.localName] = method;
    }
  }
  return client;
}

// node_modules/@connectrpc/connect/dist/esm/protocol/compression.js
var compressedFlag = 1;

// node_modules/@connectrpc/connect/dist/esm/protocol/limit-io.js
function assertReadMaxBytes(readMaxBytes, bytesRead, totalSizeKnown = false) {
  if (bytesRead > readMaxBytes) {
    let message = `message size is larger than configured readMaxBytes ${readMaxBytes}`;
    if (totalSizeKnown) {
      message = `message size ${bytesRead} is larger than configured readMaxBytes ${readMaxBytes}`;
    }
    throw new ConnectError(message, Code.ResourceExhausted);
  }
}

// node_modules/@connectrpc/connect/dist/esm/protocol/envelope.js
function createEnvelopeDecoder(readMaxBytes) {
  return new EnvelopeDecoderImpl(readMaxBytes);
}
var EnvelopeDecoderImpl = class {
  constructor(readMaxBytes) {
    this.readMaxBytes = readMaxBytes;
    this.header = new Uint8Array(5);
    this.headerView = new DataView(this.header.buffer);
    this.buf = [];
  }
  get byteLength() {
    return this.buf.reduce((a, b) => a + b.byteLength, 0);
  }
  decode(chunk) {
    this.buf.push(chunk);
    const envs = [];
    for (; ; ) {
      let env = this.pop();
      if (!env) {
        break;
      }
      envs.push(env);
    }
    return envs;
  }
  // consume an enveloped message
  pop() {
    if (!this.env) {
      this.env = this.head();
      if (!this.env) {
        return void 0;
      }
    }
    if (this.cons(this.env.data)) {
      const env = this.env;
      this.env = void 0;
      return env;
    }
    return void 0;
  }
  // consume header
  head() {
    if (!this.cons(this.header)) {
      return void 0;
    }
    const flags = this.headerView.getUint8(0);
    const length = this.headerView.getUint32(1);
    assertReadMaxBytes(this.readMaxBytes, length, true);
    return {
      flags,
      data: new Uint8Array(length)
    };
  }
  // consume from buffer, fill target
  cons(target) {
    const wantLength = target.byteLength;
    if (this.byteLength < wantLength) {
      return false;
    }
    let offset = 0;
    while (offset < wantLength) {
      const chunk = this.buf.shift();
      if (chunk.byteLength > wantLength - offset) {
        target.set(chunk.subarray(0, wantLength - offset), offset);
        this.buf.unshift(chunk.subarray(wantLength - offset));
        offset += wantLength - offset;
      } else {
        target.set(chunk, offset);
        offset += chunk.byteLength;
      }
    }
    return true;
  }
};
function createEnvelopeReadableStream(stream) {
  let reader;
  const buffer = createEnvelopeDecoder(4294967295);
  return new ReadableStream({
    start() {
      reader = stream.getReader();
    },
    async pull(controller) {
      let enqueuedOnce = false;
      while (!enqueuedOnce) {
        const result = await reader.read();
        if (result.done) {
          if (buffer.byteLength > 0) {
            controller.error(new ConnectError("protocol error: incomplete envelope", Code.InvalidArgument));
          }
          controller.close();
        } else {
          for (const env of buffer.decode(result.value)) {
            controller.enqueue(env);
            enqueuedOnce = true;
          }
        }
      }
    }
  });
}
function encodeEnvelope(flags, data) {
  const bytes = new Uint8Array(data.length + 5);
  bytes.set(data, 5);
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  v.setUint8(0, flags);
  v.setUint32(1, data.length);
  return bytes;
}

// node_modules/@connectrpc/connect/dist/esm/protocol/async-iterable.js
var __asyncValues = function(o) {
  if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
  var m = o[Symbol.asyncIterator], i;
  return m ? m.call(o) : (o = typeof __values === "function" ? __values(o) : o[Symbol.iterator](), i = {}, verb("next"), verb("throw"), verb("return"), i[Symbol.asyncIterator] = function() {
    return this;
  }, i);
  function verb(n) {
    i[n] = o[n] && function(v) {
      return new Promise(function(resolve, reject) {
        v = o[n](v), settle(resolve, reject, v.done, v.value);
      });
    };
  }
  function settle(resolve, reject, d, v) {
    Promise.resolve(v).then(function(v2) {
      resolve({ value: v2, done: d });
    }, reject);
  }
};
var __await = function(v) {
  return this instanceof __await ? (this.v = v, this) : new __await(v);
};
var __asyncGenerator = function(thisArg, _arguments, generator) {
  if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
  var g = generator.apply(thisArg, _arguments || []), i, q = [];
  return i = Object.create((typeof AsyncIterator === "function" ? AsyncIterator : Object).prototype), verb("next"), verb("throw"), verb("return", awaitReturn), i[Symbol.asyncIterator] = function() {
    return this;
  }, i;
  function awaitReturn(f) {
    return function(v) {
      return Promise.resolve(v).then(f, reject);
    };
  }
  function verb(n, f) {
    if (g[n]) {
      i[n] = function(v) {
        return new Promise(function(a, b) {
          q.push([n, v, a, b]) > 1 || resume(n, v);
        });
      };
      if (f) i[n] = f(i[n]);
    }
  }
  function resume(n, v) {
    try {
      step(g[n](v));
    } catch (e) {
      settle(q[0][3], e);
    }
  }
  function step(r) {
    r.value instanceof __await ? Promise.resolve(r.value.v).then(fulfill, reject) : settle(q[0][2], r);
  }
  function fulfill(value) {
    resume("next", value);
  }
  function reject(value) {
    resume("throw", value);
  }
  function settle(f, v) {
    if (f(v), q.shift(), q.length) resume(q[0][0], q[0][1]);
  }
};
var __asyncDelegator = function(o) {
  var i, p;
  return i = {}, verb("next"), verb("throw", function(e) {
    throw e;
  }), verb("return"), i[Symbol.iterator] = function() {
    return this;
  }, i;
  function verb(n, f) {
    i[n] = o[n] ? function(v) {
      return (p = !p) ? { value: __await(o[n](v)), done: false } : f ? f(v) : v;
    } : f;
  }
};
function createAsyncIterable(items) {
  return __asyncGenerator(this, arguments, function* createAsyncIterable_1() {
    yield __await(yield* __asyncDelegator(__asyncValues(items)));
  });
}

// node_modules/@connectrpc/connect/dist/esm/promise-client.js
var __asyncValues2 = function(o) {
  if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
  var m = o[Symbol.asyncIterator], i;
  return m ? m.call(o) : (o = typeof __values === "function" ? __values(o) : o[Symbol.iterator](), i = {}, verb("next"), verb("throw"), verb("return"), i[Symbol.asyncIterator] = function() {
    return this;
  }, i);
  function verb(n) {
    i[n] = o[n] && function(v) {
      return new Promise(function(resolve, reject) {
        v = o[n](v), settle(resolve, reject, v.done, v.value);
      });
    };
  }
  function settle(resolve, reject, d, v) {
    Promise.resolve(v).then(function(v2) {
      resolve({ value: v2, done: d });
    }, reject);
  }
};
var __await2 = function(v) {
  return this instanceof __await2 ? (this.v = v, this) : new __await2(v);
};
var __asyncDelegator2 = function(o) {
  var i, p;
  return i = {}, verb("next"), verb("throw", function(e) {
    throw e;
  }), verb("return"), i[Symbol.iterator] = function() {
    return this;
  }, i;
  function verb(n, f) {
    i[n] = o[n] ? function(v) {
      return (p = !p) ? { value: __await2(o[n](v)), done: false } : f ? f(v) : v;
    } : f;
  }
};
var __asyncGenerator2 = function(thisArg, _arguments, generator) {
  if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
  var g = generator.apply(thisArg, _arguments || []), i, q = [];
  return i = Object.create((typeof AsyncIterator === "function" ? AsyncIterator : Object).prototype), verb("next"), verb("throw"), verb("return", awaitReturn), i[Symbol.asyncIterator] = function() {
    return this;
  }, i;
  function awaitReturn(f) {
    return function(v) {
      return Promise.resolve(v).then(f, reject);
    };
  }
  function verb(n, f) {
    if (g[n]) {
      i[n] = function(v) {
        return new Promise(function(a, b) {
          q.push([n, v, a, b]) > 1 || resume(n, v);
        });
      };
      if (f) i[n] = f(i[n]);
    }
  }
  function resume(n, v) {
    try {
      step(g[n](v));
    } catch (e) {
      settle(q[0][3], e);
    }
  }
  function step(r) {
    r.value instanceof __await2 ? Promise.resolve(r.value.v).then(fulfill, reject) : settle(q[0][2], r);
  }
  function fulfill(value) {
    resume("next", value);
  }
  function reject(value) {
    resume("throw", value);
  }
  function settle(f, v) {
    if (f(v), q.shift(), q.length) resume(q[0][0], q[0][1]);
  }
};
function createClient(service, transport) {
  return makeAnyClient(service, (method) => {
    switch (method.methodKind) {
      case "unary":
        return createUnaryFn(transport, method);
      case "server_streaming":
        return createServerStreamingFn(transport, method);
      case "client_streaming":
        return createClientStreamingFn(transport, method);
      case "bidi_streaming":
        return createBiDiStreamingFn(transport, method);
      default:
        return null;
    }
  });
}
function createUnaryFn(transport, method) {
  return async (input, options) => {
    var _a, _b;
    const response = await transport.unary(method, options === null || options === void 0 ? void 0 : options.signal, options === null || options === void 0 ? void 0 : options.timeoutMs, options === null || options === void 0 ? void 0 : options.headers, input, options === null || options === void 0 ? void 0 : options.contextValues);
    (_a = options === null || options === void 0 ? void 0 : options.onHeader) === null || _a === void 0 ? void 0 : _a.call(options, response.header);
    (_b = options === null || options === void 0 ? void 0 : options.onTrailer) === null || _b === void 0 ? void 0 : _b.call(options, response.trailer);
    return response.message;
  };
}
function createServerStreamingFn(transport, method) {
  return (input, options) => handleStreamResponse(transport.stream(method, options === null || options === void 0 ? void 0 : options.signal, options === null || options === void 0 ? void 0 : options.timeoutMs, options === null || options === void 0 ? void 0 : options.headers, createAsyncIterable([input]), options === null || options === void 0 ? void 0 : options.contextValues), options);
}
function createClientStreamingFn(transport, method) {
  return async (request, options) => {
    var _a, e_1, _b, _c;
    var _d, _e;
    const response = await transport.stream(method, options === null || options === void 0 ? void 0 : options.signal, options === null || options === void 0 ? void 0 : options.timeoutMs, options === null || options === void 0 ? void 0 : options.headers, request, options === null || options === void 0 ? void 0 : options.contextValues);
    (_d = options === null || options === void 0 ? void 0 : options.onHeader) === null || _d === void 0 ? void 0 : _d.call(options, response.header);
    let singleMessage;
    let count = 0;
    try {
      for (var _f = true, _g = __asyncValues2(response.message), _h; _h = await _g.next(), _a = _h.done, !_a; _f = true) {
        _c = _h.value;
        _f = false;
        const message = _c;
        singleMessage = message;
        count++;
      }
    } catch (e_1_1) {
      e_1 = { error: e_1_1 };
    } finally {
      try {
        if (!_f && !_a && (_b = _g.return)) await _b.call(_g);
      } finally {
        if (e_1) throw e_1.error;
      }
    }
    if (!singleMessage) {
      throw new ConnectError("protocol error: missing response message", Code.Unimplemented);
    }
    if (count > 1) {
      throw new ConnectError("protocol error: received extra messages for client streaming method", Code.Unimplemented);
    }
    (_e = options === null || options === void 0 ? void 0 : options.onTrailer) === null || _e === void 0 ? void 0 : _e.call(options, response.trailer);
    return singleMessage;
  };
}
function createBiDiStreamingFn(transport, method) {
  return (request, options) => handleStreamResponse(transport.stream(method, options === null || options === void 0 ? void 0 : options.signal, options === null || options === void 0 ? void 0 : options.timeoutMs, options === null || options === void 0 ? void 0 : options.headers, request, options === null || options === void 0 ? void 0 : options.contextValues), options);
}
function handleStreamResponse(stream, options) {
  const it = (function() {
    return __asyncGenerator2(this, arguments, function* () {
      var _a, _b;
      const response = yield __await2(stream);
      (_a = options === null || options === void 0 ? void 0 : options.onHeader) === null || _a === void 0 ? void 0 : _a.call(options, response.header);
      yield __await2(yield* __asyncDelegator2(__asyncValues2(response.message)));
      (_b = options === null || options === void 0 ? void 0 : options.onTrailer) === null || _b === void 0 ? void 0 : _b.call(options, response.trailer);
    });
  })()[Symbol.asyncIterator]();
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => it.next()
    })
  };
}

// node_modules/@connectrpc/connect/dist/esm/protocol/signals.js
function createLinkedAbortController(...signals) {
  const controller = new AbortController();
  const sa = signals.filter((s) => s !== void 0).concat(controller.signal);
  for (const signal of sa) {
    if (signal.aborted) {
      onAbort.apply(signal);
      break;
    }
    signal.addEventListener("abort", onAbort);
  }
  function onAbort() {
    if (!controller.signal.aborted) {
      controller.abort(getAbortSignalReason(this));
    }
    for (const signal of sa) {
      signal.removeEventListener("abort", onAbort);
    }
  }
  return controller;
}
function createDeadlineSignal(timeoutMs) {
  const controller = new AbortController();
  const listener = () => {
    controller.abort(new ConnectError("the operation timed out", Code.DeadlineExceeded));
  };
  let timeoutId;
  if (timeoutMs !== void 0) {
    if (timeoutMs <= 0)
      listener();
    else
      timeoutId = setTimeout(listener, timeoutMs);
  }
  return {
    signal: controller.signal,
    cleanup: () => clearTimeout(timeoutId)
  };
}
function getAbortSignalReason(signal) {
  if (!signal.aborted) {
    return void 0;
  }
  if (signal.reason !== void 0) {
    return signal.reason;
  }
  const e = new Error("This operation was aborted");
  e.name = "AbortError";
  return e;
}

// node_modules/@connectrpc/connect/dist/esm/context-values.js
function createContextValues() {
  return {
    get(key) {
      return key.id in this ? this[key.id] : key.defaultValue;
    },
    set(key, value) {
      this[key.id] = value;
      return this;
    },
    delete(key) {
      delete this[key.id];
      return this;
    }
  };
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc-web/trailer.js
var trailerFlag = 128;
function trailerParse(data) {
  const headers = new Headers();
  const lines = new TextDecoder().decode(data).split("\r\n");
  for (const line of lines) {
    if (line === "") {
      continue;
    }
    const i = line.indexOf(":");
    if (i > 0) {
      const name = line.substring(0, i).trim();
      const value = line.substring(i + 1).trim();
      headers.append(name, value);
    }
  }
  return headers;
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc/headers.js
var headerContentType = "Content-Type";
var headerTimeout = "Grpc-Timeout";
var headerGrpcStatus = "Grpc-Status";
var headerGrpcMessage = "Grpc-Message";
var headerStatusDetailsBin = "Grpc-Status-Details-Bin";
var headerUserAgent = "User-Agent";

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc-web/headers.js
var headerXUserAgent = "X-User-Agent";
var headerXGrpcWeb = "X-Grpc-Web";

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc-web/content-type.js
var contentTypeProto = "application/grpc-web+proto";
var contentTypeJson = "application/grpc-web+json";

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/service.js
function serviceDesc(file, path, ...paths) {
  if (paths.length > 0) {
    throw new Error();
  }
  return file.services[path];
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc/gen/status_pb.js
var file_status = /* @__PURE__ */ fileDesc("CgxzdGF0dXMucHJvdG8SCmdvb2dsZS5ycGMiTgoGU3RhdHVzEgwKBGNvZGUYASABKAUSDwoHbWVzc2FnZRgCIAEoCRIlCgdkZXRhaWxzGAMgAygLMhQuZ29vZ2xlLnByb3RvYnVmLkFueUJeCg5jb20uZ29vZ2xlLnJwY0ILU3RhdHVzUHJvdG9QAVo3Z29vZ2xlLmdvbGFuZy5vcmcvZ2VucHJvdG8vZ29vZ2xlYXBpcy9ycGMvc3RhdHVzO3N0YXR1c6ICA1JQQ2IGcHJvdG8z", [file_google_protobuf_any]);
var StatusSchema = /* @__PURE__ */ messageDesc(file_status, 0);

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc/trailer-status.js
var grpcStatusOk = "0";
function findTrailerError(headerOrTrailer) {
  var _a;
  const statusBytes = headerOrTrailer.get(headerStatusDetailsBin);
  if (statusBytes != null) {
    const status = decodeBinaryHeader(statusBytes, StatusSchema);
    if (status.code == 0) {
      return void 0;
    }
    const error = new ConnectError(status.message, status.code, headerOrTrailer);
    error.details = status.details.map((any) => ({
      type: any.typeUrl.substring(any.typeUrl.lastIndexOf("/") + 1),
      value: any.value
    }));
    return error;
  }
  const grpcStatus = headerOrTrailer.get(headerGrpcStatus);
  if (grpcStatus != null) {
    if (grpcStatus === grpcStatusOk) {
      return void 0;
    }
    const code = parseInt(grpcStatus, 10);
    if (code in Code) {
      return new ConnectError(decodeURIComponent((_a = headerOrTrailer.get(headerGrpcMessage)) !== null && _a !== void 0 ? _a : ""), code, headerOrTrailer);
    }
    return new ConnectError(`invalid grpc-status: ${grpcStatus}`, Code.Internal, headerOrTrailer);
  }
  return void 0;
}

// node_modules/@connectrpc/connect/dist/esm/protocol/create-method-url.js
function createMethodUrl(baseUrl, method) {
  return baseUrl.toString().replace(/\/?$/, `/${method.parent.typeName}/${method.name}`);
}

// node_modules/@connectrpc/connect/dist/esm/protocol/normalize.js
function normalize(desc, message) {
  return create(desc, message);
}
function normalizeIterable(desc, input) {
  function transform(result) {
    if (result.done === true) {
      return result;
    }
    return {
      done: result.done,
      value: normalize(desc, result.value)
    };
  }
  return {
    [Symbol.asyncIterator]() {
      const it = input[Symbol.asyncIterator]();
      const res = {
        next: () => it.next().then(transform)
      };
      if (it.throw !== void 0) {
        res.throw = (e) => it.throw(e).then(transform);
      }
      if (it.return !== void 0) {
        res.return = (v) => it.return(v).then(transform);
      }
      return res;
    }
  };
}

// node_modules/@connectrpc/connect/dist/esm/interceptor.js
function applyInterceptors(next, interceptors) {
  if (!interceptors) {
    return next;
  }
  for (const i of interceptors.concat().reverse()) {
    next = i(next);
  }
  return next;
}

// node_modules/@connectrpc/connect/dist/esm/protocol/serialization.js
function getJsonOptions(options) {
  var _a;
  const o = Object.assign({}, options);
  (_a = o.ignoreUnknownFields) !== null && _a !== void 0 ? _a : o.ignoreUnknownFields = true;
  return o;
}
function createClientMethodSerializers(method, useBinaryFormat, jsonOptions, binaryOptions) {
  const input = useBinaryFormat ? createBinarySerialization(method.input, binaryOptions) : createJsonSerialization(method.input, jsonOptions);
  const output = useBinaryFormat ? createBinarySerialization(method.output, binaryOptions) : createJsonSerialization(method.output, jsonOptions);
  return { parse: output.parse, serialize: input.serialize };
}
function createBinarySerialization(desc, options) {
  return {
    parse(data) {
      try {
        return fromBinary(desc, data, options);
      } catch (e) {
        const m = e instanceof Error ? e.message : String(e);
        throw new ConnectError(`parse binary: ${m}`, Code.Internal);
      }
    },
    serialize(data) {
      try {
        return toBinary(desc, data, options);
      } catch (e) {
        const m = e instanceof Error ? e.message : String(e);
        throw new ConnectError(`serialize binary: ${m}`, Code.Internal);
      }
    }
  };
}
function createJsonSerialization(desc, options) {
  var _a, _b;
  const textEncoder = (_a = options === null || options === void 0 ? void 0 : options.textEncoder) !== null && _a !== void 0 ? _a : new TextEncoder();
  const textDecoder = (_b = options === null || options === void 0 ? void 0 : options.textDecoder) !== null && _b !== void 0 ? _b : new TextDecoder();
  const o = getJsonOptions(options);
  return {
    parse(data) {
      try {
        const json = textDecoder.decode(data);
        return fromJsonString(desc, json, o);
      } catch (e) {
        throw ConnectError.from(e, Code.InvalidArgument);
      }
    },
    serialize(data) {
      try {
        const json = toJsonString(desc, data, o);
        return textEncoder.encode(json);
      } catch (e) {
        throw ConnectError.from(e, Code.Internal);
      }
    }
  };
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/content-type.js
var contentTypeRegExp = /^application\/(connect\+)?(?:(json)(?:; ?charset=utf-?8)?|(proto))$/i;
var contentTypeUnaryProto = "application/proto";
var contentTypeUnaryJson = "application/json";
var contentTypeStreamProto = "application/connect+proto";
var contentTypeStreamJson = "application/connect+json";
function parseContentType(contentType) {
  const match = contentType === null || contentType === void 0 ? void 0 : contentType.match(contentTypeRegExp);
  if (!match) {
    return void 0;
  }
  const stream = !!match[1];
  const binary = !!match[3];
  return { stream, binary };
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/error-json.js
function errorFromJson(jsonValue, metadata, fallback) {
  var _a;
  if (metadata) {
    new Headers(metadata).forEach((value, key) => fallback.metadata.append(key, value));
  }
  if (typeof jsonValue !== "object" || jsonValue == null || Array.isArray(jsonValue)) {
    throw fallback;
  }
  let code = fallback.code;
  if ("code" in jsonValue && typeof jsonValue.code === "string") {
    code = (_a = codeFromString(jsonValue.code)) !== null && _a !== void 0 ? _a : code;
  }
  const message = jsonValue.message;
  if (message != null && typeof message !== "string") {
    throw fallback;
  }
  const error = new ConnectError(message !== null && message !== void 0 ? message : "", code, metadata);
  if ("details" in jsonValue && Array.isArray(jsonValue.details)) {
    for (const detail of jsonValue.details) {
      if (detail === null || typeof detail != "object" || Array.isArray(detail) || typeof detail.type != "string" || typeof detail.value != "string") {
        throw fallback;
      }
      try {
        error.details.push({
          type: detail.type,
          value: base64Decode(detail.value),
          debug: detail.debug
        });
      } catch (e) {
        throw fallback;
      }
    }
  }
  return error;
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/end-stream.js
var endStreamFlag = 2;
function endStreamFromJson(data) {
  const parseErr = new ConnectError("invalid end stream", Code.Unknown);
  let jsonValue;
  try {
    jsonValue = JSON.parse(typeof data == "string" ? data : new TextDecoder().decode(data));
  } catch (e) {
    throw parseErr;
  }
  if (typeof jsonValue != "object" || jsonValue == null || Array.isArray(jsonValue)) {
    throw parseErr;
  }
  const metadata = new Headers();
  if ("metadata" in jsonValue) {
    if (typeof jsonValue.metadata != "object" || jsonValue.metadata == null || Array.isArray(jsonValue.metadata)) {
      throw parseErr;
    }
    for (const [key, values] of Object.entries(jsonValue.metadata)) {
      if (!Array.isArray(values) || values.some((value) => typeof value != "string")) {
        throw parseErr;
      }
      for (const value of values) {
        metadata.append(key, value);
      }
    }
  }
  const error = "error" in jsonValue && jsonValue.error != null ? errorFromJson(jsonValue.error, metadata, parseErr) : void 0;
  return { metadata, error };
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/headers.js
var headerContentType2 = "Content-Type";
var headerUnaryContentLength = "Content-Length";
var headerUnaryEncoding = "Content-Encoding";
var headerUnaryAcceptEncoding = "Accept-Encoding";
var headerTimeout2 = "Connect-Timeout-Ms";
var headerProtocolVersion = "Connect-Protocol-Version";
var headerUserAgent2 = "User-Agent";

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/http-status.js
function codeFromHttpStatus(httpStatus) {
  switch (httpStatus) {
    case 400:
      return Code.Internal;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.Unimplemented;
    case 429:
      return Code.Unavailable;
    case 502:
      return Code.Unavailable;
    case 503:
      return Code.Unavailable;
    case 504:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/trailer-mux.js
function trailerDemux(header) {
  const h = new Headers(), t = new Headers();
  header.forEach((value, key) => {
    if (key.toLowerCase().startsWith("trailer-")) {
      t.append(key.substring(8), value);
    } else {
      h.append(key, value);
    }
  });
  return [h, t];
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/version.js
var protocolVersion = "1";

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/request-header.js
function requestHeader(methodKind, useBinaryFormat, timeoutMs, userProvidedHeaders, setUserAgent) {
  const result = new Headers(userProvidedHeaders !== null && userProvidedHeaders !== void 0 ? userProvidedHeaders : {});
  if (timeoutMs !== void 0) {
    result.set(headerTimeout2, `${timeoutMs}`);
  }
  result.set(headerContentType2, methodKind == "unary" ? useBinaryFormat ? contentTypeUnaryProto : contentTypeUnaryJson : useBinaryFormat ? contentTypeStreamProto : contentTypeStreamJson);
  result.set(headerProtocolVersion, protocolVersion);
  if (!result.has(headerUserAgent2) && setUserAgent) {
    result.set(headerUserAgent2, "connect-es/2.0.4");
  }
  return result;
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/validate-response.js
function validateResponse(methodKind, useBinaryFormat, status, headers) {
  const mimeType = headers.get(headerContentType2);
  const parsedType = parseContentType(mimeType);
  if (status !== 200) {
    const errorFromStatus = new ConnectError(`HTTP ${status}`, codeFromHttpStatus(status), headers);
    if (methodKind == "unary" && parsedType && !parsedType.binary) {
      return { isUnaryError: true, unaryError: errorFromStatus };
    }
    throw errorFromStatus;
  }
  const allowedContentType = {
    binary: useBinaryFormat,
    stream: methodKind !== "unary"
  };
  if ((parsedType === null || parsedType === void 0 ? void 0 : parsedType.binary) !== allowedContentType.binary || parsedType.stream !== allowedContentType.stream) {
    throw new ConnectError(`unsupported content type ${mimeType}`, parsedType === void 0 ? Code.Unknown : Code.Internal, headers);
  }
  return { isUnaryError: false };
}

// node_modules/@connectrpc/connect/dist/esm/protocol-connect/get-request.js
var contentTypePrefix = "application/";
function encodeMessageForUrl(message, useBase64) {
  if (useBase64) {
    return base64Encode(message, "url");
  }
  return encodeURIComponent(new TextDecoder().decode(message));
}
function transformConnectPostToGetRequest(request, message, useBase64) {
  let query = `?connect=v${protocolVersion}`;
  const contentType = request.header.get(headerContentType2);
  if ((contentType === null || contentType === void 0 ? void 0 : contentType.indexOf(contentTypePrefix)) === 0) {
    query += "&encoding=" + encodeURIComponent(contentType.slice(contentTypePrefix.length));
  }
  const compression = request.header.get(headerUnaryEncoding);
  if (compression !== null && compression !== "identity") {
    query += "&compression=" + encodeURIComponent(compression);
    useBase64 = true;
  }
  if (useBase64) {
    query += "&base64=1";
  }
  query += "&message=" + encodeMessageForUrl(message, useBase64);
  const url = request.url + query;
  const header = new Headers(request.header);
  for (const h of [
    headerProtocolVersion,
    headerContentType2,
    headerUnaryContentLength,
    headerUnaryEncoding,
    headerUnaryAcceptEncoding
  ]) {
    header.delete(h);
  }
  return Object.assign(Object.assign({}, request), {
    requestMethod: "GET",
    url,
    header
  });
}

// node_modules/@connectrpc/connect/dist/esm/protocol/run-call.js
function runUnaryCall(opt) {
  const next = applyInterceptors(opt.next, opt.interceptors);
  const [signal, abort, done] = setupSignal(opt);
  const req = Object.assign(Object.assign({}, opt.req), { message: normalize(opt.req.method.input, opt.req.message), signal });
  return next(req).then((res) => {
    done();
    return res;
  }, abort);
}
function runStreamingCall(opt) {
  const next = applyInterceptors(opt.next, opt.interceptors);
  const [signal, abort, done] = setupSignal(opt);
  const req = Object.assign(Object.assign({}, opt.req), { message: normalizeIterable(opt.req.method.input, opt.req.message), signal });
  let doneCalled = false;
  signal.addEventListener("abort", function() {
    var _a, _b;
    const it = opt.req.message[Symbol.asyncIterator]();
    if (!doneCalled) {
      (_a = it.throw) === null || _a === void 0 ? void 0 : _a.call(it, this.reason).catch(() => {
      });
    }
    (_b = it.return) === null || _b === void 0 ? void 0 : _b.call(it).catch(() => {
    });
  });
  return next(req).then((res) => {
    return Object.assign(Object.assign({}, res), { message: {
      [Symbol.asyncIterator]() {
        const it = res.message[Symbol.asyncIterator]();
        return {
          next() {
            return it.next().then((r) => {
              if (r.done == true) {
                doneCalled = true;
                done();
              }
              return r;
            }, abort);
          }
          // We deliberately omit throw/return.
        };
      }
    } });
  }, abort);
}
function setupSignal(opt) {
  const { signal, cleanup } = createDeadlineSignal(opt.timeoutMs);
  const controller = createLinkedAbortController(opt.signal, signal);
  return [
    controller.signal,
    function abort(reason) {
      const e = ConnectError.from(signal.aborted ? getAbortSignalReason(signal) : reason);
      controller.abort(e);
      cleanup();
      return Promise.reject(e);
    },
    function done() {
      cleanup();
      controller.abort();
    }
  ];
}

// clients/typescript/lib/armoire/v1/access_pb.js
var file_armoire_v1_access = /* @__PURE__ */ fileDesc("Chdhcm1vaXJlL3YxL2FjY2Vzcy5wcm90bxIKYXJtb2lyZS52MSpzCgVTY29wZRIVChFTQ09QRV9VTlNQRUNJRklFRBAAEg8KC1NDT1BFX0lORkVSEAESDgoKU0NPUEVfUkVBRBACEg8KC1NDT1BFX1dSSVRFEAMSEAoMU0NPUEVfUkVWSUVXEAQSDwoLU0NPUEVfQURNSU4QBTpLCgZzY29wZXMSHi5nb29nbGUucHJvdG9idWYuTWV0aG9kT3B0aW9ucxjRhgMgAygOMhEuYXJtb2lyZS52MS5TY29wZVIGc2NvcGVzOkUKDW9wZXJhdG9yX29ubHkSHi5nb29nbGUucHJvdG9idWYuTWV0aG9kT3B0aW9ucxjShgMgASgIUgxvcGVyYXRvck9ubHk6OAoGYW55b25lEh4uZ29vZ2xlLnByb3RvYnVmLk1ldGhvZE9wdGlvbnMY04YDIAEoCFIGYW55b25lQkEKDWlvLmFybW9pcmUudjFCC0FjY2Vzc1Byb3RvUAFaFGFybW9pcmUvdjE7YXJtb2lyZXYxqgIKQXJtb2lyZS5WMWIGcHJvdG8z", [file_google_protobuf_descriptor]);
var ScopeSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_access, 0);
var Scope = /* @__PURE__ */ tsEnum(ScopeSchema);
var scopes = /* @__PURE__ */ extDesc(file_armoire_v1_access, 0);
var operator_only = /* @__PURE__ */ extDesc(file_armoire_v1_access, 1);
var anyone = /* @__PURE__ */ extDesc(file_armoire_v1_access, 2);

// clients/typescript/lib/google/api/field_behavior_pb.js
var file_google_api_field_behavior = /* @__PURE__ */ fileDesc("Ch9nb29nbGUvYXBpL2ZpZWxkX2JlaGF2aW9yLnByb3RvEgpnb29nbGUuYXBpKrYBCg1GaWVsZEJlaGF2aW9yEh4KGkZJRUxEX0JFSEFWSU9SX1VOU1BFQ0lGSUVEEAASDAoIT1BUSU9OQUwQARIMCghSRVFVSVJFRBACEg8KC09VVFBVVF9PTkxZEAMSDgoKSU5QVVRfT05MWRAEEg0KCUlNTVVUQUJMRRAFEhIKDlVOT1JERVJFRF9MSVNUEAYSFQoRTk9OX0VNUFRZX0RFRkFVTFQQBxIOCgpJREVOVElGSUVSEAg6YAoOZmllbGRfYmVoYXZpb3ISHS5nb29nbGUucHJvdG9idWYuRmllbGRPcHRpb25zGJwIIAMoDjIZLmdvb2dsZS5hcGkuRmllbGRCZWhhdmlvclINZmllbGRCZWhhdmlvckJwCg5jb20uZ29vZ2xlLmFwaUISRmllbGRCZWhhdmlvclByb3RvUAFaQWdvb2dsZS5nb2xhbmcub3JnL2dlbnByb3RvL2dvb2dsZWFwaXMvYXBpL2Fubm90YXRpb25zO2Fubm90YXRpb25zogIER0FQSWIGcHJvdG8z", [file_google_protobuf_descriptor]);

// clients/typescript/lib/armoire/v1/types_pb.js
var file_armoire_v1_types = /* @__PURE__ */ fileDesc("ChZhcm1vaXJlL3YxL3R5cGVzLnByb3RvEgphcm1vaXJlLnYxInMKCkltYWdlSW5wdXQSEQoHY29udGVudBgBIAEoDEgAEhMKCXVwbG9hZF9pZBgCIAEoCUgAEg0KA3VyaRgDIAEoCUgAEiQKBWJveGVzGAQgAygLMg8uYXJtb2lyZS52MS5Cb3hCBOJBAQFCCAoGc291cmNlIk0KA0JveBIQCgJ4MRgBIAEoAkIE4kEBAhIQCgJ5MRgCIAEoAkIE4kEBAhIQCgJ4MhgDIAEoAkIE4kEBAhIQCgJ5MhgEIAEoAkIE4kEBAiKxAQoOQXR0cmlidXRlVmFsdWUSJwoGdmFsdWVzGAEgAygLMhcuYXJtb2lyZS52MS5TY29yZWRWYWx1ZRITCgZudW1iZXIYAiABKAFIAIgBARInCgZzb3VyY2UYAyABKA4yFy5hcm1vaXJlLnYxLlZhbHVlU291cmNlEi0KDGFsdGVybmF0aXZlcxgEIAMoCzIXLmFybW9pcmUudjEuU2NvcmVkVmFsdWVCCQoHX251bWJlciIrCgtTY29yZWRWYWx1ZRINCgV2YWx1ZRgBIAEoCRINCgVzY29yZRgCIAEoAiI5CgpDb2xvclNoYXJlEgwKBG5hbWUYASABKAkSEAoIZnJhY3Rpb24YAiABKAISCwoDcmdiGAMgASgNImAKCUVtYmVkZGluZxIUCgZ2YWx1ZXMYASADKAJCBOJBAQISGwoNbW9kZWxfdmVyc2lvbhgCIAEoCUIE4kEBAhIgChJwcmVwcm9jZXNzX3ZlcnNpb24YAyABKAlCBOJBAQIi8gEKDFN0YWdlVGltaW5ncxIRCglkZWNvZGVfbnMYASABKAMSFwoPZGV0ZWN0X3F1ZXVlX25zGAIgASgDEhEKCWRldGVjdF9ucxgDIAEoAxIPCgdjcm9wX25zGAQgASgDEhYKDmVtYmVkX3F1ZXVlX25zGAUgASgDEhAKCGVtYmVkX25zGAYgASgDEhMKC2Rlc2NyaWJlX25zGAcgASgDEhEKCXNlYXJjaF9ucxgIIAEoAxIQCgh0b3RhbF9ucxgJIAEoAxIZChFjbGFzc2lmeV9xdWV1ZV9ucxgKIAEoAxITCgtjbGFzc2lmeV9ucxgLIAEoAypRCghQcmlvcml0eRIYChRQUklPUklUWV9VTlNQRUNJRklFRBAAEhgKFFBSSU9SSVRZX0lOVEVSQUNUSVZFEAESEQoNUFJJT1JJVFlfQlVMSxACKlwKC1ZhbHVlU291cmNlEhwKGFZBTFVFX1NPVVJDRV9VTlNQRUNJRklFRBAAEhYKElZBTFVFX1NPVVJDRV9NT0RFTBABEhcKE1ZBTFVFX1NPVVJDRV9QRVJTT04QAiqlAgoMUXVhbGl0eUlzc3VlEh0KGVFVQUxJVFlfSVNTVUVfVU5TUEVDSUZJRUQQABIbChdRVUFMSVRZX0lTU1VFX1RPT19TTUFMTBABEh4KGlFVQUxJVFlfSVNTVUVfQVNQRUNUX1JBVElPEAISHAoYUVVBTElUWV9JU1NVRV9GTEFUX0NPTE9SEAMSGQoVUVVBTElUWV9JU1NVRV9CTFVSUkVEEAQSHgoaUVVBTElUWV9JU1NVRV9VTkRFUkVYUE9TRUQQBRIdChlRVUFMSVRZX0lTU1VFX09WRVJFWFBPU0VEEAYSIAocUVVBTElUWV9JU1NVRV9MT1dfUkVTT0xVVElPThAHEh8KG1FVQUxJVFlfSVNTVUVfTk9UX0FfR0FSTUVOVBAIQkAKDWlvLmFybW9pcmUudjFCClR5cGVzUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_google_api_field_behavior]);
var ImageInputSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 0);
var BoxSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 1);
var AttributeValueSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 2);
var ScoredValueSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 3);
var ColorShareSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 4);
var EmbeddingSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 5);
var StageTimingsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_types, 6);
var PrioritySchema = /* @__PURE__ */ enumDesc(file_armoire_v1_types, 0);
var Priority = /* @__PURE__ */ tsEnum(PrioritySchema);
var ValueSourceSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_types, 1);
var ValueSource = /* @__PURE__ */ tsEnum(ValueSourceSchema);
var QualityIssueSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_types, 2);
var QualityIssue = /* @__PURE__ */ tsEnum(QualityIssueSchema);

// clients/typescript/lib/armoire/v1/items_pb.js
var file_armoire_v1_items = /* @__PURE__ */ fileDesc("ChZhcm1vaXJlL3YxL2l0ZW1zLnByb3RvEgphcm1vaXJlLnYxIq8ICgRJdGVtEgoKAmlkGAEgASgJEhAKCGltYWdlX2lkGAIgASgJEhIKCmltYWdlX25hbWUYAyABKAkSEgoKcHJvZHVjdF9pZBgEIAEoCRIcCgNib3gYBSABKAsyDy5hcm1vaXJlLnYxLkJveBITCgtpbWFnZV93aWR0aBgGIAEoBRIUCgxpbWFnZV9oZWlnaHQYByABKAUSDQoFc2NvcmUYCCABKAISDQoFbGFiZWwYCSABKAkSEwoLd2hvbGVfaW1hZ2UYCiABKAgSGAoQcHJpbWFyeV9pbl9pbWFnZRgLIAEoCBIaChJwcmltYXJ5X2luX3Byb2R1Y3QYDCABKAgSNAoKYXR0cmlidXRlcxgNIAMoCzIgLmFybW9pcmUudjEuSXRlbS5BdHRyaWJ1dGVzRW50cnkSJgoGY29sb3JzGA4gAygLMhYuYXJtb2lyZS52MS5Db2xvclNoYXJlEioKCHdhcm5pbmdzGA8gAygOMhguYXJtb2lyZS52MS5RdWFsaXR5SXNzdWUSFQoNbW9kZWxfdmVyc2lvbhgQIAEoCRIaChJwcmVwcm9jZXNzX3ZlcnNpb24YESABKAkSDAoEZXRhZxgSIAEoCRIvCgtjcmVhdGVfdGltZRgTIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXASLwoLdXBkYXRlX3RpbWUYFCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wEigKCWVtYmVkZGluZxgVIAEoCzIVLmFybW9pcmUudjEuRW1iZWRkaW5nEgwKBGNyb3AYFiABKAwSKwoKY2F0ZWdvcmllcxgXIAMoCzIXLmFybW9pcmUudjEuU2NvcmVkVmFsdWUSGgoSY2xhc3NpZmllcl92ZXJzaW9uGBggASgJEiUKHWNsYXNzaWZpZXJfcHJlcHJvY2Vzc192ZXJzaW9uGBkgASgJEi0KDGxhYmVsX3NvdXJjZRgaIAEoDjIXLmFybW9pcmUudjEuVmFsdWVTb3VyY2USKwoKYm94X3NvdXJjZRgbIAEoDjIXLmFybW9pcmUudjEuVmFsdWVTb3VyY2USDQoFYWRkZWQYHCABKAgSLwoNcmVqZWN0X3JlYXNvbhgdIAEoDjIYLmFybW9pcmUudjEuUmVqZWN0UmVhc29uEi8KC3ZlcmlmeV90aW1lGB4gASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIaCg1nYXJtZW50X3Njb3JlGB8gASgCSACIAQESEAoIY3JvcF91cmwYICABKAkaTQoPQXR0cmlidXRlc0VudHJ5EgsKA2tleRgBIAEoCRIpCgV2YWx1ZRgCIAEoCzIaLmFybW9pcmUudjEuQXR0cmlidXRlVmFsdWU6AjgBQhAKDl9nYXJtZW50X3Njb3JlIusBCgxJdGVtVmVyc2lvbnMSGAoQZGV0ZWN0b3JfdmVyc2lvbhgBIAEoCRIjChtkZXRlY3Rvcl9wcmVwcm9jZXNzX3ZlcnNpb24YAiABKAkSGAoQZW1iZWRkZXJfdmVyc2lvbhgDIAEoCRIjChtlbWJlZGRlcl9wcmVwcm9jZXNzX3ZlcnNpb24YBCABKAkSGgoSY2xhc3NpZmllcl92ZXJzaW9uGAUgASgJEiUKHWNsYXNzaWZpZXJfcHJlcHJvY2Vzc192ZXJzaW9uGAYgASgJEhoKEnZvY2FidWxhcnlfdmVyc2lvbhgHIAEoCSLGAQoOR2V0SXRlbVJlcXVlc3QSFQoHaXRlbV9pZBgBIAEoCUIE4kEBAhIfChFpbmNsdWRlX2VtYmVkZGluZxgCIAEoCEIE4kEBARIaCgxpbmNsdWRlX2Nyb3AYAyABKAhCBOJBAQESHgoQaW5jbHVkZV9jcm9wX3VybBgEIAEoCEIE4kEBARIcCg51cmxfbGlmZXRpbWVfcxgFIAEoBUIE4kEBARIiChRpbmNsdWRlX2FsdGVybmF0aXZlcxgGIAEoCEIE4kEBASJ9Cg9HZXRJdGVtUmVzcG9uc2USHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRIQCghjcm9wX3VybBgCIAEoCRI4ChRjcm9wX3VybF9leHBpcmVfdGltZRgDIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAiwgIKEExpc3RJdGVtc1JlcXVlc3QSFwoJcGFnZV9zaXplGAEgASgFQgTiQQEBEhgKCnBhZ2VfdG9rZW4YAiABKAlCBOJBAQESGAoKcHJvZHVjdF9pZBgDIAEoCUIE4kEBARIWCghpbWFnZV9pZBgEIAEoCUIE4kEBARIbCg1zaG93X3JlamVjdGVkGAUgASgIQgTiQQEBEiQKEW1pbl9nYXJtZW50X3Njb3JlGAYgASgBQgTiQQEBSACIAQESJAoRbWF4X2dhcm1lbnRfc2NvcmUYByABKAFCBOJBAQFIAYgBARIfChFpbmNsdWRlX2Nyb3BfdXJscxgIIAEoCEIE4kEBARITCgV3aGVyZRgJIAEoCUIE4kEBAUIUChJfbWluX2dhcm1lbnRfc2NvcmVCFAoSX21heF9nYXJtZW50X3Njb3JlIocBChFMaXN0SXRlbXNSZXNwb25zZRIfCgVpdGVtcxgBIAMoCzIQLmFybW9pcmUudjEuSXRlbRIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkSOAoUY3JvcF91cmxfZXhwaXJlX3RpbWUYAyABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wKoYBCgxSZWplY3RSZWFzb24SHQoZUkVKRUNUX1JFQVNPTl9VTlNQRUNJRklFRBAAEh8KG1JFSkVDVF9SRUFTT05fTk9UX0FfR0FSTUVOVBABEhsKF1JFSkVDVF9SRUFTT05fRFVQTElDQVRFEAISGQoVUkVKRUNUX1JFQVNPTl9CQURfQk9YEANCQAoNaW8uYXJtb2lyZS52MUIKSXRlbXNQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var ItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_items, 0);
var ItemVersionsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_items, 1);
var GetItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_items, 2);
var GetItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_items, 3);
var ListItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_items, 4);
var ListItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_items, 5);
var RejectReasonSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_items, 0);
var RejectReason = /* @__PURE__ */ tsEnum(RejectReasonSchema);

// clients/typescript/lib/armoire/v1/corrections_pb.js
var file_armoire_v1_corrections = /* @__PURE__ */ fileDesc("Chxhcm1vaXJlL3YxL2NvcnJlY3Rpb25zLnByb3RvEgphcm1vaXJlLnYxIlkKE0F0dHJpYnV0ZUNvcnJlY3Rpb24SDgoGdmFsdWVzGAEgAygJEhIKCm5vdF92YWx1ZXMYAiADKAkSDwoHY2xlYXJlZBgDIAEoCBINCgVyZXNldBgEIAEoCCLkAgoKQ29ycmVjdGlvbhIKCgJpZBgBIAEoCRIPCgdpdGVtX2lkGAIgASgJEigKBGtpbmQYAyABKA4yGi5hcm1vaXJlLnYxLkNvcnJlY3Rpb25LaW5kEg4KBmF1dGhvchgEIAEoCRIQCghlbmRfdXNlchgFIAEoCRIoCgdjaGFuZ2VzGAYgAygLMhcuYXJtb2lyZS52MS5GaWVsZENoYW5nZRIVCg1tb2RlbF92ZXJzaW9uGAcgASgJEhoKEnByZXByb2Nlc3NfdmVyc2lvbhgIIAEoCRIcChR1bmRvbmVfY29ycmVjdGlvbl9pZBgJIAEoCRIvCgtjcmVhdGVfdGltZRgKIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXASLwoNcmV2aWV3X3JlYXNvbhgLIAEoDjIYLmFybW9pcmUudjEuUmV2aWV3UmVhc29uEhAKCGJhdGNoX2lkGAwgASgJIjsKC0ZpZWxkQ2hhbmdlEg0KBWZpZWxkGAEgASgJEg4KBmJlZm9yZRgCIAEoCRINCgVhZnRlchgDIAEoCSKsAgoSQ29ycmVjdEl0ZW1SZXF1ZXN0EhUKB2l0ZW1faWQYASABKAlCBOJBAQISEwoFbGFiZWwYAiABKAlCBOJBAQESSAoKYXR0cmlidXRlcxgDIAMoCzIuLmFybW9pcmUudjEuQ29ycmVjdEl0ZW1SZXF1ZXN0LkF0dHJpYnV0ZXNFbnRyeUIE4kEBARIiCgNib3gYBCABKAsyDy5hcm1vaXJlLnYxLkJveEIE4kEBARISCgRldGFnGAUgASgJQgTiQQEBEhQKBnZlcmlmeRgGIAEoCEIE4kEBARpSCg9BdHRyaWJ1dGVzRW50cnkSCwoDa2V5GAEgASgJEi4KBXZhbHVlGAIgASgLMh8uYXJtb2lyZS52MS5BdHRyaWJ1dGVDb3JyZWN0aW9uOgI4ASJxChNDb3JyZWN0SXRlbVJlc3BvbnNlEh4KBGl0ZW0YASABKAsyEC5hcm1vaXJlLnYxLkl0ZW0SKgoKY29ycmVjdGlvbhgCIAEoCzIWLmFybW9pcmUudjEuQ29ycmVjdGlvbhIOCgZqb2JfaWQYAyABKAki+wEKDkFkZEl0ZW1SZXF1ZXN0EhYKCGltYWdlX2lkGAEgASgJQgTiQQECEiIKA2JveBgCIAEoCzIPLmFybW9pcmUudjEuQm94QgTiQQECEhMKBWxhYmVsGAMgASgJQgTiQQEBEkQKCmF0dHJpYnV0ZXMYBCADKAsyKi5hcm1vaXJlLnYxLkFkZEl0ZW1SZXF1ZXN0LkF0dHJpYnV0ZXNFbnRyeUIE4kEBARpSCg9BdHRyaWJ1dGVzRW50cnkSCwoDa2V5GAEgASgJEi4KBXZhbHVlGAIgASgLMh8uYXJtb2lyZS52MS5BdHRyaWJ1dGVDb3JyZWN0aW9uOgI4ASJtCg9BZGRJdGVtUmVzcG9uc2USHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRIqCgpjb3JyZWN0aW9uGAIgASgLMhYuYXJtb2lyZS52MS5Db3JyZWN0aW9uEg4KBmpvYl9pZBgDIAEoCSJuChFSZWplY3RJdGVtUmVxdWVzdBIVCgdpdGVtX2lkGAEgASgJQgTiQQECEi4KBnJlYXNvbhgCIAEoDjIYLmFybW9pcmUudjEuUmVqZWN0UmVhc29uQgTiQQECEhIKBGV0YWcYAyABKAlCBOJBAQEiYAoSUmVqZWN0SXRlbVJlc3BvbnNlEh4KBGl0ZW0YASABKAsyEC5hcm1vaXJlLnYxLkl0ZW0SKgoKY29ycmVjdGlvbhgCIAEoCzIWLmFybW9pcmUudjEuQ29ycmVjdGlvbiI/ChJSZXN0b3JlSXRlbVJlcXVlc3QSFQoHaXRlbV9pZBgBIAEoCUIE4kEBAhISCgRldGFnGAIgASgJQgTiQQEBImEKE1Jlc3RvcmVJdGVtUmVzcG9uc2USHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRIqCgpjb3JyZWN0aW9uGAIgASgLMhYuYXJtb2lyZS52MS5Db3JyZWN0aW9uInMKFVNldFByaW1hcnlJdGVtUmVxdWVzdBIVCgdpdGVtX2lkGAEgASgJQgTiQQECEi8KBnRhcmdldBgCIAEoDjIZLmFybW9pcmUudjEuUHJpbWFyeVRhcmdldEIE4kEBAhISCgRldGFnGAMgASgJQgTiQQEBImQKFlNldFByaW1hcnlJdGVtUmVzcG9uc2USHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRIqCgpjb3JyZWN0aW9uGAIgASgLMhYuYXJtb2lyZS52MS5Db3JyZWN0aW9uIj4KEVZlcmlmeUl0ZW1SZXF1ZXN0EhUKB2l0ZW1faWQYASABKAlCBOJBAQISEgoEZXRhZxgCIAEoCUIE4kEBASJgChJWZXJpZnlJdGVtUmVzcG9uc2USHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRIqCgpjb3JyZWN0aW9uGAIgASgLMhYuYXJtb2lyZS52MS5Db3JyZWN0aW9uIjQKFVVuZG9Db3JyZWN0aW9uUmVxdWVzdBIbCg1jb3JyZWN0aW9uX2lkGAEgASgJQgTiQQECInQKFlVuZG9Db3JyZWN0aW9uUmVzcG9uc2USHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRIqCgpjb3JyZWN0aW9uGAIgASgLMhYuYXJtb2lyZS52MS5Db3JyZWN0aW9uEg4KBmpvYl9pZBgDIAEoCSLqAQoWTGlzdENvcnJlY3Rpb25zUmVxdWVzdBIXCglwYWdlX3NpemUYASABKAVCBOJBAQESGAoKcGFnZV90b2tlbhgCIAEoCUIE4kEBARIVCgdpdGVtX2lkGAMgASgJQgTiQQEBEhQKBmF1dGhvchgEIAEoCUIE4kEBARI2CgxjcmVhdGVkX2Zyb20YBSABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEBEjgKDmNyZWF0ZWRfYmVmb3JlGAYgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBASJfChdMaXN0Q29ycmVjdGlvbnNSZXNwb25zZRIrCgtjb3JyZWN0aW9ucxgBIAMoCzIWLmFybW9pcmUudjEuQ29ycmVjdGlvbhIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkq9wEKDkNvcnJlY3Rpb25LaW5kEh8KG0NPUlJFQ1RJT05fS0lORF9VTlNQRUNJRklFRBAAEhsKF0NPUlJFQ1RJT05fS0lORF9DT1JSRUNUEAESFwoTQ09SUkVDVElPTl9LSU5EX0FERBACEhoKFkNPUlJFQ1RJT05fS0lORF9SRUpFQ1QQAxIbChdDT1JSRUNUSU9OX0tJTkRfUkVTVE9SRRAEEh8KG0NPUlJFQ1RJT05fS0lORF9TRVRfUFJJTUFSWRAFEhoKFkNPUlJFQ1RJT05fS0lORF9WRVJJRlkQBhIYChRDT1JSRUNUSU9OX0tJTkRfVU5ETxAHKmUKDVByaW1hcnlUYXJnZXQSHgoaUFJJTUFSWV9UQVJHRVRfVU5TUEVDSUZJRUQQABIYChRQUklNQVJZX1RBUkdFVF9JTUFHRRABEhoKFlBSSU1BUllfVEFSR0VUX1BST0RVQ1QQAiqeAQoMUmV2aWV3UmVhc29uEh0KGVJFVklFV19SRUFTT05fVU5TUEVDSUZJRUQQABIbChdSRVZJRVdfUkVBU09OX1VOQ0VSVEFJThABEhcKE1JFVklFV19SRUFTT05fQVVESVQQAhIeChpSRVZJRVdfUkVBU09OX0RJU0FHUkVFTUVOVBADEhkKFVJFVklFV19SRUFTT05fU0lNSUxBUhAEQkYKDWlvLmFybW9pcmUudjFCEENvcnJlY3Rpb25zUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_armoire_v1_items, file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var AttributeCorrectionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 0);
var CorrectionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 1);
var FieldChangeSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 2);
var CorrectItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 3);
var CorrectItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 4);
var AddItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 5);
var AddItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 6);
var RejectItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 7);
var RejectItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 8);
var RestoreItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 9);
var RestoreItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 10);
var SetPrimaryItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 11);
var SetPrimaryItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 12);
var VerifyItemRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 13);
var VerifyItemResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 14);
var UndoCorrectionRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 15);
var UndoCorrectionResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 16);
var ListCorrectionsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 17);
var ListCorrectionsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_corrections, 18);
var CorrectionKindSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_corrections, 0);
var CorrectionKind = /* @__PURE__ */ tsEnum(CorrectionKindSchema);
var PrimaryTargetSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_corrections, 1);
var PrimaryTarget = /* @__PURE__ */ tsEnum(PrimaryTargetSchema);
var ReviewReasonSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_corrections, 2);
var ReviewReason = /* @__PURE__ */ tsEnum(ReviewReasonSchema);

// clients/typescript/lib/armoire/v1/images_pb.js
var file_armoire_v1_images = /* @__PURE__ */ fileDesc("Chdhcm1vaXJlL3YxL2ltYWdlcy5wcm90bxIKYXJtb2lyZS52MSKFBQoFSW1hZ2USEAoCaWQYASABKAlCBOJBAQMSEgoEbmFtZRgCIAEoCUIE4kEBARIYCgpwcm9kdWN0X2lkGAMgASgJQgTiQQEBEhMKBXdpZHRoGAQgASgFQgTiQQEDEhQKBmhlaWdodBgFIAEoBUIE4kEBAxIUCgZmb3JtYXQYBiABKAlCBOJBAQMSGAoKc2l6ZV9ieXRlcxgHIAEoA0IE4kEBAxIUCgZzaGEyNTYYCCABKAlCBOJBAQMSMAoId2FybmluZ3MYCSADKA4yGC5hcm1vaXJlLnYxLlF1YWxpdHlJc3N1ZUIE4kEBAxI2Cg5yZWplY3RlZF9jcm9wcxgKIAMoCzIYLmFybW9pcmUudjEuUmVqZWN0ZWRDcm9wQgTiQQEDEhIKBGV0YWcYCyABKAlCBOJBAQESNQoLY3JlYXRlX3RpbWUYDCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEDEjUKC3VwZGF0ZV90aW1lGA0gASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBAxI1CgtkZWxldGVfdGltZRgOIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQMSGwoNdGh1bWJuYWlsX3VybBgPIAEoCUIE4kEBAxIdCg9wZXJjZXB0dWFsX2hhc2gYECABKAlCBOJBAQMSHwoMaGFzaF9xdWFsaXR5GBEgASgFQgTiQQEDSACIAQESOgoRbmVhcl9kdXBsaWNhdGVfb2YYEiABKAsyGS5hcm1vaXJlLnYxLk5lYXJEdXBsaWNhdGVCBOJBAQNCDwoNX2hhc2hfcXVhbGl0eSIzCg1OZWFyRHVwbGljYXRlEhAKCGltYWdlX2lkGAEgASgJEhAKCGRpc3RhbmNlGAIgASgFIoIBCgxSZWplY3RlZENyb3ASHAoDYm94GAEgASgLMg8uYXJtb2lyZS52MS5Cb3gSDQoFc2NvcmUYAiABKAISDQoFbGFiZWwYAyABKAkSKAoGcmVhc29uGAQgASgOMhguYXJtb2lyZS52MS5RdWFsaXR5SXNzdWUSDAoEY3JvcBgFIAEoDCJPCg9HZXRJbWFnZVJlcXVlc3QSFgoIaW1hZ2VfaWQYASABKAlCBOJBAQISJAoWaW5jbHVkZV9yZWplY3RlZF9jcm9wcxgCIAEoCEIE4kEBASI0ChBHZXRJbWFnZVJlc3BvbnNlEiAKBWltYWdlGAEgASgLMhEuYXJtb2lyZS52MS5JbWFnZSKPAgoRTGlzdEltYWdlc1JlcXVlc3QSFwoJcGFnZV9zaXplGAEgASgFQgTiQQEBEhgKCnBhZ2VfdG9rZW4YAiABKAlCBOJBAQESGAoKcHJvZHVjdF9pZBgDIAEoCUIE4kEBARIaCgxzaG93X2RlbGV0ZWQYBCABKAhCBOJBAQESEgoEdGV4dBgFIAEoCUIE4kEBARIWCghvcmRlcl9ieRgGIAEoCUIE4kEBARIkChZpbmNsdWRlX3RodW1ibmFpbF91cmxzGAcgASgIQgTiQQEBEiMKFXRodW1ibmFpbF9tYXhfc2lkZV9weBgIIAEoBUIE4kEBARIaCgxvbmx5X2RlbGV0ZWQYCSABKAhCBOJBAQEijwEKEkxpc3RJbWFnZXNSZXNwb25zZRIhCgZpbWFnZXMYASADKAsyES5hcm1vaXJlLnYxLkltYWdlEhcKD25leHRfcGFnZV90b2tlbhgCIAEoCRI9Chl0aHVtYm5haWxfdXJsX2V4cGlyZV90aW1lGAMgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCKvAQoWR2V0SW1hZ2VDb250ZW50UmVxdWVzdBIWCghpbWFnZV9pZBgBIAEoCUIE4kEBAhIuCglyZW5kaXRpb24YAiABKA4yFS5hcm1vaXJlLnYxLlJlbmRpdGlvbkIE4kEBARIZCgttYXhfc2lkZV9weBgDIAEoBUIE4kEBARIUCgZhc191cmwYBCABKAhCBOJBAQESHAoOdXJsX2xpZmV0aW1lX3MYBSABKAVCBOJBAQEijgEKF0dldEltYWdlQ29udGVudFJlc3BvbnNlEhEKB2NvbnRlbnQYASABKAxIABINCgN1cmwYAiABKAlIABISCgptZWRpYV90eXBlGAMgASgJEjMKD3VybF9leHBpcmVfdGltZRgEIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCCAoGcmVzdWx0InMKElVwZGF0ZUltYWdlUmVxdWVzdBImCgVpbWFnZRgBIAEoCzIRLmFybW9pcmUudjEuSW1hZ2VCBOJBAQISNQoLdXBkYXRlX21hc2sYAiABKAsyGi5nb29nbGUucHJvdG9idWYuRmllbGRNYXNrQgTiQQEBIjcKE1VwZGF0ZUltYWdlUmVzcG9uc2USIAoFaW1hZ2UYASABKAsyES5hcm1vaXJlLnYxLkltYWdlIkAKEkRlbGV0ZUltYWdlUmVxdWVzdBIWCghpbWFnZV9pZBgBIAEoCUIE4kEBAhISCgRldGFnGAIgASgJQgTiQQEBIhUKE0RlbGV0ZUltYWdlUmVzcG9uc2UiLQoTUmVzdG9yZUltYWdlUmVxdWVzdBIWCghpbWFnZV9pZBgBIAEoCUIE4kEBAiJHChRSZXN0b3JlSW1hZ2VSZXNwb25zZRIgCgVpbWFnZRgBIAEoCzIRLmFybW9pcmUudjEuSW1hZ2USDQoFaXRlbXMYAiABKAUqVwoJUmVuZGl0aW9uEhkKFVJFTkRJVElPTl9VTlNQRUNJRklFRBAAEhYKElJFTkRJVElPTl9PUklHSU5BTBABEhcKE1JFTkRJVElPTl9USFVNQk5BSUwQAkJBCg1pby5hcm1vaXJlLnYxQgtJbWFnZXNQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_field_mask, file_google_protobuf_timestamp]);
var ImageSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 0);
var NearDuplicateSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 1);
var RejectedCropSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 2);
var GetImageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 3);
var GetImageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 4);
var ListImagesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 5);
var ListImagesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 6);
var GetImageContentRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 7);
var GetImageContentResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 8);
var UpdateImageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 9);
var UpdateImageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 10);
var DeleteImageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 11);
var DeleteImageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 12);
var RestoreImageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 13);
var RestoreImageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_images, 14);
var RenditionSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_images, 0);
var Rendition = /* @__PURE__ */ tsEnum(RenditionSchema);

// clients/typescript/lib/armoire/v1/duplicates_pb.js
var file_armoire_v1_duplicates = /* @__PURE__ */ fileDesc("Chthcm1vaXJlL3YxL2R1cGxpY2F0ZXMucHJvdG8SCmFybW9pcmUudjEiRAoORHVwbGljYXRlUGhvdG8SIAoFaW1hZ2UYASABKAsyES5hcm1vaXJlLnYxLkltYWdlEhAKCGRpc3RhbmNlGAIgASgFIn4KGUZpbmROZWFyRHVwbGljYXRlc1JlcXVlc3QSFgoIaW1hZ2VfaWQYASABKAlCBOJBAQISHwoMbWF4X2Rpc3RhbmNlGAIgASgFQgTiQQEBSACIAQESFwoJcGFnZV9zaXplGAMgASgFQgTiQQEBQg8KDV9tYXhfZGlzdGFuY2UibAoaRmluZE5lYXJEdXBsaWNhdGVzUmVzcG9uc2USKgoGcGhvdG9zGAEgAygLMhouYXJtb2lyZS52MS5EdXBsaWNhdGVQaG90bxISCgp0b3RhbF9zaXplGAIgASgFEg4KBmhhc2hlZBgDIAEoCCKaAQoZTGlzdE5lYXJEdXBsaWNhdGVzUmVxdWVzdBIYCgpwcm9kdWN0X2lkGAEgASgJQgTiQQEBEh8KDG1heF9kaXN0YW5jZRgCIAEoBUIE4kEBAUgAiAEBEhcKCXBhZ2Vfc2l6ZRgDIAEoBUIE4kEBARIYCgpwYWdlX3Rva2VuGAQgASgJQgTiQQEBQg8KDV9tYXhfZGlzdGFuY2UiYQoaTGlzdE5lYXJEdXBsaWNhdGVzUmVzcG9uc2USKgoGZ3JvdXBzGAEgAygLMhouYXJtb2lyZS52MS5EdXBsaWNhdGVHcm91cBIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkiUAoORHVwbGljYXRlR3JvdXASKgoGcGhvdG9zGAEgAygLMhouYXJtb2lyZS52MS5EdXBsaWNhdGVQaG90bxISCgp0b3RhbF9zaXplGAIgASgFQkUKDWlvLmFybW9pcmUudjFCD0R1cGxpY2F0ZXNQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_images, file_google_api_field_behavior]);
var DuplicatePhotoSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_duplicates, 0);
var FindNearDuplicatesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_duplicates, 1);
var FindNearDuplicatesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_duplicates, 2);
var ListNearDuplicatesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_duplicates, 3);
var ListNearDuplicatesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_duplicates, 4);
var DuplicateGroupSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_duplicates, 5);

// clients/typescript/lib/google/rpc/status_pb.js
var file_google_rpc_status = /* @__PURE__ */ fileDesc("Chdnb29nbGUvcnBjL3N0YXR1cy5wcm90bxIKZ29vZ2xlLnJwYyJOCgZTdGF0dXMSDAoEY29kZRgBIAEoBRIPCgdtZXNzYWdlGAIgASgJEiUKB2RldGFpbHMYAyADKAsyFC5nb29nbGUucHJvdG9idWYuQW55Ql4KDmNvbS5nb29nbGUucnBjQgtTdGF0dXNQcm90b1ABWjdnb29nbGUuZ29sYW5nLm9yZy9nZW5wcm90by9nb29nbGVhcGlzL3JwYy9zdGF0dXM7c3RhdHVzogIDUlBDYgZwcm90bzM", [file_google_protobuf_any]);
var StatusSchema2 = /* @__PURE__ */ messageDesc(file_google_rpc_status, 0);

// clients/typescript/lib/armoire/v1/operations_pb.js
var file_armoire_v1_operations = /* @__PURE__ */ fileDesc("Chthcm1vaXJlL3YxL29wZXJhdGlvbnMucHJvdG8SCmFybW9pcmUudjEizwMKCU9wZXJhdGlvbhIQCgJpZBgBIAEoCUIE4kEBAxItCgRraW5kGAIgASgOMhkuYXJtb2lyZS52MS5PcGVyYXRpb25LaW5kQgTiQQEDEi8KBXN0YXRlGAMgASgOMhouYXJtb2lyZS52MS5PcGVyYXRpb25TdGF0ZUIE4kEBAxI1Cghwcm9ncmVzcxgEIAEoCzIdLmFybW9pcmUudjEuT3BlcmF0aW9uUHJvZ3Jlc3NCBOJBAQMSHgoQY2FuY2VsX3JlcXVlc3RlZBgFIAEoCEIE4kEBAxIjCgVlcnJvchgGIAEoCzISLmdvb2dsZS5ycGMuU3RhdHVzSAASKAoIcmVzcG9uc2UYByABKAsyFC5nb29nbGUucHJvdG9idWYuQW55SAASNQoLY3JlYXRlX3RpbWUYCCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEDEjUKC3VwZGF0ZV90aW1lGAkgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBAxIyCghlbmRfdGltZRgKIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQNCCAoGcmVzdWx0Il8KEU9wZXJhdGlvblByb2dyZXNzEgwKBHVuaXQYASABKAkSDAoEZG9uZRgCIAEoAxIOCgZmYWlsZWQYAyABKAMSDQoFdG90YWwYBCABKAMSDwoHbWVzc2FnZRgFIAEoCSIxChNHZXRPcGVyYXRpb25SZXF1ZXN0EhoKDG9wZXJhdGlvbl9pZBgBIAEoCUIE4kEBAiJAChRHZXRPcGVyYXRpb25SZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbiKeAgoVTGlzdE9wZXJhdGlvbnNSZXF1ZXN0EhcKCXBhZ2Vfc2l6ZRgBIAEoBUIE4kEBARIYCgpwYWdlX3Rva2VuGAIgASgJQgTiQQEBEjAKBnN0YXRlcxgDIAMoDjIaLmFybW9pcmUudjEuT3BlcmF0aW9uU3RhdGVCBOJBAQESLgoFa2luZHMYBCADKA4yGS5hcm1vaXJlLnYxLk9wZXJhdGlvbktpbmRCBOJBAQESNgoMY3JlYXRlZF9mcm9tGAUgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARI4Cg5jcmVhdGVkX2JlZm9yZRgGIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQEiXAoWTGlzdE9wZXJhdGlvbnNSZXNwb25zZRIpCgpvcGVyYXRpb25zGAEgAygLMhUuYXJtb2lyZS52MS5PcGVyYXRpb24SFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJIjMKFVdhdGNoT3BlcmF0aW9uUmVxdWVzdBIaCgxvcGVyYXRpb25faWQYASABKAlCBOJBAQIiQgoWV2F0Y2hPcGVyYXRpb25SZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbiI0ChZDYW5jZWxPcGVyYXRpb25SZXF1ZXN0EhoKDG9wZXJhdGlvbl9pZBgBIAEoCUIE4kEBAiJDChdDYW5jZWxPcGVyYXRpb25SZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbiIzChVSZXRyeU9wZXJhdGlvblJlcXVlc3QSGgoMb3BlcmF0aW9uX2lkGAEgASgJQgTiQQECIkIKFlJldHJ5T3BlcmF0aW9uUmVzcG9uc2USKAoJb3BlcmF0aW9uGAEgASgLMhUuYXJtb2lyZS52MS5PcGVyYXRpb24iugEKC0F1ZGl0UmVwb3J0Eg0KBWl0ZW1zGAEgASgDEg8KB3ZlY3RvcnMYAiABKAMSDQoFYmxvYnMYAyABKAMSDAoEbG9zdBgEIAEoAxIPCgdkb3VibGVkGAUgASgDEg0KBXN0YWxlGAYgASgDEhAKCG9ycGhhbmVkGAcgASgDEhAKCHJlcGFpcmVkGAggASgDEioKCGZpbmRpbmdzGAkgAygLMhguYXJtb2lyZS52MS5BdWRpdEZpbmRpbmciXgoMQXVkaXRGaW5kaW5nEg8KB3Byb2JsZW0YASABKAkSDQoFc3RvcmUYAiABKAkSDgoGdGVuYW50GAMgASgJEgoKAmlkGAQgASgJEhIKCmNvbGxlY3Rpb24YBSABKAki0gEKDkJhY2tmaWxsUmVwb3J0EhIKCmNvbGxlY3Rpb24YASABKAkSFQoNbW9kZWxfdmVyc2lvbhgCIAEoCRIaChJwcmVwcm9jZXNzX3ZlcnNpb24YAyABKAkSDQoFaXRlbXMYBCABKAMSDwoHdmVjdG9ycxgFIAEoAxIPCgdsYWNraW5nGAYgASgDEhUKDWZhaWxlZF9waG90b3MYByABKAMSDwoHb3ZlcmxhcBgIIAEoARIPCgdzYW1wbGVkGAkgASgDEg8KB3N3YXBwZWQYCiABKAgihAEKDVJlaW5kZXhSZXBvcnQSDgoGcGhvdG9zGAEgASgDEhUKDWZhaWxlZF9waG90b3MYAiABKAMSDQoFaXRlbXMYAyABKAMSEwoLc3RhbGVfaXRlbXMYBCABKAMSKAoGc2VydmVkGAUgASgLMhguYXJtb2lyZS52MS5JdGVtVmVyc2lvbnMiXAoNRXJhc3VyZVJlcG9ydBIOCgZ0ZW5hbnQYASABKAkSEgoKcHJvZHVjdF9pZBgCIAEoCRInCgZzdG9yZXMYAyADKAsyFy5hcm1vaXJlLnYxLkVyYXNlZFN0b3JlIkAKC0VyYXNlZFN0b3JlEg0KBXN0b3JlGAEgASgJEg8KB3JlbW92ZWQYAiABKAMSEQoJcmVtYWluaW5nGAMgASgDKu8BCg1PcGVyYXRpb25LaW5kEh4KGk9QRVJBVElPTl9LSU5EX1VOU1BFQ0lGSUVEEAASGwoXT1BFUkFUSU9OX0tJTkRfQkFDS0ZJTEwQARIZChVPUEVSQVRJT05fS0lORF9JTVBPUlQQAhIZChVPUEVSQVRJT05fS0lORF9FWFBPUlQQAxIbChdPUEVSQVRJT05fS0lORF9UUkFJTklORxAEEhgKFE9QRVJBVElPTl9LSU5EX0FVRElUEAUSGgoWT1BFUkFUSU9OX0tJTkRfUkVJTkRFWBAGEhgKFE9QRVJBVElPTl9LSU5EX0VSQVNFEAcqxAEKDk9wZXJhdGlvblN0YXRlEh8KG09QRVJBVElPTl9TVEFURV9VTlNQRUNJRklFRBAAEhoKFk9QRVJBVElPTl9TVEFURV9RVUVVRUQQARIbChdPUEVSQVRJT05fU1RBVEVfUlVOTklORxACEh0KGU9QRVJBVElPTl9TVEFURV9TVUNDRUVERUQQAxIaChZPUEVSQVRJT05fU1RBVEVfRkFJTEVEEAQSHQoZT1BFUkFUSU9OX1NUQVRFX0NBTkNFTExFRBAFMvYDChBPcGVyYXRpb25TZXJ2aWNlElkKDEdldE9wZXJhdGlvbhIfLmFybW9pcmUudjEuR2V0T3BlcmF0aW9uUmVxdWVzdBogLmFybW9pcmUudjEuR2V0T3BlcmF0aW9uUmVzcG9uc2UiBoq1GAICBRJfCg5MaXN0T3BlcmF0aW9ucxIhLmFybW9pcmUudjEuTGlzdE9wZXJhdGlvbnNSZXF1ZXN0GiIuYXJtb2lyZS52MS5MaXN0T3BlcmF0aW9uc1Jlc3BvbnNlIgaKtRgCAgUSYQoOV2F0Y2hPcGVyYXRpb24SIS5hcm1vaXJlLnYxLldhdGNoT3BlcmF0aW9uUmVxdWVzdBoiLmFybW9pcmUudjEuV2F0Y2hPcGVyYXRpb25SZXNwb25zZSIGirUYAgIFMAESYgoPQ2FuY2VsT3BlcmF0aW9uEiIuYXJtb2lyZS52MS5DYW5jZWxPcGVyYXRpb25SZXF1ZXN0GiMuYXJtb2lyZS52MS5DYW5jZWxPcGVyYXRpb25SZXNwb25zZSIGirUYAgMFEl8KDlJldHJ5T3BlcmF0aW9uEiEuYXJtb2lyZS52MS5SZXRyeU9wZXJhdGlvblJlcXVlc3QaIi5hcm1vaXJlLnYxLlJldHJ5T3BlcmF0aW9uUmVzcG9uc2UiBoq1GAIDBUJFCg1pby5hcm1vaXJlLnYxQg9PcGVyYXRpb25zUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_armoire_v1_access, file_armoire_v1_items, file_google_api_field_behavior, file_google_protobuf_any, file_google_protobuf_timestamp, file_google_rpc_status]);
var OperationSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 0);
var OperationProgressSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 1);
var GetOperationRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 2);
var GetOperationResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 3);
var ListOperationsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 4);
var ListOperationsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 5);
var WatchOperationRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 6);
var WatchOperationResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 7);
var CancelOperationRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 8);
var CancelOperationResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 9);
var RetryOperationRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 10);
var RetryOperationResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 11);
var AuditReportSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 12);
var AuditFindingSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 13);
var BackfillReportSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 14);
var ReindexReportSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 15);
var ErasureReportSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 16);
var ErasedStoreSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_operations, 17);
var OperationKindSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_operations, 0);
var OperationKind = /* @__PURE__ */ tsEnum(OperationKindSchema);
var OperationStateSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_operations, 1);
var OperationState = /* @__PURE__ */ tsEnum(OperationStateSchema);
var OperationService = /* @__PURE__ */ serviceDesc(file_armoire_v1_operations, 0);

// clients/typescript/lib/armoire/v1/exports_pb.js
var file_armoire_v1_exports = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL2V4cG9ydHMucHJvdG8SCmFybW9pcmUudjEiOQoNRGF0YXNldFNoYXJlcxINCgV0cmFpbhgBIAEoARILCgN2YWwYAiABKAESDAoEdGVzdBgDIAEoASLjAgoURXhwb3J0RGF0YXNldFJlcXVlc3QSHAoOYWZ0ZXJfaW1hZ2VfaWQYASABKAlCBOJBAQESLwoGc2hhcmVzGAIgASgLMhkuYXJtb2lyZS52MS5EYXRhc2V0U2hhcmVzQgTiQQEBEiUKF2luY2x1ZGVfcGFydGx5X3Jldmlld2VkGAMgASgIQgTiQQEBEh4KEGluY2x1ZGVfcmVqZWN0ZWQYBCABKAhCBOJBAQESNgoMY3JlYXRlZF9mcm9tGAUgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARI4Cg5jcmVhdGVkX2JlZm9yZRgGIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQESGAoKbWF4X3Bob3RvcxgHIAEoBUIE4kEBARIpChtpbmNsdWRlX3JlamVjdGVkX2RldGVjdGlvbnMYCCABKAhCBOJBAQEicwoVRXhwb3J0RGF0YXNldFJlc3BvbnNlEicKBGluZm8YASABKAsyFy5hcm1vaXJlLnYxLkRhdGFzZXRJbmZvSAASKQoFcGhvdG8YAiABKAsyGC5hcm1vaXJlLnYxLkRhdGFzZXRQaG90b0gAQgYKBHBhcnQiIQoLRGF0YXNldEluZm8SEgoKY2F0ZWdvcmllcxgBIAMoCSK7AgoMRGF0YXNldFBob3RvEhAKCGltYWdlX2lkGAEgASgJEhIKCmltYWdlX25hbWUYAiABKAkSEgoKcHJvZHVjdF9pZBgDIAEoCRInCgVzcGxpdBgEIAEoDjIYLmFybW9pcmUudjEuRGF0YXNldFNwbGl0Eg0KBXdpZHRoGAUgASgFEg4KBmhlaWdodBgGIAEoBRIOCgZmb3JtYXQYByABKAkSEgoKc2l6ZV9ieXRlcxgIIAEoAxIOCgZzaGEyNTYYCSABKAkSJgoFaXRlbXMYCiADKAsyFy5hcm1vaXJlLnYxLkRhdGFzZXRJdGVtEhYKDmZ1bGx5X3Jldmlld2VkGAsgASgIEjUKE3JlamVjdGVkX2RldGVjdGlvbnMYDCADKAsyGC5hcm1vaXJlLnYxLlJlamVjdGVkQ3JvcCI/CgtEYXRhc2V0SXRlbRIeCgRpdGVtGAEgASgLMhAuYXJtb2lyZS52MS5JdGVtEhAKCGNhdGVnb3J5GAIgASgJIjoKGVN0YXJ0Q2F0YWxvZ0V4cG9ydFJlcXVlc3QSHQoPaWRlbXBvdGVuY3lfa2V5GAEgASgJQgTiQQEBIkYKGlN0YXJ0Q2F0YWxvZ0V4cG9ydFJlc3BvbnNlEigKCW9wZXJhdGlvbhgBIAEoCzIVLmFybW9pcmUudjEuT3BlcmF0aW9uIuEBCg1DYXRhbG9nRXhwb3J0EhYKDmZvcm1hdF92ZXJzaW9uGAEgASgFEhAKCHByb2R1Y3RzGAIgASgDEg4KBmltYWdlcxgDIAEoAxINCgVpdGVtcxgEIAEoAxITCgtjb3JyZWN0aW9ucxgFIAEoAxITCgtpbWFnZV9ieXRlcxgGIAEoAxIsCgVwYXJ0cxgHIAMoCzIdLmFybW9pcmUudjEuQ2F0YWxvZ0V4cG9ydFBhcnQSLwoLZXhwaXJlX3RpbWUYCCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wIlYKEUNhdGFsb2dFeHBvcnRQYXJ0EgwKBG5hbWUYASABKAkSEgoKc2l6ZV9ieXRlcxgCIAEoAxIOCgZzaGEyNTYYAyABKAkSDwoHcmVjb3JkcxgEIAEoAyJNChtHZXRDYXRhbG9nRXhwb3J0UGFydFJlcXVlc3QSGgoMb3BlcmF0aW9uX2lkGAEgASgJQgTiQQECEhIKBHBhcnQYAiABKAlCBOJBAQIiLwocR2V0Q2F0YWxvZ0V4cG9ydFBhcnRSZXNwb25zZRIPCgdjb250ZW50GAEgASgMIlwKE0ltcG9ydFJldmlld1JlcXVlc3QSFgoIaW1hZ2VfaWQYASABKAlCBOJBAQISLQoFaXRlbXMYAiADKAsyGC5hcm1vaXJlLnYxLlJldmlld2VkSXRlbUIE4kEBAiLyAwoMUmV2aWV3ZWRJdGVtEiIKA2JveBgBIAEoCzIPLmFybW9pcmUudjEuQm94QgTiQQECEisKDGRldGVjdGVkX2JveBgCIAEoCzIPLmFybW9pcmUudjEuQm94QgTiQQEBEhYKCGJveF9zYWlkGAMgASgIQgTiQQEBEhkKC3dob2xlX2ltYWdlGAQgASgIQgTiQQEBEhMKBWFkZGVkGAUgASgIQgTiQQEBEhgKBWxhYmVsGAYgASgJQgTiQQEBSACIAQESQgoKYXR0cmlidXRlcxgHIAMoCzIoLmFybW9pcmUudjEuUmV2aWV3ZWRJdGVtLkF0dHJpYnV0ZXNFbnRyeUIE4kEBARI1Cg1yZWplY3RfcmVhc29uGAggASgOMhguYXJtb2lyZS52MS5SZWplY3RSZWFzb25CBOJBAQESFgoIdmVyaWZpZWQYCSABKAhCBOJBAQESHgoQcHJpbWFyeV9pbl9pbWFnZRgKIAEoCEIE4kEBARIgChJwcmltYXJ5X2luX3Byb2R1Y3QYCyABKAhCBOJBAQEaUAoPQXR0cmlidXRlc0VudHJ5EgsKA2tleRgBIAEoCRIsCgV2YWx1ZRgCIAEoCzIdLmFybW9pcmUudjEuUmV2aWV3ZWRBdHRyaWJ1dGU6AjgBQggKBl9sYWJlbCJXChFSZXZpZXdlZEF0dHJpYnV0ZRIOCgZ2YWx1ZXMYASADKAkSEgoKbm90X3ZhbHVlcxgCIAMoCRITCgZudW1iZXIYAyABKAFIAIgBAUIJCgdfbnVtYmVyIloKFEltcG9ydFJldmlld1Jlc3BvbnNlEg8KB2NoYW5nZWQYASABKAUSDQoFYWRkZWQYAiABKAUSEQoJdW5tYXRjaGVkGAMgASgFEg8KB2pvYl9pZHMYBCADKAkqdQoMRGF0YXNldFNwbGl0Eh0KGURBVEFTRVRfU1BMSVRfVU5TUEVDSUZJRUQQABIXChNEQVRBU0VUX1NQTElUX1RSQUlOEAESFQoRREFUQVNFVF9TUExJVF9WQUwQAhIWChJEQVRBU0VUX1NQTElUX1RFU1QQA0JCCg1pby5hcm1vaXJlLnYxQgxFeHBvcnRzUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_armoire_v1_images, file_armoire_v1_items, file_armoire_v1_operations, file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var DatasetSharesSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 0);
var ExportDatasetRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 1);
var ExportDatasetResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 2);
var DatasetInfoSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 3);
var DatasetPhotoSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 4);
var DatasetItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 5);
var StartCatalogExportRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 6);
var StartCatalogExportResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 7);
var CatalogExportSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 8);
var CatalogExportPartSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 9);
var GetCatalogExportPartRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 10);
var GetCatalogExportPartResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 11);
var ImportReviewRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 12);
var ReviewedItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 13);
var ReviewedAttributeSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 14);
var ImportReviewResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_exports, 15);
var DatasetSplitSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_exports, 0);
var DatasetSplit = /* @__PURE__ */ tsEnum(DatasetSplitSchema);

// clients/typescript/lib/google/type/money_pb.js
var file_google_type_money = /* @__PURE__ */ fileDesc("Chdnb29nbGUvdHlwZS9tb25leS5wcm90bxILZ29vZ2xlLnR5cGUiPAoFTW9uZXkSFQoNY3VycmVuY3lfY29kZRgBIAEoCRINCgV1bml0cxgCIAEoAxINCgVuYW5vcxgDIAEoBUJdCg9jb20uZ29vZ2xlLnR5cGVCCk1vbmV5UHJvdG9QAVo2Z29vZ2xlLmdvbGFuZy5vcmcvZ2VucHJvdG8vZ29vZ2xlYXBpcy90eXBlL21vbmV5O21vbmV5ogIDR1RQYgZwcm90bzM");
var MoneySchema = /* @__PURE__ */ messageDesc(file_google_type_money, 0);

// clients/typescript/lib/armoire/v1/products_pb.js
var file_armoire_v1_products = /* @__PURE__ */ fileDesc("Chlhcm1vaXJlL3YxL3Byb2R1Y3RzLnByb3RvEgphcm1vaXJlLnYxIsAFCgdQcm9kdWN0EhAKAmlkGAEgASgJQgTiQQEDEhkKC2V4dGVybmFsX2lkGAIgASgJQgTiQQEBEhoKDGRpc3BsYXlfbmFtZRgDIAEoCUIE4kEBAhIZCgtkZXNjcmlwdGlvbhgEIAEoCUIE4kEBARITCgVicmFuZBgFIAEoCUIE4kEBARIWCghjYXRlZ29yeRgGIAEoCUIE4kEBARIaCgxwcm9kdWN0X3R5cGUYByABKAlCBOJBAQESJwoFcHJpY2UYCCABKAsyEi5nb29nbGUudHlwZS5Nb25leUIE4kEBARIsCgpsaXN0X3ByaWNlGAkgASgLMhIuZ29vZ2xlLnR5cGUuTW9uZXlCBOJBAQESEQoDdXJsGAogASgJQgTiQQEBEjQKDGF2YWlsYWJpbGl0eRgLIAEoDjIYLmFybW9pcmUudjEuQXZhaWxhYmlsaXR5QgTiQQEBEj0KCmF0dHJpYnV0ZXMYDCADKAsyIy5hcm1vaXJlLnYxLlByb2R1Y3QuQXR0cmlidXRlc0VudHJ5QgTiQQEBEhIKBGV0YWcYDSABKAlCBOJBAQESNQoLY3JlYXRlX3RpbWUYDiABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEDEjUKC3VwZGF0ZV90aW1lGA8gASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBAxI1CgtkZWxldGVfdGltZRgQIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQMSHQoPcHJpbWFyeV9pdGVtX2lkGBEgASgJQgTiQQEDEh4KEHByaW1hcnlfY3JvcF91cmwYEiABKAlCBOJBAQMaMQoPQXR0cmlidXRlc0VudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEiYQoUQ3JlYXRlUHJvZHVjdFJlcXVlc3QSKgoHcHJvZHVjdBgBIAEoCzITLmFybW9pcmUudjEuUHJvZHVjdEIE4kEBAhIdCg9pZGVtcG90ZW5jeV9rZXkYAiABKAlCBOJBAQEiPQoVQ3JlYXRlUHJvZHVjdFJlc3BvbnNlEiQKB3Byb2R1Y3QYASABKAsyEy5hcm1vaXJlLnYxLlByb2R1Y3QiRwoRR2V0UHJvZHVjdFJlcXVlc3QSFAoKcHJvZHVjdF9pZBgBIAEoCUgAEhUKC2V4dGVybmFsX2lkGAIgASgJSABCBQoDa2V5IjoKEkdldFByb2R1Y3RSZXNwb25zZRIkCgdwcm9kdWN0GAEgASgLMhMuYXJtb2lyZS52MS5Qcm9kdWN0IuoBChNMaXN0UHJvZHVjdHNSZXF1ZXN0EhcKCXBhZ2Vfc2l6ZRgBIAEoBUIE4kEBARIYCgpwYWdlX3Rva2VuGAIgASgJQgTiQQEBEhoKDHNob3dfZGVsZXRlZBgDIAEoCEIE4kEBARISCgR0ZXh0GAQgASgJQgTiQQEBEhYKCG9yZGVyX2J5GAUgASgJQgTiQQEBEicKGWluY2x1ZGVfcHJpbWFyeV9jcm9wX3VybHMYBiABKAhCBOJBAQESEwoFd2hlcmUYByABKAlCBOJBAQESGgoMb25seV9kZWxldGVkGAggASgIQgTiQQEBIpABChRMaXN0UHJvZHVjdHNSZXNwb25zZRIlCghwcm9kdWN0cxgBIAMoCzITLmFybW9pcmUudjEuUHJvZHVjdBIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkSOAoUY3JvcF91cmxfZXhwaXJlX3RpbWUYAyABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wIpYBChRVcGRhdGVQcm9kdWN0UmVxdWVzdBIqCgdwcm9kdWN0GAEgASgLMhMuYXJtb2lyZS52MS5Qcm9kdWN0QgTiQQECEjUKC3VwZGF0ZV9tYXNrGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLkZpZWxkTWFza0IE4kEBARIbCg1hbGxvd19taXNzaW5nGAMgASgIQgTiQQEBIk4KFVVwZGF0ZVByb2R1Y3RSZXNwb25zZRIkCgdwcm9kdWN0GAEgASgLMhMuYXJtb2lyZS52MS5Qcm9kdWN0Eg8KB2NyZWF0ZWQYAiABKAgiRAoURGVsZXRlUHJvZHVjdFJlcXVlc3QSGAoKcHJvZHVjdF9pZBgBIAEoCUIE4kEBAhISCgRldGFnGAIgASgJQgTiQQEBIhcKFURlbGV0ZVByb2R1Y3RSZXNwb25zZSIxChVSZXN0b3JlUHJvZHVjdFJlcXVlc3QSGAoKcHJvZHVjdF9pZBgBIAEoCUIE4kEBAiJyChZSZXN0b3JlUHJvZHVjdFJlc3BvbnNlEiQKB3Byb2R1Y3QYASABKAsyEy5hcm1vaXJlLnYxLlByb2R1Y3QSDgoGaW1hZ2VzGAIgASgFEg0KBWl0ZW1zGAMgASgFEhMKC2xvc3RfaW1hZ2VzGAQgASgFKrwBCgxBdmFpbGFiaWxpdHkSHAoYQVZBSUxBQklMSVRZX1VOU1BFQ0lGSUVEEAASGQoVQVZBSUxBQklMSVRZX0lOX1NUT0NLEAESHQoZQVZBSUxBQklMSVRZX09VVF9PRl9TVE9DSxACEhkKFUFWQUlMQUJJTElUWV9QUkVPUkRFUhADEhoKFkFWQUlMQUJJTElUWV9CQUNLT1JERVIQBBIdChlBVkFJTEFCSUxJVFlfRElTQ09OVElOVUVEEAVCQwoNaW8uYXJtb2lyZS52MUINUHJvZHVjdHNQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_google_api_field_behavior, file_google_protobuf_field_mask, file_google_protobuf_timestamp, file_google_type_money]);
var ProductSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 0);
var CreateProductRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 1);
var CreateProductResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 2);
var GetProductRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 3);
var GetProductResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 4);
var ListProductsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 5);
var ListProductsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 6);
var UpdateProductRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 7);
var UpdateProductResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 8);
var DeleteProductRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 9);
var DeleteProductResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 10);
var RestoreProductRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 11);
var RestoreProductResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_products, 12);
var AvailabilitySchema = /* @__PURE__ */ enumDesc(file_armoire_v1_products, 0);
var Availability = /* @__PURE__ */ tsEnum(AvailabilitySchema);

// clients/typescript/lib/armoire/v1/imports_pb.js
var file_armoire_v1_imports = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL2ltcG9ydHMucHJvdG8SCmFybW9pcmUudjEifwoSU3RhcnRJbXBvcnRSZXF1ZXN0EhQKBnNvdXJjZRgBIAEoCUIE4kEBARIfChFwaG90b3NfcGVyX3NlY29uZBgCIAEoAUIE4kEBARITCgVhZ2FpbhgDIAEoCEIE4kEBARIdCg9pZGVtcG90ZW5jeV9rZXkYBCABKAlCBOJBAQEiZgoTU3RhcnRJbXBvcnRSZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbhITCgtuZXh0X251bWJlchgCIAEoAxIQCghmaW5pc2hlZBgDIAEoCCLBAQoLSW1wb3J0RW50cnkSFAoGbnVtYmVyGAEgASgDQgTiQQECEhQKBnNvdXJjZRgCIAEoCUIE4kEBARIqCgdwcm9kdWN0GAMgASgLMhMuYXJtb2lyZS52MS5Qcm9kdWN0QgTiQQEBEhgKCmltYWdlX25hbWUYBCABKAlCBOJBAQESEQoHY29udGVudBgFIAEoDEgAEg0KA3VybBgGIAEoCUgAEhUKB3Byb2JsZW0YByABKAlCBOJBAQFCBwoFcGhvdG8ikgEKFEltcG9ydEVudHJpZXNSZXF1ZXN0EhoKDG9wZXJhdGlvbl9pZBgBIAEoCUIE4kEBARIsCgVlbnRyeRgCIAEoCzIXLmFybW9pcmUudjEuSW1wb3J0RW50cnlCBOJBAQISGwoNdmFsaWRhdGVfb25seRgDIAEoCEIE4kEBARITCgVhZ2FpbhgEIAEoCEIE4kEBASJZChVJbXBvcnRFbnRyaWVzUmVzcG9uc2USEwoLbmV4dF9udW1iZXIYASABKAMSKwoIZmFpbHVyZXMYAiADKAsyGS5hcm1vaXJlLnYxLkltcG9ydEZhaWx1cmUiMQoTRmluaXNoSW1wb3J0UmVxdWVzdBIaCgxvcGVyYXRpb25faWQYASABKAlCBOJBAQIiQAoURmluaXNoSW1wb3J0UmVzcG9uc2USKAoJb3BlcmF0aW9uGAEgASgLMhUuYXJtb2lyZS52MS5PcGVyYXRpb24iagoZTGlzdEltcG9ydEZhaWx1cmVzUmVxdWVzdBIaCgxvcGVyYXRpb25faWQYASABKAlCBOJBAQISFwoJcGFnZV9zaXplGAIgASgFQgTiQQEBEhgKCnBhZ2VfdG9rZW4YAyABKAlCBOJBAQEiYgoaTGlzdEltcG9ydEZhaWx1cmVzUmVzcG9uc2USKwoIZmFpbHVyZXMYASADKAsyGS5hcm1vaXJlLnYxLkltcG9ydEZhaWx1cmUSFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJIogBCg1JbXBvcnRGYWlsdXJlEg4KBm51bWJlchgBIAEoAxIOCgZzb3VyY2UYAiABKAkSEwoLZXh0ZXJuYWxfaWQYAyABKAkSEgoKaW1hZ2VfbmFtZRgEIAEoCRILCgN1cmwYBSABKAkSIQoFZXJyb3IYBiABKAsyEi5nb29nbGUucnBjLlN0YXR1cyKRAQoMSW1wb3J0UmVwb3J0Eg8KB2VudHJpZXMYASABKAMSDgoGZmFpbGVkGAIgASgDEhgKEHByb2R1Y3RzX2NyZWF0ZWQYAyABKAMSGAoQcHJvZHVjdHNfdXBkYXRlZBgEIAEoAxIWCg5waG90b3NfaW5kZXhlZBgFIAEoAxIUCgxwaG90b3Nfa25vd24YBiABKAMiWgoWUmVhZFByb2R1Y3RQYWdlUmVxdWVzdBINCgN1cmwYASABKAlIABIRCgdjb250ZW50GAIgASgMSAASFgoIYmFzZV91cmwYAyABKAlCBOJBAQFCBgoEcGFnZSJTChdSZWFkUHJvZHVjdFBhZ2VSZXNwb25zZRIrCghwcm9kdWN0cxgBIAMoCzIZLmFybW9pcmUudjEuUHJvZHVjdE9uUGFnZRILCgN1cmwYAiABKAkiSQoNUHJvZHVjdE9uUGFnZRIkCgdwcm9kdWN0GAEgASgLMhMuYXJtb2lyZS52MS5Qcm9kdWN0EhIKCmltYWdlX3VybHMYAiADKAlCQgoNaW8uYXJtb2lyZS52MUIMSW1wb3J0c1Byb3RvUAFaFGFybW9pcmUvdjE7YXJtb2lyZXYxqgIKQXJtb2lyZS5WMWIGcHJvdG8z", [file_armoire_v1_operations, file_armoire_v1_products, file_google_api_field_behavior, file_google_rpc_status]);
var StartImportRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 0);
var StartImportResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 1);
var ImportEntrySchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 2);
var ImportEntriesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 3);
var ImportEntriesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 4);
var FinishImportRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 5);
var FinishImportResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 6);
var ListImportFailuresRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 7);
var ListImportFailuresResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 8);
var ImportFailureSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 9);
var ImportReportSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 10);
var ReadProductPageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 11);
var ReadProductPageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 12);
var ProductOnPageSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_imports, 13);

// clients/typescript/lib/armoire/v1/indexing_pb.js
var file_armoire_v1_indexing = /* @__PURE__ */ fileDesc("Chlhcm1vaXJlL3YxL2luZGV4aW5nLnByb3RvEgphcm1vaXJlLnYxIu4BChFJbmRleEltYWdlUmVxdWVzdBIrCgVpbWFnZRgBIAEoCzIWLmFybW9pcmUudjEuSW1hZ2VJbnB1dEIE4kEBAhIYCgppbWFnZV9uYW1lGAIgASgJQgTiQQEBEhQKCnByb2R1Y3RfaWQYAyABKAlIABImCgdwcm9kdWN0GAQgASgLMhMuYXJtb2lyZS52MS5Qcm9kdWN0SAASHQoPaWRlbXBvdGVuY3lfa2V5GAUgASgJQgTiQQEBEiwKCHByaW9yaXR5GAYgASgOMhQuYXJtb2lyZS52MS5Qcmlvcml0eUIE4kEBAUIHCgVvd25lciI6ChJJbmRleEltYWdlUmVzcG9uc2USJAoDam9iGAEgASgLMhcuYXJtb2lyZS52MS5JbmRleGluZ0pvYiKBAgoSSW5kZXhJbWFnZXNSZXF1ZXN0EhAKAmlkGAEgASgJQgTiQQECEisKBWltYWdlGAIgASgLMhYuYXJtb2lyZS52MS5JbWFnZUlucHV0QgTiQQECEhgKCmltYWdlX25hbWUYAyABKAlCBOJBAQESFAoKcHJvZHVjdF9pZBgEIAEoCUgAEiYKB3Byb2R1Y3QYBSABKAsyEy5hcm1vaXJlLnYxLlByb2R1Y3RIABIdCg9pZGVtcG90ZW5jeV9rZXkYBiABKAlCBOJBAQESLAoIcHJpb3JpdHkYByABKA4yFC5hcm1vaXJlLnYxLlByaW9yaXR5QgTiQQEBQgcKBW93bmVyIkUKE0luZGV4SW1hZ2VzUmVzcG9uc2USLgoHcmVzdWx0cxgBIAMoCzIdLmFybW9pcmUudjEuSW5kZXhJbWFnZXNSZXN1bHQidwoRSW5kZXhJbWFnZXNSZXN1bHQSCgoCaWQYASABKAkSJgoDam9iGAIgASgLMhcuYXJtb2lyZS52MS5JbmRleGluZ0pvYkgAEiMKBWVycm9yGAMgASgLMhIuZ29vZ2xlLnJwYy5TdGF0dXNIAEIJCgdvdXRjb21lIssDCgtJbmRleGluZ0pvYhIKCgJpZBgBIAEoCRIQCghpbWFnZV9pZBgCIAEoCRISCgppbWFnZV9uYW1lGAMgASgJEhIKCnByb2R1Y3RfaWQYBCABKAkSKwoFc3RhdGUYBSABKA4yHC5hcm1vaXJlLnYxLkluZGV4aW5nSm9iU3RhdGUSEAoIYXR0ZW1wdHMYBiABKAUSIQoFZXJyb3IYByABKAsyEi5nb29nbGUucnBjLlN0YXR1cxImCgVpdGVtcxgIIAMoCzIXLmFybW9pcmUudjEuSW5kZXhlZEl0ZW0SLAoIdmVyc2lvbnMYCSADKAsyGi5hcm1vaXJlLnYxLkluZGV4ZWRWZXJzaW9uEi8KC2NyZWF0ZV90aW1lGAogASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIvCgt1cGRhdGVfdGltZRgLIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXASJgoIcHJpb3JpdHkYDCABKA4yFC5hcm1vaXJlLnYxLlByaW9yaXR5EjQKEW5lYXJfZHVwbGljYXRlX29mGA0gASgLMhkuYXJtb2lyZS52MS5OZWFyRHVwbGljYXRlImMKC0luZGV4ZWRJdGVtEg8KB2l0ZW1faWQYASABKAkSDQoFbGFiZWwYAiABKAkSGAoQcHJpbWFyeV9pbl9pbWFnZRgDIAEoCBIaChJwcmltYXJ5X2luX3Byb2R1Y3QYBCABKAgidwoOSW5kZXhlZFZlcnNpb24SFQoNbW9kZWxfdmVyc2lvbhgBIAEoCRIaChJwcmVwcm9jZXNzX3ZlcnNpb24YAiABKAkSDAoEbGl2ZRgDIAEoCBIQCghjb21wbGV0ZRgEIAEoCBISCgpzZWFyY2hhYmxlGAUgASgIIi0KFUdldEluZGV4aW5nSm9iUmVxdWVzdBIUCgZqb2JfaWQYASABKAlCBOJBAQIiPgoWR2V0SW5kZXhpbmdKb2JSZXNwb25zZRIkCgNqb2IYASABKAsyFy5hcm1vaXJlLnYxLkluZGV4aW5nSm9iIqMCChdMaXN0SW5kZXhpbmdKb2JzUmVxdWVzdBIXCglwYWdlX3NpemUYASABKAVCBOJBAQESGAoKcGFnZV90b2tlbhgCIAEoCUIE4kEBARIyCgZzdGF0ZXMYAyADKA4yHC5hcm1vaXJlLnYxLkluZGV4aW5nSm9iU3RhdGVCBOJBAQESGAoKcHJvZHVjdF9pZBgEIAEoCUIE4kEBARI2CgxjcmVhdGVkX2Zyb20YBSABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEBEjgKDmNyZWF0ZWRfYmVmb3JlGAYgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARIVCgdyZWFzb25zGAcgAygJQgTiQQEBIloKGExpc3RJbmRleGluZ0pvYnNSZXNwb25zZRIlCgRqb2JzGAEgAygLMhcuYXJtb2lyZS52MS5JbmRleGluZ0pvYhIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkiLwoXV2F0Y2hJbmRleGluZ0pvYlJlcXVlc3QSFAoGam9iX2lkGAEgASgJQgTiQQECIkAKGFdhdGNoSW5kZXhpbmdKb2JSZXNwb25zZRIkCgNqb2IYASABKAsyFy5hcm1vaXJlLnYxLkluZGV4aW5nSm9iIoECChFJbmRleGluZ0pvYkZpbHRlchIVCgdqb2JfaWRzGAEgAygJQgTiQQEBEjIKBnN0YXRlcxgCIAMoDjIcLmFybW9pcmUudjEuSW5kZXhpbmdKb2JTdGF0ZUIE4kEBARIVCgdyZWFzb25zGAMgAygJQgTiQQEBEhgKCnByb2R1Y3RfaWQYBCABKAlCBOJBAQESNgoMY3JlYXRlZF9mcm9tGAUgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARI4Cg5jcmVhdGVkX2JlZm9yZRgGIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQEihwEKGFdhdGNoSW5kZXhpbmdKb2JzUmVxdWVzdBIzCgZmaWx0ZXIYASABKAsyHS5hcm1vaXJlLnYxLkluZGV4aW5nSm9iRmlsdGVyQgTiQQEBEjYKDGNoYW5nZWRfZnJvbRgCIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQEiQQoZV2F0Y2hJbmRleGluZ0pvYnNSZXNwb25zZRIkCgNqb2IYASABKAsyFy5hcm1vaXJlLnYxLkluZGV4aW5nSm9iIk8KGENvdW50SW5kZXhpbmdKb2JzUmVxdWVzdBIzCgZmaWx0ZXIYASABKAsyHS5hcm1vaXJlLnYxLkluZGV4aW5nSm9iRmlsdGVyQgTiQQEBIkkKGUNvdW50SW5kZXhpbmdKb2JzUmVzcG9uc2USLAoGY291bnRzGAEgAygLMhwuYXJtb2lyZS52MS5JbmRleGluZ0pvYkNvdW50IpUBChBJbmRleGluZ0pvYkNvdW50EisKBXN0YXRlGAEgASgOMhwuYXJtb2lyZS52MS5JbmRleGluZ0pvYlN0YXRlEg4KBnJlYXNvbhgCIAEoCRINCgVjb3VudBgDIAEoAxI1ChFmaXJzdF9jcmVhdGVfdGltZRgEIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAiaQoYUmV0cnlJbmRleGluZ0pvYnNSZXF1ZXN0EjMKBmZpbHRlchgBIAEoCzIdLmFybW9pcmUudjEuSW5kZXhpbmdKb2JGaWx0ZXJCBOJBAQESGAoKcGFnZV90b2tlbhgCIAEoCUIE4kEBASJFChlSZXRyeUluZGV4aW5nSm9ic1Jlc3BvbnNlEg8KB3JldHJpZWQYASABKAUSFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJImoKGURlbGV0ZUluZGV4aW5nSm9ic1JlcXVlc3QSMwoGZmlsdGVyGAEgASgLMh0uYXJtb2lyZS52MS5JbmRleGluZ0pvYkZpbHRlckIE4kEBARIYCgpwYWdlX3Rva2VuGAIgASgJQgTiQQEBIl4KGkRlbGV0ZUluZGV4aW5nSm9ic1Jlc3BvbnNlEg8KB2RlbGV0ZWQYASABKAUSFgoOZGVsZXRlZF9pbWFnZXMYAiABKAUSFwoPbmV4dF9wYWdlX3Rva2VuGAMgASgJIjAKGENhbmNlbEluZGV4aW5nSm9iUmVxdWVzdBIUCgZqb2JfaWQYASABKAlCBOJBAQIiQQoZQ2FuY2VsSW5kZXhpbmdKb2JSZXNwb25zZRIkCgNqb2IYASABKAsyFy5hcm1vaXJlLnYxLkluZGV4aW5nSm9iIi8KF1JldHJ5SW5kZXhpbmdKb2JSZXF1ZXN0EhQKBmpvYl9pZBgBIAEoCUIE4kEBAiJAChhSZXRyeUluZGV4aW5nSm9iUmVzcG9uc2USJAoDam9iGAEgASgLMhcuYXJtb2lyZS52MS5JbmRleGluZ0pvYir6AQoQSW5kZXhpbmdKb2JTdGF0ZRIiCh5JTkRFWElOR19KT0JfU1RBVEVfVU5TUEVDSUZJRUQQABIdChlJTkRFWElOR19KT0JfU1RBVEVfUVVFVUVEEAESHwobSU5ERVhJTkdfSk9CX1NUQVRFX0NST1BQSU5HEAISIAocSU5ERVhJTkdfSk9CX1NUQVRFX0FOQUxZWklORxADEh8KG0lOREVYSU5HX0pPQl9TVEFURV9DT01QTEVURRAEEh0KGUlOREVYSU5HX0pPQl9TVEFURV9GQUlMRUQQBRIgChxJTkRFWElOR19KT0JfU1RBVEVfQ0FOQ0VMTEVEEAZCQwoNaW8uYXJtb2lyZS52MUINSW5kZXhpbmdQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_images, file_armoire_v1_products, file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_timestamp, file_google_rpc_status]);
var IndexImageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 0);
var IndexImageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 1);
var IndexImagesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 2);
var IndexImagesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 3);
var IndexImagesResultSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 4);
var IndexingJobSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 5);
var IndexedItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 6);
var IndexedVersionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 7);
var GetIndexingJobRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 8);
var GetIndexingJobResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 9);
var ListIndexingJobsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 10);
var ListIndexingJobsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 11);
var WatchIndexingJobRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 12);
var WatchIndexingJobResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 13);
var IndexingJobFilterSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 14);
var WatchIndexingJobsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 15);
var WatchIndexingJobsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 16);
var CountIndexingJobsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 17);
var CountIndexingJobsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 18);
var IndexingJobCountSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 19);
var RetryIndexingJobsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 20);
var RetryIndexingJobsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 21);
var DeleteIndexingJobsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 22);
var DeleteIndexingJobsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 23);
var CancelIndexingJobRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 24);
var CancelIndexingJobResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 25);
var RetryIndexingJobRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 26);
var RetryIndexingJobResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_indexing, 27);
var IndexingJobStateSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_indexing, 0);
var IndexingJobState = /* @__PURE__ */ tsEnum(IndexingJobStateSchema);

// clients/typescript/lib/armoire/v1/inference_pb.js
var file_armoire_v1_inference = /* @__PURE__ */ fileDesc("Chphcm1vaXJlL3YxL2luZmVyZW5jZS5wcm90bxIKYXJtb2lyZS52MSLLAQoNRGV0ZWN0UmVxdWVzdBIsCgZpbWFnZXMYASADKAsyFi5hcm1vaXJlLnYxLkltYWdlSW5wdXRCBOJBAQISHAoJbWluX3Njb3JlGAIgASgCQgTiQQEBSACIAQESLAoIcHJpb3JpdHkYAyABKA4yFC5hcm1vaXJlLnYxLlByaW9yaXR5QgTiQQEBEiAKDW1vZGVsX3ZlcnNpb24YBCABKAlCBOJBAQFIAYgBAUIMCgpfbWluX3Njb3JlQhAKDl9tb2RlbF92ZXJzaW9uIm4KDkRldGVjdFJlc3BvbnNlEikKB3Jlc3VsdHMYASADKAsyGC5hcm1vaXJlLnYxLkRldGVjdFJlc3VsdBIVCg1tb2RlbF92ZXJzaW9uGAIgASgJEhoKEnByZXByb2Nlc3NfdmVyc2lvbhgDIAEoCSJsCgxEZXRlY3RSZXN1bHQSLAoKZGV0ZWN0aW9ucxgBIAEoCzIWLmFybW9pcmUudjEuRGV0ZWN0aW9uc0gAEiMKBWVycm9yGAIgASgLMhIuZ29vZ2xlLnJwYy5TdGF0dXNIAEIJCgdvdXRjb21lIo0BCgpEZXRlY3Rpb25zEhMKC2ltYWdlX3dpZHRoGAEgASgFEhQKDGltYWdlX2hlaWdodBgCIAEoBRIpCgpkZXRlY3Rpb25zGAMgAygLMhUuYXJtb2lyZS52MS5EZXRlY3Rpb24SKQoHdGltaW5ncxgEIAEoCzIYLmFybW9pcmUudjEuU3RhZ2VUaW1pbmdzIkcKCURldGVjdGlvbhIcCgNib3gYASABKAsyDy5hcm1vaXJlLnYxLkJveBINCgVzY29yZRgCIAEoAhINCgVsYWJlbBgDIAEoCSKjAQoRRW1iZWRJbWFnZVJlcXVlc3QSLAoGaW1hZ2VzGAEgAygLMhYuYXJtb2lyZS52MS5JbWFnZUlucHV0QgTiQQECEiwKCHByaW9yaXR5GAIgASgOMhQuYXJtb2lyZS52MS5Qcmlvcml0eUIE4kEBARIgCg1tb2RlbF92ZXJzaW9uGAMgASgJQgTiQQEBSACIAQFCEAoOX21vZGVsX3ZlcnNpb24iQwoSRW1iZWRJbWFnZVJlc3BvbnNlEi0KB3Jlc3VsdHMYASADKAsyHC5hcm1vaXJlLnYxLkVtYmVkSW1hZ2VSZXN1bHQidQoQRW1iZWRJbWFnZVJlc3VsdBIxCgplbWJlZGRpbmdzGAEgASgLMhsuYXJtb2lyZS52MS5JbWFnZUVtYmVkZGluZ3NIABIjCgVlcnJvchgCIAEoCzISLmdvb2dsZS5ycGMuU3RhdHVzSABCCQoHb3V0Y29tZSJnCg9JbWFnZUVtYmVkZGluZ3MSKQoKZW1iZWRkaW5ncxgBIAMoCzIVLmFybW9pcmUudjEuRW1iZWRkaW5nEikKB3RpbWluZ3MYAiABKAsyGC5hcm1vaXJlLnYxLlN0YWdlVGltaW5ncyKJAQoQRW1iZWRUZXh0UmVxdWVzdBITCgV0ZXh0cxgBIAMoCUIE4kEBAhIgCg1tb2RlbF92ZXJzaW9uGAIgASgJQgTiQQEBSACIAQESLAoIcHJpb3JpdHkYAyABKA4yFC5hcm1vaXJlLnYxLlByaW9yaXR5QgTiQQEBQhAKDl9tb2RlbF92ZXJzaW9uImwKEUVtYmVkVGV4dFJlc3BvbnNlEiwKB3Jlc3VsdHMYASADKAsyGy5hcm1vaXJlLnYxLkVtYmVkVGV4dFJlc3VsdBIpCgd0aW1pbmdzGAIgASgLMhguYXJtb2lyZS52MS5TdGFnZVRpbWluZ3MibQoPRW1iZWRUZXh0UmVzdWx0EioKCWVtYmVkZGluZxgBIAEoCzIVLmFybW9pcmUudjEuRW1iZWRkaW5nSAASIwoFZXJyb3IYAiABKAsyEi5nb29nbGUucnBjLlN0YXR1c0gAQgkKB291dGNvbWUi6wMKDkFuYWx5emVSZXF1ZXN0EiwKBmltYWdlcxgBIAMoCzIWLmFybW9pcmUudjEuSW1hZ2VJbnB1dEIE4kEBAhIcCgltaW5fc2NvcmUYAiABKAJCBOJBAQFIAIgBARIbCg1pbmNsdWRlX2Nyb3BzGAMgASgIQgTiQQEBEiAKEmluY2x1ZGVfZW1iZWRkaW5ncxgEIAEoCEIE4kEBARIsCghwcmlvcml0eRgFIAEoDjIULmFybW9pcmUudjEuUHJpb3JpdHlCBOJBAQESIwoQZGV0ZWN0b3JfdmVyc2lvbhgGIAEoCUIE4kEBAUgBiAEBEiMKEGVtYmVkZGVyX3ZlcnNpb24YByABKAlCBOJBAQFIAogBARIlChJjbGFzc2lmaWVyX3ZlcnNpb24YCCABKAlCBOJBAQFIA4gBARIlChJ2b2NhYnVsYXJ5X3ZlcnNpb24YCSABKAlCBOJBAQFIBIgBARIiChRpbmNsdWRlX2FsdGVybmF0aXZlcxgKIAEoCEIE4kEBAUIMCgpfbWluX3Njb3JlQhMKEV9kZXRlY3Rvcl92ZXJzaW9uQhMKEV9lbWJlZGRlcl92ZXJzaW9uQhUKE19jbGFzc2lmaWVyX3ZlcnNpb25CFQoTX3ZvY2FidWxhcnlfdmVyc2lvbiI9Cg9BbmFseXplUmVzcG9uc2USKgoHcmVzdWx0cxgBIAMoCzIZLmFybW9pcmUudjEuQW5hbHl6ZVJlc3VsdCJuCg1BbmFseXplUmVzdWx0Ei0KCGFuYWx5c2lzGAEgASgLMhkuYXJtb2lyZS52MS5JbWFnZUFuYWx5c2lzSAASIwoFZXJyb3IYAiABKAsyEi5nb29nbGUucnBjLlN0YXR1c0gAQgkKB291dGNvbWUilwMKDUltYWdlQW5hbHlzaXMSEwoLaW1hZ2Vfd2lkdGgYASABKAUSFAoMaW1hZ2VfaGVpZ2h0GAIgASgFEicKBWl0ZW1zGAMgAygLMhguYXJtb2lyZS52MS5BbmFseXplZEl0ZW0SGAoQZGV0ZWN0b3JfdmVyc2lvbhgEIAEoCRIjChtkZXRlY3Rvcl9wcmVwcm9jZXNzX3ZlcnNpb24YBSABKAkSGAoQZW1iZWRkZXJfdmVyc2lvbhgGIAEoCRIjChtlbWJlZGRlcl9wcmVwcm9jZXNzX3ZlcnNpb24YByABKAkSKQoHdGltaW5ncxgIIAEoCzIYLmFybW9pcmUudjEuU3RhZ2VUaW1pbmdzEioKCHdhcm5pbmdzGAkgAygOMhguYXJtb2lyZS52MS5RdWFsaXR5SXNzdWUSGgoSY2xhc3NpZmllcl92ZXJzaW9uGAogASgJEiUKHWNsYXNzaWZpZXJfcHJlcHJvY2Vzc192ZXJzaW9uGAsgASgJEhoKEnZvY2FidWxhcnlfdmVyc2lvbhgMIAEoCSKPBAoMQW5hbHl6ZWRJdGVtEhwKA2JveBgBIAEoCzIPLmFybW9pcmUudjEuQm94Eg0KBXNjb3JlGAIgASgCEg0KBWxhYmVsGAMgASgJEhMKC3dob2xlX2ltYWdlGAQgASgIEhAKCGFjY2VwdGVkGAUgASgIEigKBnJlYXNvbhgGIAEoDjIYLmFybW9pcmUudjEuUXVhbGl0eUlzc3VlEioKCHdhcm5pbmdzGAcgAygOMhguYXJtb2lyZS52MS5RdWFsaXR5SXNzdWUSPAoKYXR0cmlidXRlcxgIIAMoCzIoLmFybW9pcmUudjEuQW5hbHl6ZWRJdGVtLkF0dHJpYnV0ZXNFbnRyeRImCgZjb2xvcnMYCSADKAsyFi5hcm1vaXJlLnYxLkNvbG9yU2hhcmUSKAoJZW1iZWRkaW5nGAogASgLMhUuYXJtb2lyZS52MS5FbWJlZGRpbmcSDAoEY3JvcBgLIAEoDBIrCgpjYXRlZ29yaWVzGAwgAygLMhcuYXJtb2lyZS52MS5TY29yZWRWYWx1ZRIaCg1nYXJtZW50X3Njb3JlGA0gASgCSACIAQEaTQoPQXR0cmlidXRlc0VudHJ5EgsKA2tleRgBIAEoCRIpCgV2YWx1ZRgCIAEoCzIaLmFybW9pcmUudjEuQXR0cmlidXRlVmFsdWU6AjgBQhAKDl9nYXJtZW50X3Njb3JlIrQEChRBbmFseXplU3RyZWFtUmVxdWVzdBIQCgJpZBgBIAEoCUIE4kEBAhIrCgVpbWFnZRgCIAEoCzIWLmFybW9pcmUudjEuSW1hZ2VJbnB1dEIE4kEBAhIcCgltaW5fc2NvcmUYAyABKAJCBOJBAQFIAIgBARIbCg1pbmNsdWRlX2Nyb3BzGAQgASgIQgTiQQEBEiAKEmluY2x1ZGVfZW1iZWRkaW5ncxgFIAEoCEIE4kEBARIsCghwcmlvcml0eRgGIAEoDjIULmFybW9pcmUudjEuUHJpb3JpdHlCBOJBAQESIwoQZGV0ZWN0b3JfdmVyc2lvbhgHIAEoCUIE4kEBAUgBiAEBEiMKEGVtYmVkZGVyX3ZlcnNpb24YCCABKAlCBOJBAQFIAogBARIwCgd0aW1lb3V0GAkgASgLMhkuZ29vZ2xlLnByb3RvYnVmLkR1cmF0aW9uQgTiQQEBEiUKEmNsYXNzaWZpZXJfdmVyc2lvbhgKIAEoCUIE4kEBAUgDiAEBEiUKEnZvY2FidWxhcnlfdmVyc2lvbhgLIAEoCUIE4kEBAUgEiAEBEiIKFGluY2x1ZGVfYWx0ZXJuYXRpdmVzGAwgASgIQgTiQQEBQgwKCl9taW5fc2NvcmVCEwoRX2RldGVjdG9yX3ZlcnNpb25CEwoRX2VtYmVkZGVyX3ZlcnNpb25CFQoTX2NsYXNzaWZpZXJfdmVyc2lvbkIVChNfdm9jYWJ1bGFyeV92ZXJzaW9uIoIBChVBbmFseXplU3RyZWFtUmVzcG9uc2USCgoCaWQYASABKAkSLQoIYW5hbHlzaXMYAiABKAsyGS5hcm1vaXJlLnYxLkltYWdlQW5hbHlzaXNIABIjCgVlcnJvchgDIAEoCzISLmdvb2dsZS5ycGMuU3RhdHVzSABCCQoHb3V0Y29tZSLnAQoSRW1iZWRTdHJlYW1SZXF1ZXN0EhAKAmlkGAEgASgJQgTiQQECEisKBWltYWdlGAIgASgLMhYuYXJtb2lyZS52MS5JbWFnZUlucHV0QgTiQQECEiwKCHByaW9yaXR5GAMgASgOMhQuYXJtb2lyZS52MS5Qcmlvcml0eUIE4kEBARIgCg1tb2RlbF92ZXJzaW9uGAQgASgJQgTiQQEBSACIAQESMAoHdGltZW91dBgFIAEoCzIZLmdvb2dsZS5wcm90b2J1Zi5EdXJhdGlvbkIE4kEBAUIQCg5fbW9kZWxfdmVyc2lvbiKEAQoTRW1iZWRTdHJlYW1SZXNwb25zZRIKCgJpZBgBIAEoCRIxCgplbWJlZGRpbmdzGAIgASgLMhsuYXJtb2lyZS52MS5JbWFnZUVtYmVkZGluZ3NIABIjCgVlcnJvchgDIAEoCzISLmdvb2dsZS5ycGMuU3RhdHVzSABCCQoHb3V0Y29tZSIxChFMaXN0TW9kZWxzUmVxdWVzdBIcCg5pbmNsdWRlX3N0b3JlZBgBIAEoCEIE4kEBASI3ChJMaXN0TW9kZWxzUmVzcG9uc2USIQoGbW9kZWxzGAEgAygLMhEuYXJtb2lyZS52MS5Nb2RlbCKhBAoFTW9kZWwSDAoEbmFtZRgBIAEoCRIPCgd2ZXJzaW9uGAIgASgJEhoKEnByZXByb2Nlc3NfdmVyc2lvbhgDIAEoCRIjCgR0YXNrGAQgASgOMhUuYXJtb2lyZS52MS5Nb2RlbFRhc2sSDgoGbGFiZWxzGAUgAygJEhMKC2lucHV0X3dpZHRoGAYgASgFEhQKDGlucHV0X2hlaWdodBgHIAEoBRIXCg9lbWJlZGRpbmdfd2lkdGgYCCABKAUSEQoJcHJlY2lzaW9uGAkgASgJEg4KBnNvdXJjZRgKIAEoCRIPCgdsaWNlbnNlGAsgASgJEg4KBnNoYTI1NhgMIAEoCRItCgZwYXJpdHkYDSADKAsyHS5hcm1vaXJlLnYxLk1vZGVsLlBhcml0eUVudHJ5EhAKCHByb3ZpZGVyGA4gASgJEhMKC2xvZ2l0X3NjYWxlGA8gASgBEiUKBXN0YXRlGBAgASgOMhYuYXJtb2lyZS52MS5Nb2RlbFN0YXRlEg8KB2FsaWFzZXMYESADKAkSEQoJbWF4X2JhdGNoGBIgASgFEhYKDmNvbnRleHRfbGVuZ3RoGBMgASgFEhEKCXJlZmVyZW5jZRgUIAEoCRIUCgxtZW1vcnlfYnl0ZXMYFSABKAMSDwoHZmFpbHVyZRgWIAEoCRotCgtQYXJpdHlFbnRyeRILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAE6AjgBIhsKGUdldEluZmVyZW5jZUxpbWl0c1JlcXVlc3Qi2gMKGkdldEluZmVyZW5jZUxpbWl0c1Jlc3BvbnNlEhkKEW1heF9tZXNzYWdlX2J5dGVzGAEgASgDEhcKD21heF9pbWFnZV9ieXRlcxgCIAEoAxIYChBtYXhfaW1hZ2VfcGl4ZWxzGAMgASgDEhgKEG1heF9pbWFnZV9mcmFtZXMYBCABKAUSGQoRbWluX2ltYWdlX3NpZGVfcHgYBSABKAUSGwoTbWF4X2ltYWdlc19wZXJfY2FsbBgGIAEoBRIbChNtYXhfYm94ZXNfcGVyX2ltYWdlGAcgASgFEhoKEm1heF90ZXh0c19wZXJfY2FsbBgIIAEoBRIWCg5tYXhfdGV4dF9jaGFycxgJIAEoBRIVCg1pbWFnZV9mb3JtYXRzGAogAygJEhkKEW1heF9pbWFnZV9zaWRlX3B4GAsgASgFEhcKD21heF9pbWFnZV9zY2FucxgMIAEoBRIdChVtYXhfaW1hZ2Vfc2Nhbl9waXhlbHMYDSABKAMSFgoObWF4X2JveF9waXhlbHMYDiABKAMSFwoPbWF4X2NhbGxfcGl4ZWxzGA8gASgDEhgKEG1heF9jcm9wX3NpZGVfcHgYECABKAUSFgoObWF4X2Nyb3BfYnl0ZXMYESABKAMqjgEKCU1vZGVsVGFzaxIaChZNT0RFTF9UQVNLX1VOU1BFQ0lGSUVEEAASFQoRTU9ERUxfVEFTS19ERVRFQ1QQARIaChZNT0RFTF9UQVNLX0VNQkVEX0lNQUdFEAISGQoVTU9ERUxfVEFTS19FTUJFRF9URVhUEAMSFwoTTU9ERUxfVEFTS19DTEFTU0lGWRAEKqQBCgpNb2RlbFN0YXRlEhsKF01PREVMX1NUQVRFX1VOU1BFQ0lGSUVEEAASFQoRTU9ERUxfU1RBVEVfUkVBRFkQARIXChNNT0RFTF9TVEFURV9MT0FESU5HEAISGQoVTU9ERUxfU1RBVEVfVU5MT0FESU5HEAMSFgoSTU9ERUxfU1RBVEVfU1RPUkVEEAQSFgoSTU9ERUxfU1RBVEVfRkFJTEVEEAUyyQUKEEluZmVyZW5jZVNlcnZpY2USRgoGRGV0ZWN0EhkuYXJtb2lyZS52MS5EZXRlY3RSZXF1ZXN0GhouYXJtb2lyZS52MS5EZXRlY3RSZXNwb25zZSIFirUYAQESUgoKRW1iZWRJbWFnZRIdLmFybW9pcmUudjEuRW1iZWRJbWFnZVJlcXVlc3QaHi5hcm1vaXJlLnYxLkVtYmVkSW1hZ2VSZXNwb25zZSIFirUYAQESTwoJRW1iZWRUZXh0EhwuYXJtb2lyZS52MS5FbWJlZFRleHRSZXF1ZXN0Gh0uYXJtb2lyZS52MS5FbWJlZFRleHRSZXNwb25zZSIFirUYAQESSQoHQW5hbHl6ZRIaLmFybW9pcmUudjEuQW5hbHl6ZVJlcXVlc3QaGy5hcm1vaXJlLnYxLkFuYWx5emVSZXNwb25zZSIFirUYAQESXwoNQW5hbHl6ZVN0cmVhbRIgLmFybW9pcmUudjEuQW5hbHl6ZVN0cmVhbVJlcXVlc3QaIS5hcm1vaXJlLnYxLkFuYWx5emVTdHJlYW1SZXNwb25zZSIFirUYAQEoATABElkKC0VtYmVkU3RyZWFtEh4uYXJtb2lyZS52MS5FbWJlZFN0cmVhbVJlcXVlc3QaHy5hcm1vaXJlLnYxLkVtYmVkU3RyZWFtUmVzcG9uc2UiBYq1GAEBKAEwARJUCgpMaXN0TW9kZWxzEh0uYXJtb2lyZS52MS5MaXN0TW9kZWxzUmVxdWVzdBoeLmFybW9pcmUudjEuTGlzdE1vZGVsc1Jlc3BvbnNlIgeKtRgDAQIFEmsKEkdldEluZmVyZW5jZUxpbWl0cxIlLmFybW9pcmUudjEuR2V0SW5mZXJlbmNlTGltaXRzUmVxdWVzdBomLmFybW9pcmUudjEuR2V0SW5mZXJlbmNlTGltaXRzUmVzcG9uc2UiBoq1GAIBAkJECg1pby5hcm1vaXJlLnYxQg5JbmZlcmVuY2VQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_access, file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_duration, file_google_rpc_status]);
var DetectRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 0);
var DetectResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 1);
var DetectResultSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 2);
var DetectionsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 3);
var DetectionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 4);
var EmbedImageRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 5);
var EmbedImageResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 6);
var EmbedImageResultSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 7);
var ImageEmbeddingsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 8);
var EmbedTextRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 9);
var EmbedTextResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 10);
var EmbedTextResultSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 11);
var AnalyzeRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 12);
var AnalyzeResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 13);
var AnalyzeResultSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 14);
var ImageAnalysisSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 15);
var AnalyzedItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 16);
var AnalyzeStreamRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 17);
var AnalyzeStreamResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 18);
var EmbedStreamRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 19);
var EmbedStreamResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 20);
var ListModelsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 21);
var ListModelsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 22);
var ModelSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 23);
var GetInferenceLimitsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 24);
var GetInferenceLimitsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_inference, 25);
var ModelTaskSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_inference, 0);
var ModelTask = /* @__PURE__ */ tsEnum(ModelTaskSchema);
var ModelStateSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_inference, 1);
var ModelState = /* @__PURE__ */ tsEnum(ModelStateSchema);
var InferenceService = /* @__PURE__ */ serviceDesc(file_armoire_v1_inference, 0);

// clients/typescript/lib/armoire/v1/search_pb.js
var file_armoire_v1_search = /* @__PURE__ */ fileDesc("Chdhcm1vaXJlL3YxL3NlYXJjaC5wcm90bxIKYXJtb2lyZS52MSLlBQoNU2VhcmNoUmVxdWVzdBInCgVpbWFnZRgBIAEoCzIWLmFybW9pcmUudjEuSW1hZ2VJbnB1dEgAEg4KBHRleHQYAiABKAlIABIRCgdpdGVtX2lkGAMgASgJSAASKgoJZW1iZWRkaW5nGAQgASgLMhUuYXJtb2lyZS52MS5FbWJlZGRpbmdIABIUCgpwcm9kdWN0X2lkGAUgASgJSAASKgoIZXhhbXBsZXMYBiABKAsyFi5hcm1vaXJlLnYxLkV4YW1wbGVTZXRIABITCgV0b3BfaxgHIAEoBUIE4kEBARIYCgpwYWdlX3Rva2VuGAggASgJQgTiQQEBEigKBmZpbHRlchgJIAEoCzISLmFybW9pcmUudjEuRmlsdGVyQgTiQQEBEhwKCW1pbl9zY29yZRgKIAEoAkIE4kEBAUgBiAEBEiYKE21pbl9kZXRlY3Rpb25fc2NvcmUYCyABKAJCBOJBAQFIAogBARIbCg1pbmNsdWRlX2Nyb3BzGAwgASgIQgTiQQEBEhkKC3NraXBfcmVyYW5rGA0gASgIQgTiQQEBEh4KEGdyb3VwX2J5X3Byb2R1Y3QYDiABKAhCBOJBAQESLAoIcHJpb3JpdHkYDyABKA4yFC5hcm1vaXJlLnYxLlByaW9yaXR5QgTiQQEBEiAKDW1vZGVsX3ZlcnNpb24YECABKAlCBOJBAQFIA4gBARIUCgZmYWNldHMYESADKAlCBOJBAQESMwoMcmFua193ZWlnaHRzGBIgASgLMhcuYXJtb2lyZS52MS5SYW5rV2VpZ2h0c0IE4kEBARIfChFpbmNsdWRlX2Nyb3BfdXJscxgTIAEoCEIE4kEBARImChhjb2xsYXBzZV9uZWFyX2R1cGxpY2F0ZXMYFCABKAhCBOJBAQFCBwoFcXVlcnlCDAoKX21pbl9zY29yZUIWChRfbWluX2RldGVjdGlvbl9zY29yZUIQCg5fbW9kZWxfdmVyc2lvbiKlAQoLUmFua1dlaWdodHMSGwoIY2F0ZWdvcnkYASABKAJCBOJBAQFIAIgBARIYCgphdHRyaWJ1dGVzGAIgASgCQgTiQQEBEhMKBWNvbG9yGAMgASgCQgTiQQEBEhMKBXNoYXBlGAQgASgCQgTiQQEBEhMKBWJyYW5kGAUgASgCQgTiQQEBEhMKBXByaWNlGAYgASgCQgTiQQEBQgsKCV9jYXRlZ29yeSJmCgpFeGFtcGxlU2V0EisKCHBvc2l0aXZlGAEgAygLMhMuYXJtb2lyZS52MS5FeGFtcGxlQgTiQQECEisKCG5lZ2F0aXZlGAIgAygLMhMuYXJtb2lyZS52MS5FeGFtcGxlQgTiQQEBIsUBCgdFeGFtcGxlEicKBWltYWdlGAEgASgLMhYuYXJtb2lyZS52MS5JbWFnZUlucHV0SAASDgoEdGV4dBgCIAEoCUgAEhEKB2l0ZW1faWQYAyABKAlIABIqCgllbWJlZGRpbmcYBCABKAsyFS5hcm1vaXJlLnYxLkVtYmVkZGluZ0gAEhQKCnByb2R1Y3RfaWQYBSABKAlIABIZCgZ3ZWlnaHQYBiABKAJCBOJBAQFIAYgBAUIGCgRraW5kQgkKB193ZWlnaHQiuAEKBkZpbHRlchIvCgpjb25kaXRpb25zGAEgAygLMhUuYXJtb2lyZS52MS5Db25kaXRpb25CBOJBAQESKAoGYW55X29mGAIgAygLMhIuYXJtb2lyZS52MS5GaWx0ZXJCBOJBAQESKQoHbm9uZV9vZhgDIAMoCzISLmFybW9pcmUudjEuRmlsdGVyQgTiQQEBEigKBmFsbF9vZhgEIAMoCzISLmFybW9pcmUudjEuRmlsdGVyQgTiQQEBIqgBCglDb25kaXRpb24SEwoFZmllbGQYASABKAlCBOJBAQISJwoGYW55X29mGAIgASgLMhUuYXJtb2lyZS52MS5TdHJpbmdTZXRIABIoCgVyYW5nZRgDIAEoCzIXLmFybW9pcmUudjEuTnVtYmVyUmFuZ2VIABIrCgp0aW1lX3JhbmdlGAQgASgLMhUuYXJtb2lyZS52MS5UaW1lUmFuZ2VIAEIGCgR0ZXN0IiEKCVN0cmluZ1NldBIUCgZ2YWx1ZXMYASADKAlCBOJBAQIinwEKC051bWJlclJhbmdlEhUKCGF0X2xlYXN0GAEgASgBSACIAQESFgoJbW9yZV90aGFuGAIgASgBSAGIAQESFAoHYXRfbW9zdBgDIAEoAUgCiAEBEhYKCWxlc3NfdGhhbhgEIAEoAUgDiAEBQgsKCV9hdF9sZWFzdEIMCgpfbW9yZV90aGFuQgoKCF9hdF9tb3N0QgwKCl9sZXNzX3RoYW4ixAEKCVRpbWVSYW5nZRIsCghhdF9sZWFzdBgBIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXASLQoJbW9yZV90aGFuGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIrCgdhdF9tb3N0GAMgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBItCglsZXNzX3RoYW4YBCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wIowCCg5TZWFyY2hSZXNwb25zZRImCgdxdWVyaWVzGAEgAygLMhUuYXJtb2lyZS52MS5RdWVyeUhpdHMSKQoHdGltaW5ncxgCIAEoCzIYLmFybW9pcmUudjEuU3RhZ2VUaW1pbmdzEhUKDW1vZGVsX3ZlcnNpb24YAyABKAkSGgoScHJlcHJvY2Vzc192ZXJzaW9uGAQgASgJEhcKD25leHRfcGFnZV90b2tlbhgFIAEoCRIhCgZmYWNldHMYBiADKAsyES5hcm1vaXJlLnYxLkZhY2V0EjgKFGNyb3BfdXJsX2V4cGlyZV90aW1lGAcgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCKYAQoJUXVlcnlIaXRzEhwKA2JveBgBIAEoCzIPLmFybW9pcmUudjEuQm94Eg0KBWxhYmVsGAIgASgJEhMKC3dob2xlX2ltYWdlGAMgASgIEh0KBGhpdHMYBCADKAsyDy5hcm1vaXJlLnYxLkhpdBIqCg5hcHBsaWVkX2ZpbHRlchgFIAEoCzISLmFybW9pcmUudjEuRmlsdGVyIrYBCgNIaXQSHgoEaXRlbRgBIAEoCzIQLmFybW9pcmUudjEuSXRlbRINCgVzY29yZRgCIAEoAhISCgpyYW5rX3Njb3JlGAMgASgCEgwKBGNyb3AYBCABKAwSJAoHcHJvZHVjdBgFIAEoCzITLmFybW9pcmUudjEuUHJvZHVjdBIkCgV0ZXJtcxgGIAMoCzIVLmFybW9pcmUudjEuU2NvcmVUZXJtEhIKCnNhbWVfcGhvdG8YByABKAgiKAoJU2NvcmVUZXJtEgwKBG5hbWUYASABKAkSDQoFdmFsdWUYAiABKAIiPgoFRmFjZXQSDQoFZmllbGQYASABKAkSJgoGdmFsdWVzGAIgAygLMhYuYXJtb2lyZS52MS5GYWNldFZhbHVlIioKCkZhY2V0VmFsdWUSDQoFdmFsdWUYASABKAkSDQoFY291bnQYAiABKANCQQoNaW8uYXJtb2lyZS52MUILU2VhcmNoUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_armoire_v1_items, file_armoire_v1_products, file_armoire_v1_types, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var SearchRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 0);
var RankWeightsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 1);
var ExampleSetSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 2);
var ExampleSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 3);
var FilterSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 4);
var ConditionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 5);
var StringSetSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 6);
var NumberRangeSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 7);
var TimeRangeSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 8);
var SearchResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 9);
var QueryHitsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 10);
var HitSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 11);
var ScoreTermSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 12);
var FacetSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 13);
var FacetValueSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_search, 14);

// clients/typescript/lib/armoire/v1/wardrobe_pb.js
var file_armoire_v1_wardrobe = /* @__PURE__ */ fileDesc("Chlhcm1vaXJlL3YxL3dhcmRyb2JlLnByb3RvEgphcm1vaXJlLnYxImUKF0FkZFdhcmRyb2JlSXRlbXNSZXF1ZXN0EhYKCGVuZF91c2VyGAEgASgJQgTiQQECEjIKBWl0ZW1zGAIgAygLMh0uYXJtb2lyZS52MS5XYXJkcm9iZUl0ZW1EcmFmdEIE4kEBAiKzAQoRV2FyZHJvYmVJdGVtRHJhZnQSFQoHaXRlbV9pZBgBIAEoCUIE4kEBAhIuCgVzdGF0ZRgCIAEoDjIZLmFybW9pcmUudjEuV2FyZHJvYmVTdGF0ZUIE4kEBARInCgVwcmljZRgDIAEoCzISLmdvb2dsZS50eXBlLk1vbmV5QgTiQQEBEhoKDGFjcXVpcmVfZGF0ZRgEIAEoCUIE4kEBARISCgRub3RlGAUgASgJQgTiQQEBIkMKGEFkZFdhcmRyb2JlSXRlbXNSZXNwb25zZRInCgVpdGVtcxgBIAMoCzIYLmFybW9pcmUudjEuV2FyZHJvYmVJdGVtIrQCCgxXYXJkcm9iZUl0ZW0SDwoHaXRlbV9pZBgBIAEoCRIoCgVzdGF0ZRgCIAEoDjIZLmFybW9pcmUudjEuV2FyZHJvYmVTdGF0ZRIhCgVwcmljZRgDIAEoCzISLmdvb2dsZS50eXBlLk1vbmV5EhQKDGFjcXVpcmVfZGF0ZRgEIAEoCRIMCgRub3RlGAUgASgJEhIKCndlYXJfY291bnQYBiABKAUSMgoObGFzdF93ZWFyX3RpbWUYByABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wEikKDWNvc3RfcGVyX3dlYXIYCCABKAsyEi5nb29nbGUudHlwZS5Nb25leRIvCgtjcmVhdGVfdGltZRgJIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAisAEKGExpc3RXYXJkcm9iZUl0ZW1zUmVxdWVzdBIWCghlbmRfdXNlchgBIAEoCUIE4kEBAhIvCgZzdGF0ZXMYAiADKA4yGS5hcm1vaXJlLnYxLldhcmRyb2JlU3RhdGVCBOJBAQESGAoKbmV2ZXJfd29ybhgDIAEoCEIE4kEBARIXCglwYWdlX3NpemUYBCABKAVCBOJBAQESGAoKcGFnZV90b2tlbhgFIAEoCUIE4kEBASJdChlMaXN0V2FyZHJvYmVJdGVtc1Jlc3BvbnNlEicKBWl0ZW1zGAEgAygLMhguYXJtb2lyZS52MS5XYXJkcm9iZUl0ZW0SFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJIkwKGlJlbW92ZVdhcmRyb2JlSXRlbXNSZXF1ZXN0EhYKCGVuZF91c2VyGAEgASgJQgTiQQECEhYKCGl0ZW1faWRzGAIgAygJQgTiQQECIi4KG1JlbW92ZVdhcmRyb2JlSXRlbXNSZXNwb25zZRIPCgdyZW1vdmVkGAEgASgFIpQBChVSZWNvcmRGZWVkYmFja1JlcXVlc3QSFgoIZW5kX3VzZXIYASABKAlCBOJBAQISLAoEa2luZBgCIAEoDjIYLmFybW9pcmUudjEuRmVlZGJhY2tLaW5kQgTiQQECEhYKCGl0ZW1faWRzGAMgAygJQgTiQQECEh0KD2lkZW1wb3RlbmN5X2tleRgEIAEoCUIE4kEBASItChZSZWNvcmRGZWVkYmFja1Jlc3BvbnNlEhMKC2ZlZWRiYWNrX2lkGAEgASgJIi8KFUdldFByZWZlcmVuY2VzUmVxdWVzdBIWCghlbmRfdXNlchgBIAEoCUIE4kEBAiJGChZHZXRQcmVmZXJlbmNlc1Jlc3BvbnNlEiwKC3ByZWZlcmVuY2VzGAEgASgLMhcuYXJtb2lyZS52MS5QcmVmZXJlbmNlcyJ1CgtQcmVmZXJlbmNlcxIPCgdzaWduYWxzGAEgASgFEiYKBnZhbHVlcxgCIAMoCzIWLmFybW9pcmUudjEuUHJlZmVyZW5jZRIUCgxsaWtlZF93ZWlnaHQYAyABKAESFwoPZGlzbGlrZWRfd2VpZ2h0GAQgASgBIkkKClByZWZlcmVuY2USDQoFZmFjZXQYASABKAkSDQoFdmFsdWUYAiABKAkSDQoFc2NvcmUYAyABKAESDgoGd2VpZ2h0GAQgASgBIjEKF1Jlc2V0UHJlZmVyZW5jZXNSZXF1ZXN0EhYKCGVuZF91c2VyGAEgASgJQgTiQQECIhoKGFJlc2V0UHJlZmVyZW5jZXNSZXNwb25zZSIyChhFeHBvcnRFbmRVc2VyRGF0YVJlcXVlc3QSFgoIZW5kX3VzZXIYASABKAlCBOJBAQIixgEKGUV4cG9ydEVuZFVzZXJEYXRhUmVzcG9uc2USEAoIZW5kX3VzZXIYASABKAkSKgoId2FyZHJvYmUYAiADKAsyGC5hcm1vaXJlLnYxLldhcmRyb2JlSXRlbRImCghmZWVkYmFjaxgDIAMoCzIULmFybW9pcmUudjEuRmVlZGJhY2sSLAoLcHJlZmVyZW5jZXMYBCABKAsyFy5hcm1vaXJlLnYxLlByZWZlcmVuY2VzEhUKDXNob3duX291dGZpdHMYBSADKAkigQEKCEZlZWRiYWNrEgoKAmlkGAEgASgJEiYKBGtpbmQYAiABKA4yGC5hcm1vaXJlLnYxLkZlZWRiYWNrS2luZBIQCghpdGVtX2lkcxgDIAMoCRIvCgtjcmVhdGVfdGltZRgEIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAqcgoKT3V0Zml0UG9vbBIbChdPVVRGSVRfUE9PTF9VTlNQRUNJRklFRBAAEhcKE09VVEZJVF9QT09MX0NBVEFMT0cQARIYChRPVVRGSVRfUE9PTF9XQVJEUk9CRRACEhQKEE9VVEZJVF9QT09MX0JPVEgQAyp/Cg1XYXJkcm9iZVN0YXRlEh4KGldBUkRST0JFX1NUQVRFX1VOU1BFQ0lGSUVEEAASGAoUV0FSRFJPQkVfU1RBVEVfT1dORUQQARIZChVXQVJEUk9CRV9TVEFURV9XSVNIRUQQAhIZChVXQVJEUk9CRV9TVEFURV9CT1VHSFQQAyqQAQoMRmVlZGJhY2tLaW5kEh0KGUZFRURCQUNLX0tJTkRfVU5TUEVDSUZJRUQQABIWChJGRUVEQkFDS19LSU5EX0xJS0UQARIZChVGRUVEQkFDS19LSU5EX0RJU0xJS0UQAhIWChJGRUVEQkFDS19LSU5EX1dFQVIQAxIWChJGRUVEQkFDS19LSU5EX1NLSVAQBEJDCg1pby5hcm1vaXJlLnYxQg1XYXJkcm9iZVByb3RvUAFaFGFybW9pcmUvdjE7YXJtb2lyZXYxqgIKQXJtb2lyZS5WMWIGcHJvdG8z", [file_google_api_field_behavior, file_google_protobuf_timestamp, file_google_type_money]);
var AddWardrobeItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 0);
var WardrobeItemDraftSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 1);
var AddWardrobeItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 2);
var WardrobeItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 3);
var ListWardrobeItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 4);
var ListWardrobeItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 5);
var RemoveWardrobeItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 6);
var RemoveWardrobeItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 7);
var RecordFeedbackRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 8);
var RecordFeedbackResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 9);
var GetPreferencesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 10);
var GetPreferencesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 11);
var PreferencesSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 12);
var PreferenceSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 13);
var ResetPreferencesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 14);
var ResetPreferencesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 15);
var ExportEndUserDataRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 16);
var ExportEndUserDataResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 17);
var FeedbackSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_wardrobe, 18);
var OutfitPoolSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_wardrobe, 0);
var OutfitPool = /* @__PURE__ */ tsEnum(OutfitPoolSchema);
var WardrobeStateSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_wardrobe, 1);
var WardrobeState = /* @__PURE__ */ tsEnum(WardrobeStateSchema);
var FeedbackKindSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_wardrobe, 2);
var FeedbackKind = /* @__PURE__ */ tsEnum(FeedbackKindSchema);

// clients/typescript/lib/armoire/v1/outfits_pb.js
var file_armoire_v1_outfits = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL291dGZpdHMucHJvdG8SCmFybW9pcmUudjEilAEKCE9jY2FzaW9uEigKBnNlYXNvbhgBIAEoDjISLmFybW9pcmUudjEuU2Vhc29uQgTiQQEBEiAKDXRlbXBlcmF0dXJlX2MYAiABKAFCBOJBAQFIAIgBARIcCglmb3JtYWxpdHkYAyABKAFCBOJBAQFIAYgBAUIQCg5fdGVtcGVyYXR1cmVfY0IMCgpfZm9ybWFsaXR5IqMDChVTdWdnZXN0T3V0Zml0c1JlcXVlc3QSEwoFY291bnQYASABKAVCBOJBAQESEgoEc2VlZBgCIAEoA0IE4kEBARIbCg1iYXNlX2l0ZW1faWRzGAMgAygJQgTiQQEBEigKBmZpbHRlchgEIAEoCzISLmFybW9pcmUudjEuRmlsdGVyQgTiQQEBEiwKCG9jY2FzaW9uGAUgASgLMhQuYXJtb2lyZS52MS5PY2Nhc2lvbkIE4kEBARIrCgVzbG90cxgGIAMoDjIWLmFybW9pcmUudjEuT3V0Zml0U2xvdEIE4kEBARIcCglkaXZlcnNpdHkYByABKAFCBOJBAQFIAIgBARIfChFpbmNsdWRlX2Nyb3BfdXJscxgIIAEoCEIE4kEBARIWCghlbmRfdXNlchgJIAEoCUIE4kEBARIqCgRwb29sGAogASgOMhYuYXJtb2lyZS52MS5PdXRmaXRQb29sQgTiQQEBEh4KC3JlcGVhdF9kYXlzGAsgASgFQgTiQQEBSAGIAQFCDAoKX2RpdmVyc2l0eUIOCgxfcmVwZWF0X2RheXMidwoWU3VnZ2VzdE91dGZpdHNSZXNwb25zZRIjCgdvdXRmaXRzGAEgAygLMhIuYXJtb2lyZS52MS5PdXRmaXQSOAoUY3JvcF91cmxfZXhwaXJlX3RpbWUYAiABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wIvICChVDb21wbGV0ZU91dGZpdFJlcXVlc3QSGwoNYmFzZV9pdGVtX2lkcxgBIAMoCUIE4kEBAhIqCgRzbG90GAIgASgOMhYuYXJtb2lyZS52MS5PdXRmaXRTbG90QgTiQQECEhMKBWNvdW50GAMgASgFQgTiQQEBEhIKBHNlZWQYBCABKANCBOJBAQESKAoGZmlsdGVyGAUgASgLMhIuYXJtb2lyZS52MS5GaWx0ZXJCBOJBAQESLAoIb2NjYXNpb24YBiABKAsyFC5hcm1vaXJlLnYxLk9jY2FzaW9uQgTiQQEBEhwKCWRpdmVyc2l0eRgHIAEoAUIE4kEBAUgAiAEBEh8KEWluY2x1ZGVfY3JvcF91cmxzGAggASgIQgTiQQEBEhYKCGVuZF91c2VyGAkgASgJQgTiQQEBEioKBHBvb2wYCiABKA4yFi5hcm1vaXJlLnYxLk91dGZpdFBvb2xCBOJBAQFCDAoKX2RpdmVyc2l0eSKDAQoWQ29tcGxldGVPdXRmaXRSZXNwb25zZRIvCgpjYW5kaWRhdGVzGAEgAygLMhsuYXJtb2lyZS52MS5PdXRmaXRDYW5kaWRhdGUSOAoUY3JvcF91cmxfZXhwaXJlX3RpbWUYAiABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wIlsKD091dGZpdENhbmRpZGF0ZRIkCgRpdGVtGAEgASgLMhYuYXJtb2lyZS52MS5PdXRmaXRJdGVtEiIKBm91dGZpdBgCIAEoCzISLmFybW9pcmUudjEuT3V0Zml0IpMBChJTY29yZU91dGZpdFJlcXVlc3QSFgoIaXRlbV9pZHMYASADKAlCBOJBAQISLAoIb2NjYXNpb24YAiABKAsyFC5hcm1vaXJlLnYxLk9jY2FzaW9uQgTiQQEBEh8KEWluY2x1ZGVfY3JvcF91cmxzGAMgASgIQgTiQQEBEhYKCGVuZF91c2VyGAQgASgJQgTiQQEBIpQBChNTY29yZU91dGZpdFJlc3BvbnNlEiIKBm91dGZpdBgBIAEoCzISLmFybW9pcmUudjEuT3V0Zml0Eg0KBXZhbGlkGAIgASgIEhAKCHByb2JsZW1zGAMgAygJEjgKFGNyb3BfdXJsX2V4cGlyZV90aW1lGAQgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCJ6CgZPdXRmaXQSDQoFc2NvcmUYASABKAESJQoFdGVybXMYAiADKAsyFi5hcm1vaXJlLnYxLk91dGZpdFRlcm0SEwoLZXhwbGFuYXRpb24YAyABKAkSJQoFaXRlbXMYBCADKAsyFi5hcm1vaXJlLnYxLk91dGZpdEl0ZW0iSQoKT3V0Zml0VGVybRIMCgRuYW1lGAEgASgJEg0KBXZhbHVlGAIgASgBEg4KBnBvaW50cxgDIAEoARIOCgZyZWFzb24YBCABKAkirwEKDU91dGZpdFdlaWdodHMSEwoFY29sb3IYASABKAFCBOJBAQESFwoJZm9ybWFsaXR5GAIgASgBQgTiQQEBEhsKDWNvbXBhdGliaWxpdHkYAyABKAFCBOJBAQESFQoHcGF0dGVybhgEIAEoAUIE4kEBARIUCgZzZWFzb24YBSABKAFCBOJBAQESGgoHbGVhcm5lZBgGIAEoAUIE4kEBAUgAiAEBQgoKCF9sZWFybmVkIrIBCgpPdXRmaXRJdGVtEg8KB2l0ZW1faWQYASABKAkSJAoEc2xvdBgCIAEoDjIWLmFybW9pcmUudjEuT3V0Zml0U2xvdBIQCghjYXRlZ29yeRgDIAEoCRIUCgxnYXJtZW50X3R5cGUYBCABKAkSDQoFY29sb3IYBSABKAkSEAoIY3JvcF91cmwYBiABKAkSJAoHcHJvZHVjdBgHIAEoCzITLmFybW9pcmUudjEuUHJvZHVjdCrwAQoKT3V0Zml0U2xvdBIbChdPVVRGSVRfU0xPVF9VTlNQRUNJRklFRBAAEhMKD09VVEZJVF9TTE9UX1RPUBABEhYKEk9VVEZJVF9TTE9UX0JPVFRPTRACEhkKFU9VVEZJVF9TTE9UX09ORV9QSUVDRRADEhUKEU9VVEZJVF9TTE9UX0xBWUVSEAQSGQoVT1VURklUX1NMT1RfT1VURVJXRUFSEAUSFQoRT1VURklUX1NMT1RfU0hPRVMQBhIXChNPVVRGSVRfU0xPVF9IT1NJRVJZEAcSGwoXT1VURklUX1NMT1RfQUNDRVNTT1JJRVMQCCpsCgZTZWFzb24SFgoSU0VBU09OX1VOU1BFQ0lGSUVEEAASEQoNU0VBU09OX1NQUklORxABEhEKDVNFQVNPTl9TVU1NRVIQAhIRCg1TRUFTT05fQVVUVU1OEAMSEQoNU0VBU09OX1dJTlRFUhAEMvMHCg1PdXRmaXRTZXJ2aWNlEl4KDlN1Z2dlc3RPdXRmaXRzEiEuYXJtb2lyZS52MS5TdWdnZXN0T3V0Zml0c1JlcXVlc3QaIi5hcm1vaXJlLnYxLlN1Z2dlc3RPdXRmaXRzUmVzcG9uc2UiBYq1GAECEl4KDkNvbXBsZXRlT3V0Zml0EiEuYXJtb2lyZS52MS5Db21wbGV0ZU91dGZpdFJlcXVlc3QaIi5hcm1vaXJlLnYxLkNvbXBsZXRlT3V0Zml0UmVzcG9uc2UiBYq1GAECElUKC1Njb3JlT3V0Zml0Eh4uYXJtb2lyZS52MS5TY29yZU91dGZpdFJlcXVlc3QaHy5hcm1vaXJlLnYxLlNjb3JlT3V0Zml0UmVzcG9uc2UiBYq1GAECEmQKEEFkZFdhcmRyb2JlSXRlbXMSIy5hcm1vaXJlLnYxLkFkZFdhcmRyb2JlSXRlbXNSZXF1ZXN0GiQuYXJtb2lyZS52MS5BZGRXYXJkcm9iZUl0ZW1zUmVzcG9uc2UiBYq1GAEDEmcKEUxpc3RXYXJkcm9iZUl0ZW1zEiQuYXJtb2lyZS52MS5MaXN0V2FyZHJvYmVJdGVtc1JlcXVlc3QaJS5hcm1vaXJlLnYxLkxpc3RXYXJkcm9iZUl0ZW1zUmVzcG9uc2UiBYq1GAECEm0KE1JlbW92ZVdhcmRyb2JlSXRlbXMSJi5hcm1vaXJlLnYxLlJlbW92ZVdhcmRyb2JlSXRlbXNSZXF1ZXN0GicuYXJtb2lyZS52MS5SZW1vdmVXYXJkcm9iZUl0ZW1zUmVzcG9uc2UiBYq1GAEDEl4KDlJlY29yZEZlZWRiYWNrEiEuYXJtb2lyZS52MS5SZWNvcmRGZWVkYmFja1JlcXVlc3QaIi5hcm1vaXJlLnYxLlJlY29yZEZlZWRiYWNrUmVzcG9uc2UiBYq1GAEDEl4KDkdldFByZWZlcmVuY2VzEiEuYXJtb2lyZS52MS5HZXRQcmVmZXJlbmNlc1JlcXVlc3QaIi5hcm1vaXJlLnYxLkdldFByZWZlcmVuY2VzUmVzcG9uc2UiBYq1GAECEmQKEFJlc2V0UHJlZmVyZW5jZXMSIy5hcm1vaXJlLnYxLlJlc2V0UHJlZmVyZW5jZXNSZXF1ZXN0GiQuYXJtb2lyZS52MS5SZXNldFByZWZlcmVuY2VzUmVzcG9uc2UiBYq1GAEDEmcKEUV4cG9ydEVuZFVzZXJEYXRhEiQuYXJtb2lyZS52MS5FeHBvcnRFbmRVc2VyRGF0YVJlcXVlc3QaJS5hcm1vaXJlLnYxLkV4cG9ydEVuZFVzZXJEYXRhUmVzcG9uc2UiBYq1GAEFQkIKDWlvLmFybW9pcmUudjFCDE91dGZpdHNQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_access, file_armoire_v1_products, file_armoire_v1_search, file_armoire_v1_wardrobe, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var OccasionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 0);
var SuggestOutfitsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 1);
var SuggestOutfitsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 2);
var CompleteOutfitRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 3);
var CompleteOutfitResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 4);
var OutfitCandidateSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 5);
var ScoreOutfitRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 6);
var ScoreOutfitResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 7);
var OutfitSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 8);
var OutfitTermSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 9);
var OutfitWeightsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 10);
var OutfitItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_outfits, 11);
var OutfitSlotSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_outfits, 0);
var OutfitSlot = /* @__PURE__ */ tsEnum(OutfitSlotSchema);
var SeasonSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_outfits, 1);
var Season = /* @__PURE__ */ tsEnum(SeasonSchema);
var OutfitService = /* @__PURE__ */ serviceDesc(file_armoire_v1_outfits, 0);

// clients/typescript/lib/armoire/v1/users_pb.js
var file_armoire_v1_users = /* @__PURE__ */ fileDesc("ChZhcm1vaXJlL3YxL3VzZXJzLnByb3RvEgphcm1vaXJlLnYxIqcCCgRVc2VyEgoKAmlkGAEgASgJEhQKBnRlbmFudBgCIAEoCUIE4kEBAxITCgVlbWFpbBgDIAEoCUIE4kEBAxIaCgxkaXNwbGF5X25hbWUYBCABKAlCBOJBAQESJAoEcm9sZRgFIAEoDjIQLmFybW9pcmUudjEuUm9sZUIE4kEBARIWCghkaXNhYmxlZBgGIAEoCEIE4kEBARIaCgxoYXNfcGFzc3dvcmQYByABKAhCBOJBAQMSNQoLY3JlYXRlX3RpbWUYCCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEDEjsKEWxhc3Rfc2lnbl9pbl90aW1lGAkgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBAyppCgRSb2xlEhQKEFJPTEVfVU5TUEVDSUZJRUQQABIPCgtST0xFX1ZJRVdFUhABEhEKDVJPTEVfUkVWSUVXRVIQAhIPCgtST0xFX0VESVRPUhADEhYKElJPTEVfQURNSU5JU1RSQVRPUhAEQkAKDWlvLmFybW9pcmUudjFCClVzZXJzUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_google_api_field_behavior, file_google_protobuf_timestamp]);
var UserSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_users, 0);
var RoleSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_users, 0);
var Role = /* @__PURE__ */ tsEnum(RoleSchema);

// clients/typescript/lib/armoire/v1/admin_pb.js
var file_armoire_v1_admin = /* @__PURE__ */ fileDesc("ChZhcm1vaXJlL3YxL2FkbWluLnByb3RvEgphcm1vaXJlLnYxIr4CCgtBdWRpdFJlY29yZBIQCgJpZBgBIAEoCUIE4kEBAxI1CgtjcmVhdGVfdGltZRgCIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQMSFAoGdGVuYW50GAMgASgJQgTiQQEDEhMKBWFjdG9yGAQgASgJQgTiQQEDEhYKCGVuZF91c2VyGAUgASgJQgTiQQEDEhQKBmFjdGlvbhgGIAEoCUIE4kEBAxIWCghyZXNvdXJjZRgHIAEoCUIE4kEBAxItCgZiZWZvcmUYCCABKAsyFy5nb29nbGUucHJvdG9idWYuU3RydWN0QgTiQQEDEiwKBWFmdGVyGAkgASgLMhcuZ29vZ2xlLnByb3RvYnVmLlN0cnVjdEIE4kEBAxIYCgpyZXF1ZXN0X2lkGAogASgJQgTiQQEDIp4CChdMaXN0QXVkaXRSZWNvcmRzUmVxdWVzdBIUCgZ0ZW5hbnQYASABKAlCBOJBAQESNgoMY3JlYXRlZF9mcm9tGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARI4Cg5jcmVhdGVkX2JlZm9yZRgDIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQESEwoFYWN0b3IYBCABKAlCBOJBAQESFAoGYWN0aW9uGAUgASgJQgTiQQEBEh0KD3Jlc291cmNlX3ByZWZpeBgGIAEoCUIE4kEBARIXCglwYWdlX3NpemUYByABKAVCBOJBAQESGAoKcGFnZV90b2tlbhgIIAEoCUIE4kEBASJjChhMaXN0QXVkaXRSZWNvcmRzUmVzcG9uc2USLgoNYXVkaXRfcmVjb3JkcxgBIAMoCzIXLmFybW9pcmUudjEuQXVkaXRSZWNvcmQSFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJIsICCgZUZW5hbnQSEAoCaWQYASABKAlCBOJBAQISJgoTcmVxdWVzdHNfcGVyX21pbnV0ZRgCIAEoBUIE4kEBAUgAiAEBEigKFW1lZ2FwaXhlbHNfcGVyX21pbnV0ZRgDIAEoBUIE4kEBAUgBiAEBEhwKCW1heF9pdGVtcxgEIAEoA0IE4kEBAUgCiAEBEhwKCW1heF9ieXRlcxgFIAEoA0IE4kEBAUgDiAEBEiIKD2xvZ19wcmVkaWN0aW9ucxgGIAEoCEIE4kEBAUgEiAEBEhIKBGV0YWcYByABKAlCBOJBAQFCFgoUX3JlcXVlc3RzX3Blcl9taW51dGVCGAoWX21lZ2FwaXhlbHNfcGVyX21pbnV0ZUIMCgpfbWF4X2l0ZW1zQgwKCl9tYXhfYnl0ZXNCEgoQX2xvZ19wcmVkaWN0aW9ucyI1CglUZW5hbnRVc2USEwoFaXRlbXMYASABKANCBOJBAQMSEwoFYnl0ZXMYAiABKANCBOJBAQMiKAoQR2V0VGVuYW50UmVxdWVzdBIUCgZ0ZW5hbnQYASABKAlCBOJBAQEiWwoRR2V0VGVuYW50UmVzcG9uc2USIgoGdGVuYW50GAEgASgLMhIuYXJtb2lyZS52MS5UZW5hbnQSIgoDdXNlGAIgASgLMhUuYXJtb2lyZS52MS5UZW5hbnRVc2UiPwoTVXBkYXRlVGVuYW50UmVxdWVzdBIoCgZ0ZW5hbnQYASABKAsyEi5hcm1vaXJlLnYxLlRlbmFudEIE4kEBAiI6ChRVcGRhdGVUZW5hbnRSZXNwb25zZRIiCgZ0ZW5hbnQYASABKAsyEi5hcm1vaXJlLnYxLlRlbmFudCL4AQoOVGVuYW50U2V0dGluZ3MSFAoGdGVuYW50GAEgASgJQgTiQQEBEjMKDHJhbmtfd2VpZ2h0cxgCIAEoCzIXLmFybW9pcmUudjEuUmFua1dlaWdodHNCBOJBAQESLAoIdGF4b25vbXkYAyABKAsyFC5hcm1vaXJlLnYxLlRheG9ub215QgTiQQEBEhIKBGV0YWcYBCABKAlCBOJBAQESIAoSdm9jYWJ1bGFyeV92ZXJzaW9uGAUgASgJQgTiQQEDEjcKDm91dGZpdF93ZWlnaHRzGAYgASgLMhkuYXJtb2lyZS52MS5PdXRmaXRXZWlnaHRzQgTiQQEBIqwBCghUYXhvbm9teRI2CgpjYXRlZ29yaWVzGAEgAygLMhwuYXJtb2lyZS52MS5UYXhvbm9teUNhdGVnb3J5QgTiQQEBEjcKCmF0dHJpYnV0ZXMYAiADKAsyHS5hcm1vaXJlLnYxLlRheG9ub215QXR0cmlidXRlQgTiQQEBEi8KBmNvbG9ycxgDIAMoCzIZLmFybW9pcmUudjEuVGF4b25vbXlDb2xvckIE4kEBASJSChBUYXhvbm9teUNhdGVnb3J5EhIKBG5hbWUYASABKAlCBOJBAQISEgoEc2xvdBgCIAEoCUIE4kEBAhIWCghzeW5vbnltcxgDIAMoCUIE4kEBASJUChFUYXhvbm9teUF0dHJpYnV0ZRISCgRuYW1lGAEgASgJQgTiQQECEhQKBnZhbHVlcxgCIAMoCUIE4kEBARIVCgdwcm9tcHRzGAMgAygJQgTiQQEBImQKDVRheG9ub215Q29sb3ISEgoEbmFtZRgBIAEoCUIE4kEBAhIRCgNsYWIYAiADKAFCBOJBAQISFgoIc3lub255bXMYAyADKAlCBOJBAQESFAoGZmFtaWx5GAQgASgJQgTiQQEBIjAKGEdldFRlbmFudFNldHRpbmdzUmVxdWVzdBIUCgZ0ZW5hbnQYASABKAlCBOJBAQEiSQoZR2V0VGVuYW50U2V0dGluZ3NSZXNwb25zZRIsCghzZXR0aW5ncxgBIAEoCzIaLmFybW9pcmUudjEuVGVuYW50U2V0dGluZ3MiUQobVXBkYXRlVGVuYW50U2V0dGluZ3NSZXF1ZXN0EjIKCHNldHRpbmdzGAEgASgLMhouYXJtb2lyZS52MS5UZW5hbnRTZXR0aW5nc0IE4kEBAiJMChxVcGRhdGVUZW5hbnRTZXR0aW5nc1Jlc3BvbnNlEiwKCHNldHRpbmdzGAEgASgLMhouYXJtb2lyZS52MS5UZW5hbnRTZXR0aW5ncyLLAgoGQXBpS2V5EhAKAmlkGAEgASgJQgTiQQEDEhIKBG5hbWUYAiABKAlCBOJBAQMSFAoGdGVuYW50GAMgASgJQgTiQQEDEicKBnNjb3BlcxgEIAMoDjIRLmFybW9pcmUudjEuU2NvcGVCBOJBAQMSNQoLY3JlYXRlX3RpbWUYBSABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEDEjUKC2V4cGlyZV90aW1lGAYgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBAxI1CgtyZXZva2VfdGltZRgHIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQMSNwoNbGFzdF91c2VfdGltZRgIIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXBCBOJBAQMimwEKE0NyZWF0ZUFwaUtleVJlcXVlc3QSEgoEbmFtZRgBIAEoCUIE4kEBAhInCgZzY29wZXMYAiADKA4yES5hcm1vaXJlLnYxLlNjb3BlQgTiQQECEhQKBnRlbmFudBgDIAEoCUIE4kEBARIxCghsaWZldGltZRgEIAEoCzIZLmdvb2dsZS5wcm90b2J1Zi5EdXJhdGlvbkIE4kEBASJIChRDcmVhdGVBcGlLZXlSZXNwb25zZRIjCgdhcGlfa2V5GAEgASgLMhIuYXJtb2lyZS52MS5BcGlLZXkSCwoDa2V5GAIgASgJIl0KEkxpc3RBcGlLZXlzUmVxdWVzdBIUCgZ0ZW5hbnQYASABKAlCBOJBAQESFwoJcGFnZV9zaXplGAIgASgFQgTiQQEBEhgKCnBhZ2VfdG9rZW4YAyABKAlCBOJBAQEiVAoTTGlzdEFwaUtleXNSZXNwb25zZRIkCghhcGlfa2V5cxgBIAMoCzISLmFybW9pcmUudjEuQXBpS2V5EhcKD25leHRfcGFnZV90b2tlbhgCIAEoCSJdChNSb3RhdGVBcGlLZXlSZXF1ZXN0EhQKBmtleV9pZBgBIAEoCUIE4kEBAhIwCgdvdmVybGFwGAIgASgLMhkuZ29vZ2xlLnByb3RvYnVmLkR1cmF0aW9uQgTiQQEBIkgKFFJvdGF0ZUFwaUtleVJlc3BvbnNlEiMKB2FwaV9rZXkYASABKAsyEi5hcm1vaXJlLnYxLkFwaUtleRILCgNrZXkYAiABKAkiKwoTUmV2b2tlQXBpS2V5UmVxdWVzdBIUCgZrZXlfaWQYASABKAlCBOJBAQIiOwoUUmV2b2tlQXBpS2V5UmVzcG9uc2USIwoHYXBpX2tleRgBIAEoCzISLmFybW9pcmUudjEuQXBpS2V5IvMBChZMaXN0UHJlZGljdGlvbnNSZXF1ZXN0EhQKBnRlbmFudBgBIAEoCUIE4kEBARI2CgxjcmVhdGVkX2Zyb20YAiABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEBEjgKDmNyZWF0ZWRfYmVmb3JlGAMgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARIeChBpbmNsdWRlX3BpY3R1cmVzGAQgASgIQgTiQQEBEhcKCXBhZ2Vfc2l6ZRgFIAEoBUIE4kEBARIYCgpwYWdlX3Rva2VuGAYgASgJQgTiQQEBImUKF0xpc3RQcmVkaWN0aW9uc1Jlc3BvbnNlEjEKC3ByZWRpY3Rpb25zGAEgAygLMhwuYXJtb2lyZS52MS5Mb2dnZWRQcmVkaWN0aW9uEhcKD25leHRfcGFnZV90b2tlbhgCIAEoCSLeBAoQTG9nZ2VkUHJlZGljdGlvbhIKCgJpZBgBIAEoCRIOCgZ0ZW5hbnQYAiABKAkSLwoLY3JlYXRlX3RpbWUYAyABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wEg4KBm1ldGhvZBgEIAEoCRISCgpyZXF1ZXN0X2lkGAUgASgJEhgKEGRldGVjdG9yX3ZlcnNpb24YBiABKAkSIwobZGV0ZWN0b3JfcHJlcHJvY2Vzc192ZXJzaW9uGAcgASgJEhgKEGVtYmVkZGVyX3ZlcnNpb24YCCABKAkSIwobZW1iZWRkZXJfcHJlcHJvY2Vzc192ZXJzaW9uGAkgASgJEhoKEmNsYXNzaWZpZXJfdmVyc2lvbhgKIAEoCRIlCh1jbGFzc2lmaWVyX3ByZXByb2Nlc3NfdmVyc2lvbhgLIAEoCRIOCgZzaGEyNTYYDCABKAkSEgoKc2l6ZV9ieXRlcxgNIAEoAxITCgtpbWFnZV93aWR0aBgOIAEoBRIUCgxpbWFnZV9oZWlnaHQYDyABKAUSDAoEdGV4dBgQIAEoCRIWCgltaW5fc2NvcmUYESABKAJIAIgBARImCghwcmlvcml0eRgSIAEoDjIULmFybW9pcmUudjEuUHJpb3JpdHkSHgoFYm94ZXMYEyADKAsyDy5hcm1vaXJlLnYxLkJveBInCgVpdGVtcxgUIAMoCzIYLmFybW9pcmUudjEuQW5hbHl6ZWRJdGVtEhMKC2hhc19waWN0dXJlGBUgASgIEg8KB3BpY3R1cmUYFiABKAxCDAoKX21pbl9zY29yZSJXCg5Qcm9maWxlUmVxdWVzdBIxCghkdXJhdGlvbhgBIAEoCzIZLmdvb2dsZS5wcm90b2J1Zi5EdXJhdGlvbkIE4kEBAhISCgRyYXRlGAIgASgFQgTiQQEBIqEBCg9Qcm9maWxlUmVzcG9uc2USFwoPc3BlZWRzY29wZV9qc29uGAEgASgJEhIKCnByb2Nlc3NfaWQYAiABKAUSKwoIY3B1X3RpbWUYAyABKAsyGS5nb29nbGUucHJvdG9idWYuRHVyYXRpb24SNAoRc2FtcGxpbmdfY3B1X3RpbWUYBCABKAsyGS5nb29nbGUucHJvdG9idWYuRHVyYXRpb24igAEKEUludml0ZVVzZXJSZXF1ZXN0EhMKBWVtYWlsGAEgASgJQgTiQQECEiQKBHJvbGUYAiABKA4yEC5hcm1vaXJlLnYxLlJvbGVCBOJBAQISGgoMZGlzcGxheV9uYW1lGAMgASgJQgTiQQEBEhQKBnRlbmFudBgEIAEoCUIE4kEBASJ0ChJJbnZpdGVVc2VyUmVzcG9uc2USHgoEdXNlchgBIAEoCzIQLmFybW9pcmUudjEuVXNlchINCgV0b2tlbhgCIAEoCRIvCgtleHBpcmVfdGltZRgDIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAiWwoQTGlzdFVzZXJzUmVxdWVzdBIUCgZ0ZW5hbnQYASABKAlCBOJBAQESFwoJcGFnZV9zaXplGAIgASgFQgTiQQEBEhgKCnBhZ2VfdG9rZW4YAyABKAlCBOJBAQEiTQoRTGlzdFVzZXJzUmVzcG9uc2USHwoFdXNlcnMYASADKAsyEC5hcm1vaXJlLnYxLlVzZXISFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJInAKEVVwZGF0ZVVzZXJSZXF1ZXN0EiQKBHVzZXIYASABKAsyEC5hcm1vaXJlLnYxLlVzZXJCBOJBAQISNQoLdXBkYXRlX21hc2sYAiABKAsyGi5nb29nbGUucHJvdG9idWYuRmllbGRNYXNrQgTiQQEBIjQKElVwZGF0ZVVzZXJSZXNwb25zZRIeCgR1c2VyGAEgASgLMhAuYXJtb2lyZS52MS5Vc2VyIjMKGkNyZWF0ZVBhc3N3b3JkUmVzZXRSZXF1ZXN0EhUKB3VzZXJfaWQYASABKAlCBOJBAQIiXQobQ3JlYXRlUGFzc3dvcmRSZXNldFJlc3BvbnNlEg0KBXRva2VuGAEgASgJEi8KC2V4cGlyZV90aW1lGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCIqChFEZWxldGVVc2VyUmVxdWVzdBIVCgd1c2VyX2lkGAEgASgJQgTiQQECIhQKEkRlbGV0ZVVzZXJSZXNwb25zZTLRCwoMQWRtaW5TZXJ2aWNlElgKDENyZWF0ZUFwaUtleRIfLmFybW9pcmUudjEuQ3JlYXRlQXBpS2V5UmVxdWVzdBogLmFybW9pcmUudjEuQ3JlYXRlQXBpS2V5UmVzcG9uc2UiBYq1GAEFElUKC0xpc3RBcGlLZXlzEh4uYXJtb2lyZS52MS5MaXN0QXBpS2V5c1JlcXVlc3QaHy5hcm1vaXJlLnYxLkxpc3RBcGlLZXlzUmVzcG9uc2UiBYq1GAEFElgKDFJvdGF0ZUFwaUtleRIfLmFybW9pcmUudjEuUm90YXRlQXBpS2V5UmVxdWVzdBogLmFybW9pcmUudjEuUm90YXRlQXBpS2V5UmVzcG9uc2UiBYq1GAEFElgKDFJldm9rZUFwaUtleRIfLmFybW9pcmUudjEuUmV2b2tlQXBpS2V5UmVxdWVzdBogLmFybW9pcmUudjEuUmV2b2tlQXBpS2V5UmVzcG9uc2UiBYq1GAEFElIKCkludml0ZVVzZXISHS5hcm1vaXJlLnYxLkludml0ZVVzZXJSZXF1ZXN0Gh4uYXJtb2lyZS52MS5JbnZpdGVVc2VyUmVzcG9uc2UiBYq1GAEFEk8KCUxpc3RVc2VycxIcLmFybW9pcmUudjEuTGlzdFVzZXJzUmVxdWVzdBodLmFybW9pcmUudjEuTGlzdFVzZXJzUmVzcG9uc2UiBYq1GAEFElIKClVwZGF0ZVVzZXISHS5hcm1vaXJlLnYxLlVwZGF0ZVVzZXJSZXF1ZXN0Gh4uYXJtb2lyZS52MS5VcGRhdGVVc2VyUmVzcG9uc2UiBYq1GAEFEm0KE0NyZWF0ZVBhc3N3b3JkUmVzZXQSJi5hcm1vaXJlLnYxLkNyZWF0ZVBhc3N3b3JkUmVzZXRSZXF1ZXN0GicuYXJtb2lyZS52MS5DcmVhdGVQYXNzd29yZFJlc2V0UmVzcG9uc2UiBYq1GAEFElIKCkRlbGV0ZVVzZXISHS5hcm1vaXJlLnYxLkRlbGV0ZVVzZXJSZXF1ZXN0Gh4uYXJtb2lyZS52MS5EZWxldGVVc2VyUmVzcG9uc2UiBYq1GAEFEk8KCUdldFRlbmFudBIcLmFybW9pcmUudjEuR2V0VGVuYW50UmVxdWVzdBodLmFybW9pcmUudjEuR2V0VGVuYW50UmVzcG9uc2UiBYq1GAEFElwKDFVwZGF0ZVRlbmFudBIfLmFybW9pcmUudjEuVXBkYXRlVGVuYW50UmVxdWVzdBogLmFybW9pcmUudjEuVXBkYXRlVGVuYW50UmVzcG9uc2UiCYq1GAEFkLUYARJnChFHZXRUZW5hbnRTZXR0aW5ncxIkLmFybW9pcmUudjEuR2V0VGVuYW50U2V0dGluZ3NSZXF1ZXN0GiUuYXJtb2lyZS52MS5HZXRUZW5hbnRTZXR0aW5nc1Jlc3BvbnNlIgWKtRgBBRJwChRVcGRhdGVUZW5hbnRTZXR0aW5ncxInLmFybW9pcmUudjEuVXBkYXRlVGVuYW50U2V0dGluZ3NSZXF1ZXN0GiguYXJtb2lyZS52MS5VcGRhdGVUZW5hbnRTZXR0aW5nc1Jlc3BvbnNlIgWKtRgBBRJhCg9MaXN0UHJlZGljdGlvbnMSIi5hcm1vaXJlLnYxLkxpc3RQcmVkaWN0aW9uc1JlcXVlc3QaIy5hcm1vaXJlLnYxLkxpc3RQcmVkaWN0aW9uc1Jlc3BvbnNlIgWKtRgBBRJNCgdQcm9maWxlEhouYXJtb2lyZS52MS5Qcm9maWxlUmVxdWVzdBobLmFybW9pcmUudjEuUHJvZmlsZVJlc3BvbnNlIgmKtRgBBZC1GAESZAoQTGlzdEF1ZGl0UmVjb3JkcxIjLmFybW9pcmUudjEuTGlzdEF1ZGl0UmVjb3Jkc1JlcXVlc3QaJC5hcm1vaXJlLnYxLkxpc3RBdWRpdFJlY29yZHNSZXNwb25zZSIFirUYAQVCQAoNaW8uYXJtb2lyZS52MUIKQWRtaW5Qcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_access, file_armoire_v1_inference, file_armoire_v1_outfits, file_armoire_v1_search, file_armoire_v1_types, file_armoire_v1_users, file_google_api_field_behavior, file_google_protobuf_duration, file_google_protobuf_field_mask, file_google_protobuf_struct, file_google_protobuf_timestamp]);
var AuditRecordSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 0);
var ListAuditRecordsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 1);
var ListAuditRecordsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 2);
var TenantSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 3);
var TenantUseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 4);
var GetTenantRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 5);
var GetTenantResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 6);
var UpdateTenantRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 7);
var UpdateTenantResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 8);
var TenantSettingsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 9);
var TaxonomySchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 10);
var TaxonomyCategorySchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 11);
var TaxonomyAttributeSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 12);
var TaxonomyColorSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 13);
var GetTenantSettingsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 14);
var GetTenantSettingsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 15);
var UpdateTenantSettingsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 16);
var UpdateTenantSettingsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 17);
var ApiKeySchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 18);
var CreateApiKeyRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 19);
var CreateApiKeyResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 20);
var ListApiKeysRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 21);
var ListApiKeysResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 22);
var RotateApiKeyRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 23);
var RotateApiKeyResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 24);
var RevokeApiKeyRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 25);
var RevokeApiKeyResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 26);
var ListPredictionsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 27);
var ListPredictionsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 28);
var LoggedPredictionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 29);
var ProfileRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 30);
var ProfileResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 31);
var InviteUserRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 32);
var InviteUserResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 33);
var ListUsersRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 34);
var ListUsersResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 35);
var UpdateUserRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 36);
var UpdateUserResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 37);
var CreatePasswordResetRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 38);
var CreatePasswordResetResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 39);
var DeleteUserRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 40);
var DeleteUserResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_admin, 41);
var AdminService = /* @__PURE__ */ serviceDesc(file_armoire_v1_admin, 0);

// clients/typescript/lib/armoire/v1/reviews_pb.js
var file_armoire_v1_reviews = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL3Jldmlld3MucHJvdG8SCmFybW9pcmUudjEixAIKF0xlYXNlUmV2aWV3SXRlbXNSZXF1ZXN0EhYKCHJldmlld2VyGAEgASgJQgTiQQEBEhcKCW1heF9pdGVtcxgCIAEoBUIE4kEBARIVCgdsZWFzZV9zGAMgASgFQgTiQQEBEi4KBmZpbHRlchgEIAEoCzIYLmFybW9pcmUudjEuUmV2aWV3RmlsdGVyQgTiQQEBEhkKC2F1ZGl0X3NoYXJlGAUgASgBQgTiQQEBEhsKDWRpc2FncmVlbWVudHMYBiABKAhCBOJBAQESIAoSc2ltaWxhcl90b19pdGVtX2lkGAcgASgJQgTiQQEBEhwKDm1pbl9zaW1pbGFyaXR5GAggASgBQgTiQQEBEiIKFGluY2x1ZGVfcGljdHVyZV91cmxzGAkgASgIQgTiQQEBEhUKB2l0ZW1faWQYCiABKAlCBOJBAQEiXQoMUmV2aWV3RmlsdGVyEhYKCGNhdGVnb3J5GAEgASgJQgTiQQEBEhsKDW1vZGVsX3ZlcnNpb24YAiABKAlCBOJBAQESGAoKbmV2ZXJfc2VlbhgDIAEoCEIE4kEBASLBAQoYTGVhc2VSZXZpZXdJdGVtc1Jlc3BvbnNlEiUKBWl0ZW1zGAEgAygLMhYuYXJtb2lyZS52MS5SZXZpZXdJdGVtEjUKEWxlYXNlX2V4cGlyZV90aW1lGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBISCgpvcGVuX2l0ZW1zGAMgASgDEjMKD3VybF9leHBpcmVfdGltZRgEIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAifgoKUmV2aWV3SXRlbRIeCgRpdGVtGAEgASgLMhAuYXJtb2lyZS52MS5JdGVtEigKBnJlYXNvbhgCIAEoDjIYLmFybW9pcmUudjEuUmV2aWV3UmVhc29uEhMKC3VuY2VydGFpbnR5GAMgASgBEhEKCXBob3RvX3VybBgEIAEoCSJfChlSZWxlYXNlUmV2aWV3SXRlbXNSZXF1ZXN0EhYKCHJldmlld2VyGAEgASgJQgTiQQEBEhYKCGl0ZW1faWRzGAIgAygJQgTiQQEBEhIKBHNraXAYAyABKAhCBOJBAQEiLgoaUmVsZWFzZVJldmlld0l0ZW1zUmVzcG9uc2USEAoIcmVsZWFzZWQYASABKAUiQwoSVmVyaWZ5SXRlbXNSZXF1ZXN0Ei0KBWl0ZW1zGAEgAygLMhguYXJtb2lyZS52MS5JdGVtVG9WZXJpZnlCBOJBAQIiOQoMSXRlbVRvVmVyaWZ5EhUKB2l0ZW1faWQYASABKAlCBOJBAQISEgoEZXRhZxgCIAEoCUIE4kEBASJjChNWZXJpZnlJdGVtc1Jlc3BvbnNlEh8KBWl0ZW1zGAEgAygLMhAuYXJtb2lyZS52MS5JdGVtEisKC2NvcnJlY3Rpb25zGAIgAygLMhYuYXJtb2lyZS52MS5Db3JyZWN0aW9uIqsCChpHZXRSZXZpZXdTdGF0aXN0aWNzUmVxdWVzdBI2CgxjcmVhdGVkX2Zyb20YASABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wQgTiQQEBEjgKDmNyZWF0ZWRfYmVmb3JlGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcEIE4kEBARIaCgxvbmx5X2F1ZGl0ZWQYAyABKAhCBOJBAQESLQoFc3BsaXQYBCABKA4yGC5hcm1vaXJlLnYxLkRhdGFzZXRTcGxpdEIE4kEBARIvCgZzaGFyZXMYBSABKAsyGS5hcm1vaXJlLnYxLkRhdGFzZXRTaGFyZXNCBOJBAQESHwoRYWdyZWVtZW50X2luX3RpbWUYBiABKAhCBOJBAQEi9QEKG0dldFJldmlld1N0YXRpc3RpY3NSZXNwb25zZRIrCglyZXZpZXdlcnMYASADKAsyGC5hcm1vaXJlLnYxLlJldmlld2VyUGFjZRIpCgphZ3JlZW1lbnRzGAIgAygLMhUuYXJtb2lyZS52MS5BZ3JlZW1lbnQSJgoIY292ZXJhZ2UYAyADKAsyFC5hcm1vaXJlLnYxLkNvdmVyYWdlEg0KBWl0ZW1zGAQgASgDEhAKCHZlcmlmaWVkGAUgASgDEhAKCHJlamVjdGVkGAYgASgDEhAKCHJldmlld2VkGAcgASgDEhEKCXRydW5jYXRlZBgIIAEoCCJDCgxSZXZpZXdlclBhY2USDgoGYXV0aG9yGAEgASgJEhEKCWRlY2lzaW9ucxgCIAEoAxIQCghhY3RpdmVfcxgDIAEoASLgAQoJQWdyZWVtZW50EhEKCWF0dHJpYnV0ZRgBIAEoCRIVCg1tb2RlbF92ZXJzaW9uGAIgASgJEhoKEnByZXByb2Nlc3NfdmVyc2lvbhgDIAEoCRIQCghyZXZpZXdlZBgEIAEoAxIOCgZhZ3JlZWQYBSABKAMSKQoKY29uZnVzaW9ucxgGIAMoCzIVLmFybW9pcmUudjEuQ29uZnVzaW9uEjIKDmRlc2NyaWJlZF90aW1lGAcgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIMCgRsaXZlGAggASgIIkUKCUNvbmZ1c2lvbhITCgttb2RlbF92YWx1ZRgBIAEoCRIUCgxwZXJzb25fdmFsdWUYAiABKAkSDQoFY291bnQYAyABKAMiOQoIQ292ZXJhZ2USDQoFbGFiZWwYASABKAkSDQoFaXRlbXMYAiABKAMSDwoHZGVjaWRlZBgDIAEoAyIUChJHZXRUYXhvbm9teVJlcXVlc3QiiQEKE0dldFRheG9ub215UmVzcG9uc2USJgoIdGF4b25vbXkYASABKAsyFC5hcm1vaXJlLnYxLlRheG9ub215EhoKEnZvY2FidWxhcnlfdmVyc2lvbhgCIAEoCRIuCg1nYXJtZW50X3R5cGVzGAMgAygLMhcuYXJtb2lyZS52MS5HYXJtZW50VHlwZSKCAQoLR2FybWVudFR5cGUSDAoEbmFtZRgBIAEoCRIQCghjYXRlZ29yeRgCIAEoCRINCgVzbG90cxgDIAMoCRIOCgZ3YXJtdGgYBCABKAESEQoJZm9ybWFsaXR5GAUgASgBEg8KB3NlYXNvbnMYBiADKAkSEAoIc3lub255bXMYByADKAlCQgoNaW8uYXJtb2lyZS52MUIMUmV2aWV3c1Byb3RvUAFaFGFybW9pcmUvdjE7YXJtb2lyZXYxqgIKQXJtb2lyZS5WMWIGcHJvdG8z", [file_armoire_v1_admin, file_armoire_v1_corrections, file_armoire_v1_exports, file_armoire_v1_items, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var LeaseReviewItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 0);
var ReviewFilterSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 1);
var LeaseReviewItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 2);
var ReviewItemSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 3);
var ReleaseReviewItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 4);
var ReleaseReviewItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 5);
var VerifyItemsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 6);
var ItemToVerifySchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 7);
var VerifyItemsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 8);
var GetReviewStatisticsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 9);
var GetReviewStatisticsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 10);
var ReviewerPaceSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 11);
var AgreementSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 12);
var ConfusionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 13);
var CoverageSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 14);
var GetTaxonomyRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 15);
var GetTaxonomyResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 16);
var GarmentTypeSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_reviews, 17);

// clients/typescript/lib/armoire/v1/uploads_pb.js
var file_armoire_v1_uploads = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL3VwbG9hZHMucHJvdG8SCmFybW9pcmUudjEiXwoTQ3JlYXRlVXBsb2FkUmVxdWVzdBIYCgptZWRpYV90eXBlGAEgASgJQgTiQQECEhgKCnNpemVfYnl0ZXMYAiABKANCBOJBAQISFAoGc2hhMjU2GAMgASgJQgTiQQEBItcBChRDcmVhdGVVcGxvYWRSZXNwb25zZRIRCgl1cGxvYWRfaWQYASABKAkSCwoDdXJsGAIgASgJEj4KB2hlYWRlcnMYAyADKAsyLS5hcm1vaXJlLnYxLkNyZWF0ZVVwbG9hZFJlc3BvbnNlLkhlYWRlcnNFbnRyeRIvCgtleHBpcmVfdGltZRgEIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAaLgoMSGVhZGVyc0VudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAFCQgoNaW8uYXJtb2lyZS52MUIMVXBsb2Fkc1Byb3RvUAFaFGFybW9pcmUvdjE7YXJtb2lyZXYxqgIKQXJtb2lyZS5WMWIGcHJvdG8z", [file_google_api_field_behavior, file_google_protobuf_timestamp]);
var CreateUploadRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_uploads, 0);
var CreateUploadResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_uploads, 1);

// clients/typescript/lib/armoire/v1/webhooks_pb.js
var file_armoire_v1_webhooks = /* @__PURE__ */ fileDesc("Chlhcm1vaXJlL3YxL3dlYmhvb2tzLnByb3RvEgphcm1vaXJlLnYxIqcBCgdXZWJob29rEgoKAmlkGAEgASgJEgsKA3VybBgCIAEoCRIOCgZldmVudHMYAyADKAkSEAoIZGlzYWJsZWQYBCABKAgSMAoMZmFpbGluZ19mcm9tGAUgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIvCgtjcmVhdGVfdGltZRgGIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAiPwoUQ3JlYXRlV2ViaG9va1JlcXVlc3QSEQoDdXJsGAEgASgJQgTiQQECEhQKBmV2ZW50cxgCIAMoCUIE4kEBASJNChVDcmVhdGVXZWJob29rUmVzcG9uc2USJAoHd2ViaG9vaxgBIAEoCzITLmFybW9pcmUudjEuV2ViaG9vaxIOCgZzZWNyZXQYAiABKAkiFQoTTGlzdFdlYmhvb2tzUmVxdWVzdCI9ChRMaXN0V2ViaG9va3NSZXNwb25zZRIlCgh3ZWJob29rcxgBIAMoCzITLmFybW9pcmUudjEuV2ViaG9vayIwChREZWxldGVXZWJob29rUmVxdWVzdBIYCgp3ZWJob29rX2lkGAEgASgJQgTiQQECIhcKFURlbGV0ZVdlYmhvb2tSZXNwb25zZSIuChJUZXN0V2ViaG9va1JlcXVlc3QSGAoKd2ViaG9va19pZBgBIAEoCUIE4kEBAiJEChNUZXN0V2ViaG9va1Jlc3BvbnNlEi0KCGRlbGl2ZXJ5GAEgASgLMhsuYXJtb2lyZS52MS5XZWJob29rRGVsaXZlcnkihAIKD1dlYmhvb2tEZWxpdmVyeRIKCgJpZBgBIAEoCRISCgp3ZWJob29rX2lkGAIgASgJEg0KBWV2ZW50GAMgASgJEi8KBXN0YXRlGAQgASgOMiAuYXJtb2lyZS52MS5XZWJob29rRGVsaXZlcnlTdGF0ZRIQCghhdHRlbXB0cxgFIAEoBRIOCgZzdGF0dXMYBiABKAUSDQoFZXJyb3IYByABKAkSLwoLY3JlYXRlX3RpbWUYCCABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wEi8KC3VwZGF0ZV90aW1lGAkgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCKiAQocTGlzdFdlYmhvb2tEZWxpdmVyaWVzUmVxdWVzdBIXCglwYWdlX3NpemUYASABKAVCBOJBAQESGAoKcGFnZV90b2tlbhgCIAEoCUIE4kEBARIYCgp3ZWJob29rX2lkGAMgASgJQgTiQQEBEjUKBXN0YXRlGAQgASgOMiAuYXJtb2lyZS52MS5XZWJob29rRGVsaXZlcnlTdGF0ZUIE4kEBASJpCh1MaXN0V2ViaG9va0RlbGl2ZXJpZXNSZXNwb25zZRIvCgpkZWxpdmVyaWVzGAEgAygLMhsuYXJtb2lyZS52MS5XZWJob29rRGVsaXZlcnkSFwoPbmV4dF9wYWdlX3Rva2VuGAIgASgJIjQKF1JlZGVsaXZlcldlYmhvb2tSZXF1ZXN0EhkKC2RlbGl2ZXJ5X2lkGAEgASgJQgTiQQECIkkKGFJlZGVsaXZlcldlYmhvb2tSZXNwb25zZRItCghkZWxpdmVyeRgBIAEoCzIbLmFybW9pcmUudjEuV2ViaG9va0RlbGl2ZXJ5KqsBChRXZWJob29rRGVsaXZlcnlTdGF0ZRImCiJXRUJIT09LX0RFTElWRVJZX1NUQVRFX1VOU1BFQ0lGSUVEEAASIgoeV0VCSE9PS19ERUxJVkVSWV9TVEFURV9QRU5ESU5HEAESJAogV0VCSE9PS19ERUxJVkVSWV9TVEFURV9ERUxJVkVSRUQQAhIhCh1XRUJIT09LX0RFTElWRVJZX1NUQVRFX0ZBSUxFRBADQkMKDWlvLmFybW9pcmUudjFCDVdlYmhvb2tzUHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_google_api_field_behavior, file_google_protobuf_timestamp]);
var WebhookSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 0);
var CreateWebhookRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 1);
var CreateWebhookResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 2);
var ListWebhooksRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 3);
var ListWebhooksResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 4);
var DeleteWebhookRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 5);
var DeleteWebhookResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 6);
var TestWebhookRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 7);
var TestWebhookResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 8);
var WebhookDeliverySchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 9);
var ListWebhookDeliveriesRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 10);
var ListWebhookDeliveriesResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 11);
var RedeliverWebhookRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 12);
var RedeliverWebhookResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_webhooks, 13);
var WebhookDeliveryStateSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_webhooks, 0);
var WebhookDeliveryState = /* @__PURE__ */ tsEnum(WebhookDeliveryStateSchema);

// clients/typescript/lib/armoire/v1/catalog_pb.js
var file_armoire_v1_catalog = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL2NhdGFsb2cucHJvdG8SCmFybW9pcmUudjEiZQoTQXVkaXRDYXRhbG9nUmVxdWVzdBIUCgZyZXBhaXIYASABKAhCBOJBAQESGQoLYWxsX3RlbmFudHMYAiABKAhCBOJBAQESHQoPaWRlbXBvdGVuY3lfa2V5GAMgASgJQgTiQQEBIkAKFEF1ZGl0Q2F0YWxvZ1Jlc3BvbnNlEigKCW9wZXJhdGlvbhgBIAEoCzIVLmFybW9pcmUudjEuT3BlcmF0aW9uIvEBCgpDb2xsZWN0aW9uEhIKBG5hbWUYASABKAlCBOJBAQMSLgoEcm9sZRgCIAEoDjIaLmFybW9pcmUudjEuQ29sbGVjdGlvblJvbGVCBOJBAQMSGwoNbW9kZWxfdmVyc2lvbhgDIAEoCUIE4kEBAxIgChJwcmVwcm9jZXNzX3ZlcnNpb24YBCABKAlCBOJBAQMSHQoPZW1iZWRkaW5nX3dpZHRoGAUgASgFQgTiQQEDEhMKBWl0ZW1zGAYgASgDQgTiQQEDEhUKB2xhY2tpbmcYByABKANCBOJBAQMSFQoHd2FpdGluZxgIIAEoA0IE4kEBAyIYChZMaXN0Q29sbGVjdGlvbnNSZXF1ZXN0IkYKF0xpc3RDb2xsZWN0aW9uc1Jlc3BvbnNlEisKC2NvbGxlY3Rpb25zGAEgAygLMhYuYXJtb2lyZS52MS5Db2xsZWN0aW9uIooBChRTdGFydEJhY2tmaWxsUmVxdWVzdBIeChBlbWJlZGRlcl92ZXJzaW9uGAEgASgJQgTiQQEBEh8KEXBob3Rvc19wZXJfc2Vjb25kGAIgASgBQgTiQQEBEhIKBHN3YXAYAyABKAhCBOJBAQESHQoPaWRlbXBvdGVuY3lfa2V5GAQgASgJQgTiQQEBIkEKFVN0YXJ0QmFja2ZpbGxSZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbiI0ChdMaXN0SXRlbVZlcnNpb25zUmVxdWVzdBIZCgthbGxfdGVuYW50cxgBIAEoCEIE4kEBASJ3ChhMaXN0SXRlbVZlcnNpb25zUmVzcG9uc2USKAoGc2VydmVkGAEgASgLMhguYXJtb2lyZS52MS5JdGVtVmVyc2lvbnMSMQoIdmVyc2lvbnMYAiADKAsyHy5hcm1vaXJlLnYxLkNvdW50ZWRJdGVtVmVyc2lvbnMiXwoTQ291bnRlZEl0ZW1WZXJzaW9ucxIqCgh2ZXJzaW9ucxgBIAEoCzIYLmFybW9pcmUudjEuSXRlbVZlcnNpb25zEg0KBWl0ZW1zGAIgASgDEg0KBXN0YWxlGAMgASgIIp8BChNTdGFydFJlaW5kZXhSZXF1ZXN0Ei0KBXNjb3BlGAEgASgOMhguYXJtb2lyZS52MS5SZWluZGV4U2NvcGVCBOJBAQESHwoRcGhvdG9zX3Blcl9zZWNvbmQYAiABKAFCBOJBAQESGQoLYWxsX3RlbmFudHMYAyABKAhCBOJBAQESHQoPaWRlbXBvdGVuY3lfa2V5GAQgASgJQgTiQQEBIkAKFFN0YXJ0UmVpbmRleFJlc3BvbnNlEigKCW9wZXJhdGlvbhgBIAEoCzIVLmFybW9pcmUudjEuT3BlcmF0aW9uIk4KFVN3YXBDb2xsZWN0aW9uUmVxdWVzdBIYCgpjb2xsZWN0aW9uGAEgASgJQgTiQQECEhsKDWFsbG93X2xhY2tpbmcYAiABKAhCBOJBAQEiRQoWU3dhcENvbGxlY3Rpb25SZXNwb25zZRIrCgtjb2xsZWN0aW9ucxgBIAMoCzIWLmFybW9pcmUudjEuQ29sbGVjdGlvbiIxChVEcm9wQ29sbGVjdGlvblJlcXVlc3QSGAoKY29sbGVjdGlvbhgBIAEoCUIE4kEBAiIYChZEcm9wQ29sbGVjdGlvblJlc3BvbnNlIi8KE0VyYXNlUHJvZHVjdFJlcXVlc3QSGAoKcHJvZHVjdF9pZBgBIAEoCUIE4kEBAiJAChRFcmFzZVByb2R1Y3RSZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbiItChNFcmFzZUVuZFVzZXJSZXF1ZXN0EhYKCGVuZF91c2VyGAEgASgJQgTiQQECIkAKFEVyYXNlRW5kVXNlclJlc3BvbnNlEigKCW9wZXJhdGlvbhgBIAEoCzIVLmFybW9pcmUudjEuT3BlcmF0aW9uIioKEkVyYXNlVGVuYW50UmVxdWVzdBIUCgZ0ZW5hbnQYASABKAlCBOJBAQIiPwoTRXJhc2VUZW5hbnRSZXNwb25zZRIoCglvcGVyYXRpb24YASABKAsyFS5hcm1vaXJlLnYxLk9wZXJhdGlvbiIZChdHZXRDYXRhbG9nTGltaXRzUmVxdWVzdCLeBQoYR2V0Q2F0YWxvZ0xpbWl0c1Jlc3BvbnNlEhEKCW1heF90b3BfaxgBIAEoBRIVCg1tYXhfcGFnZV9zaXplGAIgASgFEh0KFW1heF9maWx0ZXJfY29uZGl0aW9ucxgDIAEoBRIZChFtYXhfZmlsdGVyX3ZhbHVlcxgEIAEoBRIWCg5tYXhfdGV4dF9jaGFycxgFIAEoBRIXCg9tYXhfaW1hZ2VfYnl0ZXMYBiABKAMSGAoQbWF4X2ltYWdlX3BpeGVscxgHIAEoAxIXCg9lbWJlZGRpbmdfd2lkdGgYCCABKAUSFQoNZmlsdGVyX2ZpZWxkcxgJIAMoCRIbChNtYXhfYm94ZXNfcGVyX2ltYWdlGAogASgFEhYKDm1heF9uYW1lX2NoYXJzGAsgASgFEh0KFW1heF9kZXNjcmlwdGlvbl9jaGFycxgMIAEoBRIVCg1tYXhfa2V5X2NoYXJzGA0gASgFEh4KFm1heF9maWx0ZXJfdmFsdWVfY2hhcnMYDiABKAUSGQoRbWluX2ltYWdlX3NpZGVfcHgYDyABKAUSGAoQbWF4X2ltYWdlX2ZyYW1lcxgQIAEoBRIeChZtYXhfcHJvZHVjdF9hdHRyaWJ1dGVzGBEgASgFEhsKE21heF9hdHRyaWJ1dGVfY2hhcnMYEiABKAUSGAoQbWF4X2ZpbHRlcl9kZXB0aBgTIAEoBRIQCghtYXhfaGl0cxgUIAEoBRIVCg1tYXhfdXJsX2NoYXJzGBUgASgFEh0KFW1heF9pbWFnZXNfcGVyX3N0cmVhbRgWIAEoBRIZChFtYXhfaW1hZ2Vfc2lkZV9weBgXIAEoBRIXCg9tYXhfaW1hZ2Vfc2NhbnMYGCABKAUSHQoVbWF4X2ltYWdlX3NjYW5fcGl4ZWxzGBkgASgDEhYKDm1heF9ib3hfcGl4ZWxzGBogASgDEhkKEW1heF9tZXNzYWdlX2J5dGVzGBsgASgDKoMBCg5Db2xsZWN0aW9uUm9sZRIfChtDT0xMRUNUSU9OX1JPTEVfVU5TUEVDSUZJRUQQABIYChRDT0xMRUNUSU9OX1JPTEVfTElWRRABEhgKFENPTExFQ1RJT05fUk9MRV9ORVhUEAISHAoYQ09MTEVDVElPTl9ST0xFX1BSRVZJT1VTEAMqngEKDFJlaW5kZXhTY29wZRIdChlSRUlOREVYX1NDT1BFX1VOU1BFQ0lGSUVEEAASFwoTUkVJTkRFWF9TQ09QRV9TVEFMRRABEhUKEVJFSU5ERVhfU0NPUEVfQUxMEAISHwobUkVJTkRFWF9TQ09QRV9QUklNQVJZX0lURU1TEAMSHgoaUkVJTkRFWF9TQ09QRV9QSE9UT19IQVNIRVMQBDK9MgoOQ2F0YWxvZ1NlcnZpY2USWwoNQ3JlYXRlUHJvZHVjdBIgLmFybW9pcmUudjEuQ3JlYXRlUHJvZHVjdFJlcXVlc3QaIS5hcm1vaXJlLnYxLkNyZWF0ZVByb2R1Y3RSZXNwb25zZSIFirUYAQMSUgoKR2V0UHJvZHVjdBIdLmFybW9pcmUudjEuR2V0UHJvZHVjdFJlcXVlc3QaHi5hcm1vaXJlLnYxLkdldFByb2R1Y3RSZXNwb25zZSIFirUYAQISWAoMTGlzdFByb2R1Y3RzEh8uYXJtb2lyZS52MS5MaXN0UHJvZHVjdHNSZXF1ZXN0GiAuYXJtb2lyZS52MS5MaXN0UHJvZHVjdHNSZXNwb25zZSIFirUYAQISWwoNVXBkYXRlUHJvZHVjdBIgLmFybW9pcmUudjEuVXBkYXRlUHJvZHVjdFJlcXVlc3QaIS5hcm1vaXJlLnYxLlVwZGF0ZVByb2R1Y3RSZXNwb25zZSIFirUYAQMSWwoNRGVsZXRlUHJvZHVjdBIgLmFybW9pcmUudjEuRGVsZXRlUHJvZHVjdFJlcXVlc3QaIS5hcm1vaXJlLnYxLkRlbGV0ZVByb2R1Y3RSZXNwb25zZSIFirUYAQMSXgoOUmVzdG9yZVByb2R1Y3QSIS5hcm1vaXJlLnYxLlJlc3RvcmVQcm9kdWN0UmVxdWVzdBoiLmFybW9pcmUudjEuUmVzdG9yZVByb2R1Y3RSZXNwb25zZSIFirUYAQMSWAoMQ3JlYXRlVXBsb2FkEh8uYXJtb2lyZS52MS5DcmVhdGVVcGxvYWRSZXF1ZXN0GiAuYXJtb2lyZS52MS5DcmVhdGVVcGxvYWRSZXNwb25zZSIFirUYAQMSUgoKSW5kZXhJbWFnZRIdLmFybW9pcmUudjEuSW5kZXhJbWFnZVJlcXVlc3QaHi5hcm1vaXJlLnYxLkluZGV4SW1hZ2VSZXNwb25zZSIFirUYAQMSVwoLSW5kZXhJbWFnZXMSHi5hcm1vaXJlLnYxLkluZGV4SW1hZ2VzUmVxdWVzdBofLmFybW9pcmUudjEuSW5kZXhJbWFnZXNSZXNwb25zZSIFirUYAQMoARJeCg5HZXRJbmRleGluZ0pvYhIhLmFybW9pcmUudjEuR2V0SW5kZXhpbmdKb2JSZXF1ZXN0GiIuYXJtb2lyZS52MS5HZXRJbmRleGluZ0pvYlJlc3BvbnNlIgWKtRgBAhJkChBMaXN0SW5kZXhpbmdKb2JzEiMuYXJtb2lyZS52MS5MaXN0SW5kZXhpbmdKb2JzUmVxdWVzdBokLmFybW9pcmUudjEuTGlzdEluZGV4aW5nSm9ic1Jlc3BvbnNlIgWKtRgBAhJmChBXYXRjaEluZGV4aW5nSm9iEiMuYXJtb2lyZS52MS5XYXRjaEluZGV4aW5nSm9iUmVxdWVzdBokLmFybW9pcmUudjEuV2F0Y2hJbmRleGluZ0pvYlJlc3BvbnNlIgWKtRgBAjABEmkKEVdhdGNoSW5kZXhpbmdKb2JzEiQuYXJtb2lyZS52MS5XYXRjaEluZGV4aW5nSm9ic1JlcXVlc3QaJS5hcm1vaXJlLnYxLldhdGNoSW5kZXhpbmdKb2JzUmVzcG9uc2UiBYq1GAECMAESZwoRQ291bnRJbmRleGluZ0pvYnMSJC5hcm1vaXJlLnYxLkNvdW50SW5kZXhpbmdKb2JzUmVxdWVzdBolLmFybW9pcmUudjEuQ291bnRJbmRleGluZ0pvYnNSZXNwb25zZSIFirUYAQISZwoRQ2FuY2VsSW5kZXhpbmdKb2ISJC5hcm1vaXJlLnYxLkNhbmNlbEluZGV4aW5nSm9iUmVxdWVzdBolLmFybW9pcmUudjEuQ2FuY2VsSW5kZXhpbmdKb2JSZXNwb25zZSIFirUYAQMSZAoQUmV0cnlJbmRleGluZ0pvYhIjLmFybW9pcmUudjEuUmV0cnlJbmRleGluZ0pvYlJlcXVlc3QaJC5hcm1vaXJlLnYxLlJldHJ5SW5kZXhpbmdKb2JSZXNwb25zZSIFirUYAQMSZwoRUmV0cnlJbmRleGluZ0pvYnMSJC5hcm1vaXJlLnYxLlJldHJ5SW5kZXhpbmdKb2JzUmVxdWVzdBolLmFybW9pcmUudjEuUmV0cnlJbmRleGluZ0pvYnNSZXNwb25zZSIFirUYAQMSagoSRGVsZXRlSW5kZXhpbmdKb2JzEiUuYXJtb2lyZS52MS5EZWxldGVJbmRleGluZ0pvYnNSZXF1ZXN0GiYuYXJtb2lyZS52MS5EZWxldGVJbmRleGluZ0pvYnNSZXNwb25zZSIFirUYAQMSTAoIR2V0SW1hZ2USGy5hcm1vaXJlLnYxLkdldEltYWdlUmVxdWVzdBocLmFybW9pcmUudjEuR2V0SW1hZ2VSZXNwb25zZSIFirUYAQISUgoKTGlzdEltYWdlcxIdLmFybW9pcmUudjEuTGlzdEltYWdlc1JlcXVlc3QaHi5hcm1vaXJlLnYxLkxpc3RJbWFnZXNSZXNwb25zZSIFirUYAQISYQoPR2V0SW1hZ2VDb250ZW50EiIuYXJtb2lyZS52MS5HZXRJbWFnZUNvbnRlbnRSZXF1ZXN0GiMuYXJtb2lyZS52MS5HZXRJbWFnZUNvbnRlbnRSZXNwb25zZSIFirUYAQISVQoLVXBkYXRlSW1hZ2USHi5hcm1vaXJlLnYxLlVwZGF0ZUltYWdlUmVxdWVzdBofLmFybW9pcmUudjEuVXBkYXRlSW1hZ2VSZXNwb25zZSIFirUYAQMSVQoLRGVsZXRlSW1hZ2USHi5hcm1vaXJlLnYxLkRlbGV0ZUltYWdlUmVxdWVzdBofLmFybW9pcmUudjEuRGVsZXRlSW1hZ2VSZXNwb25zZSIFirUYAQMSWAoMUmVzdG9yZUltYWdlEh8uYXJtb2lyZS52MS5SZXN0b3JlSW1hZ2VSZXF1ZXN0GiAuYXJtb2lyZS52MS5SZXN0b3JlSW1hZ2VSZXNwb25zZSIFirUYAQMSagoSRmluZE5lYXJEdXBsaWNhdGVzEiUuYXJtb2lyZS52MS5GaW5kTmVhckR1cGxpY2F0ZXNSZXF1ZXN0GiYuYXJtb2lyZS52MS5GaW5kTmVhckR1cGxpY2F0ZXNSZXNwb25zZSIFirUYAQISagoSTGlzdE5lYXJEdXBsaWNhdGVzEiUuYXJtb2lyZS52MS5MaXN0TmVhckR1cGxpY2F0ZXNSZXF1ZXN0GiYuYXJtb2lyZS52MS5MaXN0TmVhckR1cGxpY2F0ZXNSZXNwb25zZSIFirUYAQISSQoHR2V0SXRlbRIaLmFybW9pcmUudjEuR2V0SXRlbVJlcXVlc3QaGy5hcm1vaXJlLnYxLkdldEl0ZW1SZXNwb25zZSIFirUYAQISTwoJTGlzdEl0ZW1zEhwuYXJtb2lyZS52MS5MaXN0SXRlbXNSZXF1ZXN0Gh0uYXJtb2lyZS52MS5MaXN0SXRlbXNSZXNwb25zZSIFirUYAQISVQoLQ29ycmVjdEl0ZW0SHi5hcm1vaXJlLnYxLkNvcnJlY3RJdGVtUmVxdWVzdBofLmFybW9pcmUudjEuQ29ycmVjdEl0ZW1SZXNwb25zZSIFirUYAQQSSQoHQWRkSXRlbRIaLmFybW9pcmUudjEuQWRkSXRlbVJlcXVlc3QaGy5hcm1vaXJlLnYxLkFkZEl0ZW1SZXNwb25zZSIFirUYAQQSUgoKUmVqZWN0SXRlbRIdLmFybW9pcmUudjEuUmVqZWN0SXRlbVJlcXVlc3QaHi5hcm1vaXJlLnYxLlJlamVjdEl0ZW1SZXNwb25zZSIFirUYAQQSVQoLUmVzdG9yZUl0ZW0SHi5hcm1vaXJlLnYxLlJlc3RvcmVJdGVtUmVxdWVzdBofLmFybW9pcmUudjEuUmVzdG9yZUl0ZW1SZXNwb25zZSIFirUYAQQSXgoOU2V0UHJpbWFyeUl0ZW0SIS5hcm1vaXJlLnYxLlNldFByaW1hcnlJdGVtUmVxdWVzdBoiLmFybW9pcmUudjEuU2V0UHJpbWFyeUl0ZW1SZXNwb25zZSIFirUYAQQSUgoKVmVyaWZ5SXRlbRIdLmFybW9pcmUudjEuVmVyaWZ5SXRlbVJlcXVlc3QaHi5hcm1vaXJlLnYxLlZlcmlmeUl0ZW1SZXNwb25zZSIFirUYAQQSXgoOVW5kb0NvcnJlY3Rpb24SIS5hcm1vaXJlLnYxLlVuZG9Db3JyZWN0aW9uUmVxdWVzdBoiLmFybW9pcmUudjEuVW5kb0NvcnJlY3Rpb25SZXNwb25zZSIFirUYAQQSYgoPTGlzdENvcnJlY3Rpb25zEiIuYXJtb2lyZS52MS5MaXN0Q29ycmVjdGlvbnNSZXF1ZXN0GiMuYXJtb2lyZS52MS5MaXN0Q29ycmVjdGlvbnNSZXNwb25zZSIGirUYAgIEEmQKEExlYXNlUmV2aWV3SXRlbXMSIy5hcm1vaXJlLnYxLkxlYXNlUmV2aWV3SXRlbXNSZXF1ZXN0GiQuYXJtb2lyZS52MS5MZWFzZVJldmlld0l0ZW1zUmVzcG9uc2UiBYq1GAEEEmoKElJlbGVhc2VSZXZpZXdJdGVtcxIlLmFybW9pcmUudjEuUmVsZWFzZVJldmlld0l0ZW1zUmVxdWVzdBomLmFybW9pcmUudjEuUmVsZWFzZVJldmlld0l0ZW1zUmVzcG9uc2UiBYq1GAEEElUKC1ZlcmlmeUl0ZW1zEh4uYXJtb2lyZS52MS5WZXJpZnlJdGVtc1JlcXVlc3QaHy5hcm1vaXJlLnYxLlZlcmlmeUl0ZW1zUmVzcG9uc2UiBYq1GAEEEm4KE0dldFJldmlld1N0YXRpc3RpY3MSJi5hcm1vaXJlLnYxLkdldFJldmlld1N0YXRpc3RpY3NSZXF1ZXN0GicuYXJtb2lyZS52MS5HZXRSZXZpZXdTdGF0aXN0aWNzUmVzcG9uc2UiBoq1GAICBBJWCgtHZXRUYXhvbm9teRIeLmFybW9pcmUudjEuR2V0VGF4b25vbXlSZXF1ZXN0Gh8uYXJtb2lyZS52MS5HZXRUYXhvbm9teVJlc3BvbnNlIgaKtRgCAgQSXgoNRXhwb3J0RGF0YXNldBIgLmFybW9pcmUudjEuRXhwb3J0RGF0YXNldFJlcXVlc3QaIS5hcm1vaXJlLnYxLkV4cG9ydERhdGFzZXRSZXNwb25zZSIGirUYAgIEMAESagoSU3RhcnRDYXRhbG9nRXhwb3J0EiUuYXJtb2lyZS52MS5TdGFydENhdGFsb2dFeHBvcnRSZXF1ZXN0GiYuYXJtb2lyZS52MS5TdGFydENhdGFsb2dFeHBvcnRSZXNwb25zZSIFirUYAQIScAoUR2V0Q2F0YWxvZ0V4cG9ydFBhcnQSJy5hcm1vaXJlLnYxLkdldENhdGFsb2dFeHBvcnRQYXJ0UmVxdWVzdBooLmFybW9pcmUudjEuR2V0Q2F0YWxvZ0V4cG9ydFBhcnRSZXNwb25zZSIFirUYAQISWAoMSW1wb3J0UmV2aWV3Eh8uYXJtb2lyZS52MS5JbXBvcnRSZXZpZXdSZXF1ZXN0GiAuYXJtb2lyZS52MS5JbXBvcnRSZXZpZXdSZXNwb25zZSIFirUYAQQSRgoGU2VhcmNoEhkuYXJtb2lyZS52MS5TZWFyY2hSZXF1ZXN0GhouYXJtb2lyZS52MS5TZWFyY2hSZXNwb25zZSIFirUYAQISVQoLU3RhcnRJbXBvcnQSHi5hcm1vaXJlLnYxLlN0YXJ0SW1wb3J0UmVxdWVzdBofLmFybW9pcmUudjEuU3RhcnRJbXBvcnRSZXNwb25zZSIFirUYAQMSXQoNSW1wb3J0RW50cmllcxIgLmFybW9pcmUudjEuSW1wb3J0RW50cmllc1JlcXVlc3QaIS5hcm1vaXJlLnYxLkltcG9ydEVudHJpZXNSZXNwb25zZSIFirUYAQMoARJYCgxGaW5pc2hJbXBvcnQSHy5hcm1vaXJlLnYxLkZpbmlzaEltcG9ydFJlcXVlc3QaIC5hcm1vaXJlLnYxLkZpbmlzaEltcG9ydFJlc3BvbnNlIgWKtRgBAxJqChJMaXN0SW1wb3J0RmFpbHVyZXMSJS5hcm1vaXJlLnYxLkxpc3RJbXBvcnRGYWlsdXJlc1JlcXVlc3QaJi5hcm1vaXJlLnYxLkxpc3RJbXBvcnRGYWlsdXJlc1Jlc3BvbnNlIgWKtRgBAhJhCg9SZWFkUHJvZHVjdFBhZ2USIi5hcm1vaXJlLnYxLlJlYWRQcm9kdWN0UGFnZVJlcXVlc3QaIy5hcm1vaXJlLnYxLlJlYWRQcm9kdWN0UGFnZVJlc3BvbnNlIgWKtRgBAxJYCgxBdWRpdENhdGFsb2cSHy5hcm1vaXJlLnYxLkF1ZGl0Q2F0YWxvZ1JlcXVlc3QaIC5hcm1vaXJlLnYxLkF1ZGl0Q2F0YWxvZ1Jlc3BvbnNlIgWKtRgBBRJlCg9MaXN0Q29sbGVjdGlvbnMSIi5hcm1vaXJlLnYxLkxpc3RDb2xsZWN0aW9uc1JlcXVlc3QaIy5hcm1vaXJlLnYxLkxpc3RDb2xsZWN0aW9uc1Jlc3BvbnNlIgmKtRgBBZC1GAESXwoNU3RhcnRCYWNrZmlsbBIgLmFybW9pcmUudjEuU3RhcnRCYWNrZmlsbFJlcXVlc3QaIS5hcm1vaXJlLnYxLlN0YXJ0QmFja2ZpbGxSZXNwb25zZSIJirUYAQWQtRgBEmQKEExpc3RJdGVtVmVyc2lvbnMSIy5hcm1vaXJlLnYxLkxpc3RJdGVtVmVyc2lvbnNSZXF1ZXN0GiQuYXJtb2lyZS52MS5MaXN0SXRlbVZlcnNpb25zUmVzcG9uc2UiBYq1GAEFElgKDFN0YXJ0UmVpbmRleBIfLmFybW9pcmUudjEuU3RhcnRSZWluZGV4UmVxdWVzdBogLmFybW9pcmUudjEuU3RhcnRSZWluZGV4UmVzcG9uc2UiBYq1GAEFEmIKDlN3YXBDb2xsZWN0aW9uEiEuYXJtb2lyZS52MS5Td2FwQ29sbGVjdGlvblJlcXVlc3QaIi5hcm1vaXJlLnYxLlN3YXBDb2xsZWN0aW9uUmVzcG9uc2UiCYq1GAEFkLUYARJiCg5Ecm9wQ29sbGVjdGlvbhIhLmFybW9pcmUudjEuRHJvcENvbGxlY3Rpb25SZXF1ZXN0GiIuYXJtb2lyZS52MS5Ecm9wQ29sbGVjdGlvblJlc3BvbnNlIgmKtRgBBZC1GAESWAoMRXJhc2VQcm9kdWN0Eh8uYXJtb2lyZS52MS5FcmFzZVByb2R1Y3RSZXF1ZXN0GiAuYXJtb2lyZS52MS5FcmFzZVByb2R1Y3RSZXNwb25zZSIFirUYAQUSWAoMRXJhc2VFbmRVc2VyEh8uYXJtb2lyZS52MS5FcmFzZUVuZFVzZXJSZXF1ZXN0GiAuYXJtb2lyZS52MS5FcmFzZUVuZFVzZXJSZXNwb25zZSIFirUYAQUSWQoLRXJhc2VUZW5hbnQSHi5hcm1vaXJlLnYxLkVyYXNlVGVuYW50UmVxdWVzdBofLmFybW9pcmUudjEuRXJhc2VUZW5hbnRSZXNwb25zZSIJirUYAQWQtRgBElsKDUNyZWF0ZVdlYmhvb2sSIC5hcm1vaXJlLnYxLkNyZWF0ZVdlYmhvb2tSZXF1ZXN0GiEuYXJtb2lyZS52MS5DcmVhdGVXZWJob29rUmVzcG9uc2UiBYq1GAEFElgKDExpc3RXZWJob29rcxIfLmFybW9pcmUudjEuTGlzdFdlYmhvb2tzUmVxdWVzdBogLmFybW9pcmUudjEuTGlzdFdlYmhvb2tzUmVzcG9uc2UiBYq1GAEFElsKDURlbGV0ZVdlYmhvb2sSIC5hcm1vaXJlLnYxLkRlbGV0ZVdlYmhvb2tSZXF1ZXN0GiEuYXJtb2lyZS52MS5EZWxldGVXZWJob29rUmVzcG9uc2UiBYq1GAEFElUKC1Rlc3RXZWJob29rEh4uYXJtb2lyZS52MS5UZXN0V2ViaG9va1JlcXVlc3QaHy5hcm1vaXJlLnYxLlRlc3RXZWJob29rUmVzcG9uc2UiBYq1GAEFEnMKFUxpc3RXZWJob29rRGVsaXZlcmllcxIoLmFybW9pcmUudjEuTGlzdFdlYmhvb2tEZWxpdmVyaWVzUmVxdWVzdBopLmFybW9pcmUudjEuTGlzdFdlYmhvb2tEZWxpdmVyaWVzUmVzcG9uc2UiBYq1GAEFEmQKEFJlZGVsaXZlcldlYmhvb2sSIy5hcm1vaXJlLnYxLlJlZGVsaXZlcldlYmhvb2tSZXF1ZXN0GiQuYXJtb2lyZS52MS5SZWRlbGl2ZXJXZWJob29rUmVzcG9uc2UiBYq1GAEFEmQKEEdldENhdGFsb2dMaW1pdHMSIy5hcm1vaXJlLnYxLkdldENhdGFsb2dMaW1pdHNSZXF1ZXN0GiQuYXJtb2lyZS52MS5HZXRDYXRhbG9nTGltaXRzUmVzcG9uc2UiBYq1GAECQkIKDWlvLmFybW9pcmUudjFCDENhdGFsb2dQcm90b1ABWhRhcm1vaXJlL3YxO2FybW9pcmV2MaoCCkFybW9pcmUuVjFiBnByb3RvMw", [file_armoire_v1_access, file_armoire_v1_corrections, file_armoire_v1_duplicates, file_armoire_v1_exports, file_armoire_v1_images, file_armoire_v1_imports, file_armoire_v1_indexing, file_armoire_v1_items, file_armoire_v1_operations, file_armoire_v1_products, file_armoire_v1_reviews, file_armoire_v1_search, file_armoire_v1_uploads, file_armoire_v1_webhooks, file_google_api_field_behavior]);
var AuditCatalogRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 0);
var AuditCatalogResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 1);
var CollectionSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 2);
var ListCollectionsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 3);
var ListCollectionsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 4);
var StartBackfillRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 5);
var StartBackfillResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 6);
var ListItemVersionsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 7);
var ListItemVersionsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 8);
var CountedItemVersionsSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 9);
var StartReindexRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 10);
var StartReindexResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 11);
var SwapCollectionRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 12);
var SwapCollectionResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 13);
var DropCollectionRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 14);
var DropCollectionResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 15);
var EraseProductRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 16);
var EraseProductResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 17);
var EraseEndUserRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 18);
var EraseEndUserResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 19);
var EraseTenantRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 20);
var EraseTenantResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 21);
var GetCatalogLimitsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 22);
var GetCatalogLimitsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_catalog, 23);
var CollectionRoleSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_catalog, 0);
var CollectionRole = /* @__PURE__ */ tsEnum(CollectionRoleSchema);
var ReindexScopeSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_catalog, 1);
var ReindexScope = /* @__PURE__ */ tsEnum(ReindexScopeSchema);
var CatalogService = /* @__PURE__ */ serviceDesc(file_armoire_v1_catalog, 0);

// clients/typescript/lib/armoire/v1/account_pb.js
var file_armoire_v1_account = /* @__PURE__ */ fileDesc("Chhhcm1vaXJlL3YxL2FjY291bnQucHJvdG8SCmFybW9pcmUudjEiPAoNU2lnbkluUmVxdWVzdBITCgVlbWFpbBgBIAEoCUIE4kEBAhIWCghwYXNzd29yZBgCIAEoCUIE4kEBAiJhCg5TaWduSW5SZXNwb25zZRIeCgR1c2VyGAEgASgLMhAuYXJtb2lyZS52MS5Vc2VyEi8KC2V4cGlyZV90aW1lGAIgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCIQCg5TaWduT3V0UmVxdWVzdCIRCg9TaWduT3V0UmVzcG9uc2UiDgoMR2V0TWVSZXF1ZXN0InMKDUdldE1lUmVzcG9uc2USHgoEdXNlchgBIAEoCzIQLmFybW9pcmUudjEuVXNlchIPCgdzdWJqZWN0GAIgASgJEg4KBnRlbmFudBgDIAEoCRIhCgZzY29wZXMYBCADKA4yES5hcm1vaXJlLnYxLlNjb3BlIlMKFUNoYW5nZVBhc3N3b3JkUmVxdWVzdBIeChBjdXJyZW50X3Bhc3N3b3JkGAEgASgJQgTiQQECEhoKDG5ld19wYXNzd29yZBgCIAEoCUIE4kEBAiJJChZDaGFuZ2VQYXNzd29yZFJlc3BvbnNlEi8KC2V4cGlyZV90aW1lGAEgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcCJGChdBY2NlcHRJbnZpdGF0aW9uUmVxdWVzdBITCgV0b2tlbhgBIAEoCUIE4kEBAhIWCghwYXNzd29yZBgCIAEoCUIE4kEBAiI6ChhBY2NlcHRJbnZpdGF0aW9uUmVzcG9uc2USHgoEdXNlchgBIAEoCzIQLmFybW9pcmUudjEuVXNlciJHChRSZXNldFBhc3N3b3JkUmVxdWVzdBITCgV0b2tlbhgBIAEoCUIE4kEBAhIaCgxuZXdfcGFzc3dvcmQYAiABKAlCBOJBAQIiNwoVUmVzZXRQYXNzd29yZFJlc3BvbnNlEh4KBHVzZXIYASABKAsyEC5hcm1vaXJlLnYxLlVzZXIyjwQKDkFjY291bnRTZXJ2aWNlEkUKBlNpZ25JbhIZLmFybW9pcmUudjEuU2lnbkluUmVxdWVzdBoaLmFybW9pcmUudjEuU2lnbkluUmVzcG9uc2UiBJi1GAESSAoHU2lnbk91dBIaLmFybW9pcmUudjEuU2lnbk91dFJlcXVlc3QaGy5hcm1vaXJlLnYxLlNpZ25PdXRSZXNwb25zZSIEmLUYARJHCgVHZXRNZRIYLmFybW9pcmUudjEuR2V0TWVSZXF1ZXN0GhkuYXJtb2lyZS52MS5HZXRNZVJlc3BvbnNlIgmKtRgFAQIDBAUSYgoOQ2hhbmdlUGFzc3dvcmQSIS5hcm1vaXJlLnYxLkNoYW5nZVBhc3N3b3JkUmVxdWVzdBoiLmFybW9pcmUudjEuQ2hhbmdlUGFzc3dvcmRSZXNwb25zZSIJirUYBQECAwQFEmMKEEFjY2VwdEludml0YXRpb24SIy5hcm1vaXJlLnYxLkFjY2VwdEludml0YXRpb25SZXF1ZXN0GiQuYXJtb2lyZS52MS5BY2NlcHRJbnZpdGF0aW9uUmVzcG9uc2UiBJi1GAESWgoNUmVzZXRQYXNzd29yZBIgLmFybW9pcmUudjEuUmVzZXRQYXNzd29yZFJlcXVlc3QaIS5hcm1vaXJlLnYxLlJlc2V0UGFzc3dvcmRSZXNwb25zZSIEmLUYAUJCCg1pby5hcm1vaXJlLnYxQgxBY2NvdW50UHJvdG9QAVoUYXJtb2lyZS92MTthcm1vaXJldjGqAgpBcm1vaXJlLlYxYgZwcm90bzM", [file_armoire_v1_access, file_armoire_v1_users, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var SignInRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 0);
var SignInResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 1);
var SignOutRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 2);
var SignOutResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 3);
var GetMeRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 4);
var GetMeResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 5);
var ChangePasswordRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 6);
var ChangePasswordResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 7);
var AcceptInvitationRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 8);
var AcceptInvitationResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 9);
var ResetPasswordRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 10);
var ResetPasswordResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_account, 11);
var AccountService = /* @__PURE__ */ serviceDesc(file_armoire_v1_account, 0);

// clients/typescript/lib/armoire/v1/models_pb.js
var file_armoire_v1_models = /* @__PURE__ */ fileDesc("Chdhcm1vaXJlL3YxL21vZGVscy5wcm90bxIKYXJtb2lyZS52MSIrChBMb2FkTW9kZWxSZXF1ZXN0EhcKCXJlZmVyZW5jZRgBIAEoCUIE4kEBAiI2ChFMb2FkTW9kZWxSZXNwb25zZRIhCgZtb2RlbHMYASADKAsyES5hcm1vaXJlLnYxLk1vZGVsIisKElVubG9hZE1vZGVsUmVxdWVzdBIVCgd2ZXJzaW9uGAEgASgJQgTiQQECIhUKE1VubG9hZE1vZGVsUmVzcG9uc2UigAEKFFNldE1vZGVsQWxpYXNSZXF1ZXN0EhMKBWFsaWFzGAEgASgJQgTiQQECEhUKB3ZlcnNpb24YAiABKAlCBOJBAQISPAoPcmVxdWlyZWRfc2hhZG93GAMgASgLMh0uYXJtb2lyZS52MS5TaGFkb3dSZXF1aXJlbWVudEIE4kEBASJtChFTaGFkb3dSZXF1aXJlbWVudBIaCgxtaW5fZ2FybWVudHMYASABKANCBOJBAQISIQoTbWluX2xhYmVsX2FncmVlbWVudBgCIAEoAUIE4kEBARIZCgttaW5fb3ZlcmxhcBgDIAEoAUIE4kEBASJUChVTZXRNb2RlbEFsaWFzUmVzcG9uc2USGAoQcHJldmlvdXNfdmVyc2lvbhgBIAEoCRIhCgZtb2RlbHMYAiADKAsyES5hcm1vaXJlLnYxLk1vZGVsIlkKF0RlbGV0ZU1vZGVsQWxpYXNSZXF1ZXN0EhMKBWFsaWFzGAEgASgJQgTiQQECEikKBHRhc2sYAiABKA4yFS5hcm1vaXJlLnYxLk1vZGVsVGFza0IE4kEBAiIaChhEZWxldGVNb2RlbEFsaWFzUmVzcG9uc2UivgEKCk1vZGVsRXZlbnQSKAoEdGltZRgBIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXASKAoEa2luZBgCIAEoDjIaLmFybW9pcmUudjEuTW9kZWxFdmVudEtpbmQSDwoHdmVyc2lvbhgDIAEoCRINCgVhbGlhcxgEIAEoCRIYChBwcmV2aW91c192ZXJzaW9uGAUgASgJEhEKCXJlZmVyZW5jZRgGIAEoCRIPCgdtZXNzYWdlGAcgASgJIhgKFkdldFNoYWRvd1JlcG9ydFJlcXVlc3Qi+wEKF0dldFNoYWRvd1JlcG9ydFJlc3BvbnNlEhQKDGxpdmVfdmVyc2lvbhgBIAEoCRIZChFjYW5kaWRhdGVfdmVyc2lvbhgCIAEoCRIuCgpzdGFydF90aW1lGAMgASgLMhouZ29vZ2xlLnByb3RvYnVmLlRpbWVzdGFtcBIOCgZwaG90b3MYBCABKAMSDwoHZHJvcHBlZBgFIAEoAxIOCgZmYWlsZWQYBiABKAMSEAoIZ2FybWVudHMYByABKAMSEwoLc2FtZV9sYWJlbHMYCCABKAMSFgoObmVpZ2hib3VyaG9vZHMYCSABKAMSDwoHb3ZlcmxhcBgKIAEoASJLChZMaXN0TW9kZWxFdmVudHNSZXF1ZXN0EhcKCXBhZ2Vfc2l6ZRgBIAEoBUIE4kEBARIYCgpwYWdlX3Rva2VuGAIgASgJQgTiQQEBIloKF0xpc3RNb2RlbEV2ZW50c1Jlc3BvbnNlEiYKBmV2ZW50cxgBIAMoCzIWLmFybW9pcmUudjEuTW9kZWxFdmVudBIXCg9uZXh0X3BhZ2VfdG9rZW4YAiABKAkq1AEKDk1vZGVsRXZlbnRLaW5kEiAKHE1PREVMX0VWRU5UX0tJTkRfVU5TUEVDSUZJRUQQABIbChdNT0RFTF9FVkVOVF9LSU5EX0xPQURFRBABEh0KGU1PREVMX0VWRU5UX0tJTkRfVU5MT0FERUQQAhIeChpNT0RFTF9FVkVOVF9LSU5EX0FMSUFTX1NFVBADEiIKHk1PREVMX0VWRU5UX0tJTkRfQUxJQVNfREVMRVRFRBAEEiAKHE1PREVMX0VWRU5UX0tJTkRfTE9BRF9GQUlMRUQQBTLXBAoMTW9kZWxTZXJ2aWNlElMKCUxvYWRNb2RlbBIcLmFybW9pcmUudjEuTG9hZE1vZGVsUmVxdWVzdBodLmFybW9pcmUudjEuTG9hZE1vZGVsUmVzcG9uc2UiCYq1GAEFkLUYARJZCgtVbmxvYWRNb2RlbBIeLmFybW9pcmUudjEuVW5sb2FkTW9kZWxSZXF1ZXN0Gh8uYXJtb2lyZS52MS5VbmxvYWRNb2RlbFJlc3BvbnNlIgmKtRgBBZC1GAESXwoNU2V0TW9kZWxBbGlhcxIgLmFybW9pcmUudjEuU2V0TW9kZWxBbGlhc1JlcXVlc3QaIS5hcm1vaXJlLnYxLlNldE1vZGVsQWxpYXNSZXNwb25zZSIJirUYAQWQtRgBEmgKEERlbGV0ZU1vZGVsQWxpYXMSIy5hcm1vaXJlLnYxLkRlbGV0ZU1vZGVsQWxpYXNSZXF1ZXN0GiQuYXJtb2lyZS52MS5EZWxldGVNb2RlbEFsaWFzUmVzcG9uc2UiCYq1GAEFkLUYARJlCg9HZXRTaGFkb3dSZXBvcnQSIi5hcm1vaXJlLnYxLkdldFNoYWRvd1JlcG9ydFJlcXVlc3QaIy5hcm1vaXJlLnYxLkdldFNoYWRvd1JlcG9ydFJlc3BvbnNlIgmKtRgBBZC1GAESZQoPTGlzdE1vZGVsRXZlbnRzEiIuYXJtb2lyZS52MS5MaXN0TW9kZWxFdmVudHNSZXF1ZXN0GiMuYXJtb2lyZS52MS5MaXN0TW9kZWxFdmVudHNSZXNwb25zZSIJirUYAQWQtRgBQkEKDWlvLmFybW9pcmUudjFCC01vZGVsc1Byb3RvUAFaFGFybW9pcmUvdjE7YXJtb2lyZXYxqgIKQXJtb2lyZS5WMWIGcHJvdG8z", [file_armoire_v1_access, file_armoire_v1_inference, file_google_api_field_behavior, file_google_protobuf_timestamp]);
var LoadModelRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 0);
var LoadModelResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 1);
var UnloadModelRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 2);
var UnloadModelResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 3);
var SetModelAliasRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 4);
var ShadowRequirementSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 5);
var SetModelAliasResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 6);
var DeleteModelAliasRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 7);
var DeleteModelAliasResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 8);
var ModelEventSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 9);
var GetShadowReportRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 10);
var GetShadowReportResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 11);
var ListModelEventsRequestSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 12);
var ListModelEventsResponseSchema = /* @__PURE__ */ messageDesc(file_armoire_v1_models, 13);
var ModelEventKindSchema = /* @__PURE__ */ enumDesc(file_armoire_v1_models, 0);
var ModelEventKind = /* @__PURE__ */ tsEnum(ModelEventKindSchema);
var ModelService = /* @__PURE__ */ serviceDesc(file_armoire_v1_models, 0);

// node_modules/@connectrpc/connect-web/dist/esm/assert-fetch-api.js
function assertFetchApi() {
  try {
    new Headers();
  } catch (_) {
    throw new Error("connect-web requires the fetch API. Are you running on an old version of Node.js? Node.js is not supported in Connect for Web - please stay tuned for Connect for Node.");
  }
}

// node_modules/@connectrpc/connect-web/dist/esm/connect-transport.js
var __await3 = function(v) {
  return this instanceof __await3 ? (this.v = v, this) : new __await3(v);
};
var __asyncGenerator3 = function(thisArg, _arguments, generator) {
  if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
  var g = generator.apply(thisArg, _arguments || []), i, q = [];
  return i = Object.create((typeof AsyncIterator === "function" ? AsyncIterator : Object).prototype), verb("next"), verb("throw"), verb("return", awaitReturn), i[Symbol.asyncIterator] = function() {
    return this;
  }, i;
  function awaitReturn(f) {
    return function(v) {
      return Promise.resolve(v).then(f, reject);
    };
  }
  function verb(n, f) {
    if (g[n]) {
      i[n] = function(v) {
        return new Promise(function(a, b) {
          q.push([n, v, a, b]) > 1 || resume(n, v);
        });
      };
      if (f) i[n] = f(i[n]);
    }
  }
  function resume(n, v) {
    try {
      step(g[n](v));
    } catch (e) {
      settle(q[0][3], e);
    }
  }
  function step(r) {
    r.value instanceof __await3 ? Promise.resolve(r.value.v).then(fulfill, reject) : settle(q[0][2], r);
  }
  function fulfill(value) {
    resume("next", value);
  }
  function reject(value) {
    resume("throw", value);
  }
  function settle(f, v) {
    if (f(v), q.shift(), q.length) resume(q[0][0], q[0][1]);
  }
};
var fetchOptions = {
  redirect: "error"
};
function createConnectTransport(options) {
  var _a;
  assertFetchApi();
  const useBinaryFormat = (_a = options.useBinaryFormat) !== null && _a !== void 0 ? _a : false;
  return {
    async unary(method, signal, timeoutMs, header, message, contextValues) {
      const { serialize, parse } = createClientMethodSerializers(method, useBinaryFormat, options.jsonOptions, options.binaryOptions);
      timeoutMs = timeoutMs === void 0 ? options.defaultTimeoutMs : timeoutMs <= 0 ? void 0 : timeoutMs;
      return await runUnaryCall({
        interceptors: options.interceptors,
        signal,
        timeoutMs,
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: createMethodUrl(options.baseUrl, method),
          header: requestHeader(method.methodKind, useBinaryFormat, timeoutMs, header, false),
          contextValues: contextValues !== null && contextValues !== void 0 ? contextValues : createContextValues(),
          message
        },
        next: async (req) => {
          var _a2;
          const useGet = options.useHttpGet === true && method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS;
          let body = null;
          if (useGet) {
            req = transformConnectPostToGetRequest(req, serialize(req.message), useBinaryFormat);
          } else {
            body = serialize(req.message);
          }
          const fetch = (_a2 = options.fetch) !== null && _a2 !== void 0 ? _a2 : globalThis.fetch;
          const response = await fetch(req.url, Object.assign(Object.assign({}, fetchOptions), { method: req.requestMethod, headers: req.header, signal: req.signal, body }));
          const { isUnaryError, unaryError } = validateResponse(method.methodKind, useBinaryFormat, response.status, response.headers);
          if (isUnaryError) {
            throw errorFromJson(await response.json(), appendHeaders(...trailerDemux(response.headers)), unaryError);
          }
          const [demuxedHeader, demuxedTrailer] = trailerDemux(response.headers);
          return {
            stream: false,
            service: method.parent,
            method,
            header: demuxedHeader,
            message: useBinaryFormat ? parse(new Uint8Array(await response.arrayBuffer())) : fromJson(method.output, await response.json(), getJsonOptions(options.jsonOptions)),
            trailer: demuxedTrailer
          };
        }
      });
    },
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const { serialize, parse } = createClientMethodSerializers(method, useBinaryFormat, options.jsonOptions, options.binaryOptions);
      function parseResponseBody(body, trailerTarget, header2, signal2) {
        return __asyncGenerator3(this, arguments, function* parseResponseBody_1() {
          const reader = createEnvelopeReadableStream(body).getReader();
          let endStreamReceived = false;
          for (; ; ) {
            const result = yield __await3(reader.read());
            if (result.done) {
              break;
            }
            const { flags, data } = result.value;
            if ((flags & compressedFlag) === compressedFlag) {
              throw new ConnectError(`protocol error: received unsupported compressed output`, Code.Internal);
            }
            if ((flags & endStreamFlag) === endStreamFlag) {
              endStreamReceived = true;
              const endStream = endStreamFromJson(data);
              if (endStream.error) {
                const error = endStream.error;
                header2.forEach((value, key) => {
                  error.metadata.append(key, value);
                });
                throw error;
              }
              endStream.metadata.forEach((value, key) => trailerTarget.set(key, value));
              continue;
            }
            yield yield __await3(parse(data));
          }
          if ("throwIfAborted" in signal2) {
            signal2.throwIfAborted();
          }
          if (!endStreamReceived) {
            throw "missing EndStreamResponse";
          }
        });
      }
      async function createRequestBody(input2) {
        if (method.methodKind != "server_streaming") {
          throw "The fetch API does not support streaming request bodies";
        }
        const r = await input2[Symbol.asyncIterator]().next();
        if (r.done == true) {
          throw "missing request message";
        }
        return encodeEnvelope(0, serialize(r.value));
      }
      timeoutMs = timeoutMs === void 0 ? options.defaultTimeoutMs : timeoutMs <= 0 ? void 0 : timeoutMs;
      return await runStreamingCall({
        interceptors: options.interceptors,
        timeoutMs,
        signal,
        req: {
          stream: true,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: createMethodUrl(options.baseUrl, method),
          header: requestHeader(method.methodKind, useBinaryFormat, timeoutMs, header, false),
          contextValues: contextValues !== null && contextValues !== void 0 ? contextValues : createContextValues(),
          message: input
        },
        next: async (req) => {
          var _a2;
          const fetch = (_a2 = options.fetch) !== null && _a2 !== void 0 ? _a2 : globalThis.fetch;
          const fRes = await fetch(req.url, Object.assign(Object.assign({}, fetchOptions), { method: req.requestMethod, headers: req.header, signal: req.signal, body: await createRequestBody(req.message) }));
          validateResponse(method.methodKind, useBinaryFormat, fRes.status, fRes.headers);
          if (fRes.body === null) {
            throw "missing response body";
          }
          const trailer = new Headers();
          const res = Object.assign(Object.assign({}, req), { header: fRes.headers, trailer, message: parseResponseBody(fRes.body, trailer, fRes.headers, req.signal) });
          return res;
        }
      });
    }
  };
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc/validate-trailer.js
function validateTrailer(trailer, header) {
  const err = findTrailerError(trailer);
  if (err) {
    header.forEach((value, key) => {
      err.metadata.append(key, value);
    });
    throw err;
  }
  if (!header.has(headerGrpcStatus) && !trailer.has(headerGrpcStatus)) {
    throw new ConnectError("protocol error: missing status", Code.Internal);
  }
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc-web/request-header.js
function requestHeader2(useBinaryFormat, timeoutMs, userProvidedHeaders, setUserAgent) {
  var _a, _b;
  const result = new Headers(userProvidedHeaders !== null && userProvidedHeaders !== void 0 ? userProvidedHeaders : {});
  result.set(headerContentType, useBinaryFormat ? contentTypeProto : contentTypeJson);
  result.set(headerXGrpcWeb, "1");
  const userAgent = (_b = (_a = result.get(headerUserAgent)) !== null && _a !== void 0 ? _a : result.get(headerXUserAgent)) !== null && _b !== void 0 ? _b : "connect-es/2.0.4";
  result.set(headerXUserAgent, userAgent);
  if (setUserAgent) {
    result.set(headerUserAgent, userAgent);
  }
  if (timeoutMs !== void 0) {
    result.set(headerTimeout, `${timeoutMs}m`);
  }
  return result;
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc/http-status.js
function codeFromHttpStatus2(httpStatus) {
  switch (httpStatus) {
    case 400:
      return Code.Internal;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.Unimplemented;
    case 429:
      return Code.Unavailable;
    case 502:
      return Code.Unavailable;
    case 503:
      return Code.Unavailable;
    case 504:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}

// node_modules/@connectrpc/connect/dist/esm/protocol-grpc-web/validate-response.js
function validateResponse2(status, headers) {
  var _a;
  if (status >= 200 && status < 300) {
    return {
      foundStatus: headers.has(headerGrpcStatus),
      headerError: findTrailerError(headers)
    };
  }
  throw new ConnectError(decodeURIComponent((_a = headers.get(headerGrpcMessage)) !== null && _a !== void 0 ? _a : `HTTP ${status}`), codeFromHttpStatus2(status), headers);
}

// node_modules/@connectrpc/connect-web/dist/esm/grpc-web-transport.js
var __await4 = function(v) {
  return this instanceof __await4 ? (this.v = v, this) : new __await4(v);
};
var __asyncGenerator4 = function(thisArg, _arguments, generator) {
  if (!Symbol.asyncIterator) throw new TypeError("Symbol.asyncIterator is not defined.");
  var g = generator.apply(thisArg, _arguments || []), i, q = [];
  return i = Object.create((typeof AsyncIterator === "function" ? AsyncIterator : Object).prototype), verb("next"), verb("throw"), verb("return", awaitReturn), i[Symbol.asyncIterator] = function() {
    return this;
  }, i;
  function awaitReturn(f) {
    return function(v) {
      return Promise.resolve(v).then(f, reject);
    };
  }
  function verb(n, f) {
    if (g[n]) {
      i[n] = function(v) {
        return new Promise(function(a, b) {
          q.push([n, v, a, b]) > 1 || resume(n, v);
        });
      };
      if (f) i[n] = f(i[n]);
    }
  }
  function resume(n, v) {
    try {
      step(g[n](v));
    } catch (e) {
      settle(q[0][3], e);
    }
  }
  function step(r) {
    r.value instanceof __await4 ? Promise.resolve(r.value.v).then(fulfill, reject) : settle(q[0][2], r);
  }
  function fulfill(value) {
    resume("next", value);
  }
  function reject(value) {
    resume("throw", value);
  }
  function settle(f, v) {
    if (f(v), q.shift(), q.length) resume(q[0][0], q[0][1]);
  }
};
var fetchOptions2 = {
  redirect: "error"
};
function createGrpcWebTransport(options) {
  var _a;
  assertFetchApi();
  const useBinaryFormat = (_a = options.useBinaryFormat) !== null && _a !== void 0 ? _a : true;
  return {
    async unary(method, signal, timeoutMs, header, message, contextValues) {
      const { serialize, parse } = createClientMethodSerializers(method, useBinaryFormat, options.jsonOptions, options.binaryOptions);
      timeoutMs = timeoutMs === void 0 ? options.defaultTimeoutMs : timeoutMs <= 0 ? void 0 : timeoutMs;
      return await runUnaryCall({
        interceptors: options.interceptors,
        signal,
        timeoutMs,
        req: {
          stream: false,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: createMethodUrl(options.baseUrl, method),
          header: requestHeader2(useBinaryFormat, timeoutMs, header, false),
          contextValues: contextValues !== null && contextValues !== void 0 ? contextValues : createContextValues(),
          message
        },
        next: async (req) => {
          var _a2;
          const fetch = (_a2 = options.fetch) !== null && _a2 !== void 0 ? _a2 : globalThis.fetch;
          const response = await fetch(req.url, Object.assign(Object.assign({}, fetchOptions2), { method: req.requestMethod, headers: req.header, signal: req.signal, body: encodeEnvelope(0, serialize(req.message)) }));
          const { headerError } = validateResponse2(response.status, response.headers);
          if (!response.body) {
            if (headerError !== void 0)
              throw headerError;
            throw "missing response body";
          }
          const reader = createEnvelopeReadableStream(response.body).getReader();
          let trailer;
          let message2;
          for (; ; ) {
            const r = await reader.read();
            if (r.done) {
              break;
            }
            const { flags, data } = r.value;
            if ((flags & compressedFlag) === compressedFlag) {
              throw new ConnectError(`protocol error: received unsupported compressed output`, Code.Internal);
            }
            if (flags === trailerFlag) {
              if (trailer !== void 0) {
                throw "extra trailer";
              }
              trailer = trailerParse(data);
              continue;
            }
            if (message2 !== void 0) {
              throw new ConnectError("extra message", Code.Unimplemented);
            }
            message2 = parse(data);
          }
          if (trailer === void 0) {
            if (headerError !== void 0)
              throw headerError;
            throw new ConnectError("missing trailer", response.headers.has(headerGrpcStatus) ? Code.Unimplemented : Code.Unknown);
          }
          validateTrailer(trailer, response.headers);
          if (message2 === void 0) {
            throw new ConnectError("missing message", trailer.has(headerGrpcStatus) ? Code.Unimplemented : Code.Unknown);
          }
          return {
            stream: false,
            service: method.parent,
            method,
            header: response.headers,
            message: message2,
            trailer
          };
        }
      });
    },
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      const { serialize, parse } = createClientMethodSerializers(method, useBinaryFormat, options.jsonOptions, options.binaryOptions);
      function parseResponseBody(body, foundStatus, trailerTarget, header2, signal2) {
        return __asyncGenerator4(this, arguments, function* parseResponseBody_1() {
          const reader = createEnvelopeReadableStream(body).getReader();
          if (foundStatus) {
            if (!(yield __await4(reader.read())).done) {
              throw "extra data for trailers-only";
            }
            return yield __await4(void 0);
          }
          let trailerReceived = false;
          for (; ; ) {
            const result = yield __await4(reader.read());
            if (result.done) {
              break;
            }
            const { flags, data } = result.value;
            if ((flags & trailerFlag) === trailerFlag) {
              if (trailerReceived) {
                throw "extra trailer";
              }
              trailerReceived = true;
              const trailer = trailerParse(data);
              validateTrailer(trailer, header2);
              trailer.forEach((value, key) => trailerTarget.set(key, value));
              continue;
            }
            if (trailerReceived) {
              throw "extra message";
            }
            yield yield __await4(parse(data));
          }
          if ("throwIfAborted" in signal2) {
            signal2.throwIfAborted();
          }
          if (!trailerReceived) {
            throw "missing trailer";
          }
        });
      }
      async function createRequestBody(input2) {
        if (method.methodKind != "server_streaming") {
          throw "The fetch API does not support streaming request bodies";
        }
        const r = await input2[Symbol.asyncIterator]().next();
        if (r.done == true) {
          throw "missing request message";
        }
        return encodeEnvelope(0, serialize(r.value));
      }
      timeoutMs = timeoutMs === void 0 ? options.defaultTimeoutMs : timeoutMs <= 0 ? void 0 : timeoutMs;
      return runStreamingCall({
        interceptors: options.interceptors,
        signal,
        timeoutMs,
        req: {
          stream: true,
          service: method.parent,
          method,
          requestMethod: "POST",
          url: createMethodUrl(options.baseUrl, method),
          header: requestHeader2(useBinaryFormat, timeoutMs, header, false),
          contextValues: contextValues !== null && contextValues !== void 0 ? contextValues : createContextValues(),
          message: input
        },
        next: async (req) => {
          var _a2;
          const fetch = (_a2 = options.fetch) !== null && _a2 !== void 0 ? _a2 : globalThis.fetch;
          const fRes = await fetch(req.url, Object.assign(Object.assign({}, fetchOptions2), { method: req.requestMethod, headers: req.header, signal: req.signal, body: await createRequestBody(req.message) }));
          const { foundStatus, headerError } = validateResponse2(fRes.status, fRes.headers);
          if (headerError != void 0) {
            throw headerError;
          }
          if (!fRes.body) {
            throw "missing response body";
          }
          const trailer = new Headers();
          const res = Object.assign(Object.assign({}, req), { header: fRes.headers, trailer, message: parseResponseBody(fRes.body, foundStatus, trailer, fRes.headers, req.signal) });
          return res;
        }
      });
    }
  };
}

// clients/typescript/lib/google/rpc/error_details_pb.js
var file_google_rpc_error_details = /* @__PURE__ */ fileDesc("Ch5nb29nbGUvcnBjL2Vycm9yX2RldGFpbHMucHJvdG8SCmdvb2dsZS5ycGMikwEKCUVycm9ySW5mbxIOCgZyZWFzb24YASABKAkSDgoGZG9tYWluGAIgASgJEjUKCG1ldGFkYXRhGAMgAygLMiMuZ29vZ2xlLnJwYy5FcnJvckluZm8uTWV0YWRhdGFFbnRyeRovCg1NZXRhZGF0YUVudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAEiOwoJUmV0cnlJbmZvEi4KC3JldHJ5X2RlbGF5GAEgASgLMhkuZ29vZ2xlLnByb3RvYnVmLkR1cmF0aW9uIjIKCURlYnVnSW5mbxIVCg1zdGFja19lbnRyaWVzGAEgAygJEg4KBmRldGFpbBgCIAEoCSKPAwoMUXVvdGFGYWlsdXJlEjYKCnZpb2xhdGlvbnMYASADKAsyIi5nb29nbGUucnBjLlF1b3RhRmFpbHVyZS5WaW9sYXRpb24axgIKCVZpb2xhdGlvbhIPCgdzdWJqZWN0GAEgASgJEhMKC2Rlc2NyaXB0aW9uGAIgASgJEhMKC2FwaV9zZXJ2aWNlGAMgASgJEhQKDHF1b3RhX21ldHJpYxgEIAEoCRIQCghxdW90YV9pZBgFIAEoCRJRChBxdW90YV9kaW1lbnNpb25zGAYgAygLMjcuZ29vZ2xlLnJwYy5RdW90YUZhaWx1cmUuVmlvbGF0aW9uLlF1b3RhRGltZW5zaW9uc0VudHJ5EhMKC3F1b3RhX3ZhbHVlGAcgASgDEh8KEmZ1dHVyZV9xdW90YV92YWx1ZRgIIAEoA0gAiAEBGjYKFFF1b3RhRGltZW5zaW9uc0VudHJ5EgsKA2tleRgBIAEoCRINCgV2YWx1ZRgCIAEoCToCOAFCFQoTX2Z1dHVyZV9xdW90YV92YWx1ZSKVAQoTUHJlY29uZGl0aW9uRmFpbHVyZRI9Cgp2aW9sYXRpb25zGAEgAygLMikuZ29vZ2xlLnJwYy5QcmVjb25kaXRpb25GYWlsdXJlLlZpb2xhdGlvbho/CglWaW9sYXRpb24SDAoEdHlwZRgBIAEoCRIPCgdzdWJqZWN0GAIgASgJEhMKC2Rlc2NyaXB0aW9uGAMgASgJIswBCgpCYWRSZXF1ZXN0Ej8KEGZpZWxkX3Zpb2xhdGlvbnMYASADKAsyJS5nb29nbGUucnBjLkJhZFJlcXVlc3QuRmllbGRWaW9sYXRpb24afQoORmllbGRWaW9sYXRpb24SDQoFZmllbGQYASABKAkSEwoLZGVzY3JpcHRpb24YAiABKAkSDgoGcmVhc29uGAMgASgJEjcKEWxvY2FsaXplZF9tZXNzYWdlGAQgASgLMhwuZ29vZ2xlLnJwYy5Mb2NhbGl6ZWRNZXNzYWdlIjcKC1JlcXVlc3RJbmZvEhIKCnJlcXVlc3RfaWQYASABKAkSFAoMc2VydmluZ19kYXRhGAIgASgJImAKDFJlc291cmNlSW5mbxIVCg1yZXNvdXJjZV90eXBlGAEgASgJEhUKDXJlc291cmNlX25hbWUYAiABKAkSDQoFb3duZXIYAyABKAkSEwoLZGVzY3JpcHRpb24YBCABKAkiVgoESGVscBIkCgVsaW5rcxgBIAMoCzIVLmdvb2dsZS5ycGMuSGVscC5MaW5rGigKBExpbmsSEwoLZGVzY3JpcHRpb24YASABKAkSCwoDdXJsGAIgASgJIjMKEExvY2FsaXplZE1lc3NhZ2USDgoGbG9jYWxlGAEgASgJEg8KB21lc3NhZ2UYAiABKAlCbAoOY29tLmdvb2dsZS5ycGNCEUVycm9yRGV0YWlsc1Byb3RvUAFaP2dvb2dsZS5nb2xhbmcub3JnL2dlbnByb3RvL2dvb2dsZWFwaXMvcnBjL2VycmRldGFpbHM7ZXJyZGV0YWlsc6ICA1JQQ2IGcHJvdG8z", [file_google_protobuf_duration]);
var ErrorInfoSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 0);
var RetryInfoSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 1);
var DebugInfoSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 2);
var QuotaFailureSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 3);
var QuotaFailure_ViolationSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 3, 0);
var PreconditionFailureSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 4);
var PreconditionFailure_ViolationSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 4, 0);
var BadRequestSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 5);
var BadRequest_FieldViolationSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 5, 0);
var RequestInfoSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 6);
var ResourceInfoSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 7);
var HelpSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 8);
var Help_LinkSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 8, 0);
var LocalizedMessageSchema = /* @__PURE__ */ messageDesc(file_google_rpc_error_details, 9);

// clients/typescript/lib/registry.js
var errorDetails = createRegistry(file_google_rpc_error_details);

// clients/typescript/lib/transport.js
function createTransport(options = {}) {
  const { baseUrl = "/", protocol = "connect", format = "binary", timeoutMs } = options;
  const open = protocol === "connect" ? createConnectTransport : createGrpcWebTransport;
  return open({
    baseUrl,
    useBinaryFormat: format === "binary",
    jsonOptions: { registry: errorDetails },
    interceptors: [addHeaders(options)],
    fetch: reportUnreachable(options.fetch ?? globalThis.fetch),
    ...timeoutMs === void 0 ? {} : { defaultTimeoutMs: timeoutMs }
  });
}
function addHeaders({ headers, token }) {
  return (next) => async (request) => {
    const given = new Headers(headers);
    if (token !== void 0) {
      given.set("authorization", `Bearer ${typeof token === "string" ? token : await token()}`);
    }
    given.forEach((value, name) => {
      if (!request.header.has(name))
        request.header.set(name, value);
    });
    return await next(request);
  };
}
function reportUnreachable(fetch) {
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } catch (error) {
      if (init?.signal?.aborted)
        throw error;
      throw new ConnectError("no server answers", Code.Unavailable, void 0, void 0, error);
    }
  };
}

// clients/typescript/lib/client.js
function createArmoireClient(options = {}) {
  const transport = "transport" in options ? options.transport : createTransport(options);
  return {
    inference: createClient(InferenceService, transport),
    catalog: createClient(CatalogService, transport),
    account: createClient(AccountService, transport),
    admin: createClient(AdminService, transport),
    models: createClient(ModelService, transport),
    operations: createClient(OperationService, transport),
    outfits: createClient(OutfitService, transport)
  };
}

// clients/typescript/lib/errors.js
var ArmoireError = class _ArmoireError extends Error {
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
    if (error instanceof _ArmoireError)
      return error;
    const failure = ConnectError.from(error);
    const requestId = failure.metadata.get("x-request-id") ?? void 0;
    const facts = readFacts((schema) => failure.findDetails(schema), requestId);
    return new _ArmoireError(failure.rawMessage, failure.code, facts, error);
  }
  /** Reads the status that stands in place of an element's result, such as one photo's of Analyze. */
  static fromStatus(status) {
    const find = (schema) => status.details.map((detail) => anyUnpack(detail, schema)).filter((detail) => detail !== void 0);
    return new _ArmoireError(status.message, status.code, readFacts(find, void 0));
  }
};
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
    requestId
  };
}
function milliseconds({ seconds, nanos }) {
  return Number(seconds) * 1e3 + nanos / 1e6;
}

// clients/typescript/lib/images.js
async function imageInput(source, boxes = []) {
  const value = await readBytes(source);
  return create(ImageInputSchema, { source: { case: "content", value }, boxes });
}
async function readBytes(source) {
  if (source instanceof Uint8Array)
    return source;
  return new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
}
export {
  AcceptInvitationRequestSchema,
  AcceptInvitationResponseSchema,
  AccountService,
  AddItemRequestSchema,
  AddItemResponseSchema,
  AddWardrobeItemsRequestSchema,
  AddWardrobeItemsResponseSchema,
  AdminService,
  AgreementSchema,
  AnalyzeRequestSchema,
  AnalyzeResponseSchema,
  AnalyzeResultSchema,
  AnalyzeStreamRequestSchema,
  AnalyzeStreamResponseSchema,
  AnalyzedItemSchema,
  ApiKeySchema,
  ArmoireError,
  AttributeCorrectionSchema,
  AttributeValueSchema,
  AuditCatalogRequestSchema,
  AuditCatalogResponseSchema,
  AuditFindingSchema,
  AuditRecordSchema,
  AuditReportSchema,
  Availability,
  AvailabilitySchema,
  BackfillReportSchema,
  BadRequestSchema,
  BadRequest_FieldViolationSchema,
  BoxSchema,
  CancelIndexingJobRequestSchema,
  CancelIndexingJobResponseSchema,
  CancelOperationRequestSchema,
  CancelOperationResponseSchema,
  CatalogExportPartSchema,
  CatalogExportSchema,
  CatalogService,
  ChangePasswordRequestSchema,
  ChangePasswordResponseSchema,
  Code,
  CollectionRole,
  CollectionRoleSchema,
  CollectionSchema,
  ColorShareSchema,
  CompleteOutfitRequestSchema,
  CompleteOutfitResponseSchema,
  ConditionSchema,
  ConfusionSchema,
  ConnectError,
  CorrectItemRequestSchema,
  CorrectItemResponseSchema,
  CorrectionKind,
  CorrectionKindSchema,
  CorrectionSchema,
  CountIndexingJobsRequestSchema,
  CountIndexingJobsResponseSchema,
  CountedItemVersionsSchema,
  CoverageSchema,
  CreateApiKeyRequestSchema,
  CreateApiKeyResponseSchema,
  CreatePasswordResetRequestSchema,
  CreatePasswordResetResponseSchema,
  CreateProductRequestSchema,
  CreateProductResponseSchema,
  CreateUploadRequestSchema,
  CreateUploadResponseSchema,
  CreateWebhookRequestSchema,
  CreateWebhookResponseSchema,
  DatasetInfoSchema,
  DatasetItemSchema,
  DatasetPhotoSchema,
  DatasetSharesSchema,
  DatasetSplit,
  DatasetSplitSchema,
  DebugInfoSchema,
  DeleteImageRequestSchema,
  DeleteImageResponseSchema,
  DeleteIndexingJobsRequestSchema,
  DeleteIndexingJobsResponseSchema,
  DeleteModelAliasRequestSchema,
  DeleteModelAliasResponseSchema,
  DeleteProductRequestSchema,
  DeleteProductResponseSchema,
  DeleteUserRequestSchema,
  DeleteUserResponseSchema,
  DeleteWebhookRequestSchema,
  DeleteWebhookResponseSchema,
  DetectRequestSchema,
  DetectResponseSchema,
  DetectResultSchema,
  DetectionSchema,
  DetectionsSchema,
  DropCollectionRequestSchema,
  DropCollectionResponseSchema,
  DuplicateGroupSchema,
  DuplicatePhotoSchema,
  EmbedImageRequestSchema,
  EmbedImageResponseSchema,
  EmbedImageResultSchema,
  EmbedStreamRequestSchema,
  EmbedStreamResponseSchema,
  EmbedTextRequestSchema,
  EmbedTextResponseSchema,
  EmbedTextResultSchema,
  EmbeddingSchema,
  EraseEndUserRequestSchema,
  EraseEndUserResponseSchema,
  EraseProductRequestSchema,
  EraseProductResponseSchema,
  EraseTenantRequestSchema,
  EraseTenantResponseSchema,
  ErasedStoreSchema,
  ErasureReportSchema,
  ErrorInfoSchema,
  ExampleSchema,
  ExampleSetSchema,
  ExportDatasetRequestSchema,
  ExportDatasetResponseSchema,
  ExportEndUserDataRequestSchema,
  ExportEndUserDataResponseSchema,
  FacetSchema,
  FacetValueSchema,
  FeedbackKind,
  FeedbackKindSchema,
  FeedbackSchema,
  FieldChangeSchema,
  FilterSchema,
  FindNearDuplicatesRequestSchema,
  FindNearDuplicatesResponseSchema,
  FinishImportRequestSchema,
  FinishImportResponseSchema,
  GarmentTypeSchema,
  GetCatalogExportPartRequestSchema,
  GetCatalogExportPartResponseSchema,
  GetCatalogLimitsRequestSchema,
  GetCatalogLimitsResponseSchema,
  GetImageContentRequestSchema,
  GetImageContentResponseSchema,
  GetImageRequestSchema,
  GetImageResponseSchema,
  GetIndexingJobRequestSchema,
  GetIndexingJobResponseSchema,
  GetInferenceLimitsRequestSchema,
  GetInferenceLimitsResponseSchema,
  GetItemRequestSchema,
  GetItemResponseSchema,
  GetMeRequestSchema,
  GetMeResponseSchema,
  GetOperationRequestSchema,
  GetOperationResponseSchema,
  GetPreferencesRequestSchema,
  GetPreferencesResponseSchema,
  GetProductRequestSchema,
  GetProductResponseSchema,
  GetReviewStatisticsRequestSchema,
  GetReviewStatisticsResponseSchema,
  GetShadowReportRequestSchema,
  GetShadowReportResponseSchema,
  GetTaxonomyRequestSchema,
  GetTaxonomyResponseSchema,
  GetTenantRequestSchema,
  GetTenantResponseSchema,
  GetTenantSettingsRequestSchema,
  GetTenantSettingsResponseSchema,
  HelpSchema,
  Help_LinkSchema,
  HitSchema,
  ImageAnalysisSchema,
  ImageEmbeddingsSchema,
  ImageInputSchema,
  ImageSchema,
  ImportEntriesRequestSchema,
  ImportEntriesResponseSchema,
  ImportEntrySchema,
  ImportFailureSchema,
  ImportReportSchema,
  ImportReviewRequestSchema,
  ImportReviewResponseSchema,
  IndexImageRequestSchema,
  IndexImageResponseSchema,
  IndexImagesRequestSchema,
  IndexImagesResponseSchema,
  IndexImagesResultSchema,
  IndexedItemSchema,
  IndexedVersionSchema,
  IndexingJobCountSchema,
  IndexingJobFilterSchema,
  IndexingJobSchema,
  IndexingJobState,
  IndexingJobStateSchema,
  InferenceService,
  InviteUserRequestSchema,
  InviteUserResponseSchema,
  ItemSchema,
  ItemToVerifySchema,
  ItemVersionsSchema,
  LeaseReviewItemsRequestSchema,
  LeaseReviewItemsResponseSchema,
  ListApiKeysRequestSchema,
  ListApiKeysResponseSchema,
  ListAuditRecordsRequestSchema,
  ListAuditRecordsResponseSchema,
  ListCollectionsRequestSchema,
  ListCollectionsResponseSchema,
  ListCorrectionsRequestSchema,
  ListCorrectionsResponseSchema,
  ListImagesRequestSchema,
  ListImagesResponseSchema,
  ListImportFailuresRequestSchema,
  ListImportFailuresResponseSchema,
  ListIndexingJobsRequestSchema,
  ListIndexingJobsResponseSchema,
  ListItemVersionsRequestSchema,
  ListItemVersionsResponseSchema,
  ListItemsRequestSchema,
  ListItemsResponseSchema,
  ListModelEventsRequestSchema,
  ListModelEventsResponseSchema,
  ListModelsRequestSchema,
  ListModelsResponseSchema,
  ListNearDuplicatesRequestSchema,
  ListNearDuplicatesResponseSchema,
  ListOperationsRequestSchema,
  ListOperationsResponseSchema,
  ListPredictionsRequestSchema,
  ListPredictionsResponseSchema,
  ListProductsRequestSchema,
  ListProductsResponseSchema,
  ListUsersRequestSchema,
  ListUsersResponseSchema,
  ListWardrobeItemsRequestSchema,
  ListWardrobeItemsResponseSchema,
  ListWebhookDeliveriesRequestSchema,
  ListWebhookDeliveriesResponseSchema,
  ListWebhooksRequestSchema,
  ListWebhooksResponseSchema,
  LoadModelRequestSchema,
  LoadModelResponseSchema,
  LocalizedMessageSchema,
  LoggedPredictionSchema,
  ModelEventKind,
  ModelEventKindSchema,
  ModelEventSchema,
  ModelSchema,
  ModelService,
  ModelState,
  ModelStateSchema,
  ModelTask,
  ModelTaskSchema,
  MoneySchema,
  NearDuplicateSchema,
  NumberRangeSchema,
  OccasionSchema,
  OperationKind,
  OperationKindSchema,
  OperationProgressSchema,
  OperationSchema,
  OperationService,
  OperationState,
  OperationStateSchema,
  OutfitCandidateSchema,
  OutfitItemSchema,
  OutfitPool,
  OutfitPoolSchema,
  OutfitSchema,
  OutfitService,
  OutfitSlot,
  OutfitSlotSchema,
  OutfitTermSchema,
  OutfitWeightsSchema,
  PreconditionFailureSchema,
  PreconditionFailure_ViolationSchema,
  PreferenceSchema,
  PreferencesSchema,
  PrimaryTarget,
  PrimaryTargetSchema,
  Priority,
  PrioritySchema,
  ProductOnPageSchema,
  ProductSchema,
  ProfileRequestSchema,
  ProfileResponseSchema,
  QualityIssue,
  QualityIssueSchema,
  QueryHitsSchema,
  QuotaFailureSchema,
  QuotaFailure_ViolationSchema,
  RankWeightsSchema,
  ReadProductPageRequestSchema,
  ReadProductPageResponseSchema,
  RecordFeedbackRequestSchema,
  RecordFeedbackResponseSchema,
  RedeliverWebhookRequestSchema,
  RedeliverWebhookResponseSchema,
  ReindexReportSchema,
  ReindexScope,
  ReindexScopeSchema,
  RejectItemRequestSchema,
  RejectItemResponseSchema,
  RejectReason,
  RejectReasonSchema,
  RejectedCropSchema,
  ReleaseReviewItemsRequestSchema,
  ReleaseReviewItemsResponseSchema,
  RemoveWardrobeItemsRequestSchema,
  RemoveWardrobeItemsResponseSchema,
  Rendition,
  RenditionSchema,
  RequestInfoSchema,
  ResetPasswordRequestSchema,
  ResetPasswordResponseSchema,
  ResetPreferencesRequestSchema,
  ResetPreferencesResponseSchema,
  ResourceInfoSchema,
  RestoreImageRequestSchema,
  RestoreImageResponseSchema,
  RestoreItemRequestSchema,
  RestoreItemResponseSchema,
  RestoreProductRequestSchema,
  RestoreProductResponseSchema,
  RetryIndexingJobRequestSchema,
  RetryIndexingJobResponseSchema,
  RetryIndexingJobsRequestSchema,
  RetryIndexingJobsResponseSchema,
  RetryInfoSchema,
  RetryOperationRequestSchema,
  RetryOperationResponseSchema,
  ReviewFilterSchema,
  ReviewItemSchema,
  ReviewReason,
  ReviewReasonSchema,
  ReviewedAttributeSchema,
  ReviewedItemSchema,
  ReviewerPaceSchema,
  RevokeApiKeyRequestSchema,
  RevokeApiKeyResponseSchema,
  Role,
  RoleSchema,
  RotateApiKeyRequestSchema,
  RotateApiKeyResponseSchema,
  Scope,
  ScopeSchema,
  ScoreOutfitRequestSchema,
  ScoreOutfitResponseSchema,
  ScoreTermSchema,
  ScoredValueSchema,
  SearchRequestSchema,
  SearchResponseSchema,
  Season,
  SeasonSchema,
  SetModelAliasRequestSchema,
  SetModelAliasResponseSchema,
  SetPrimaryItemRequestSchema,
  SetPrimaryItemResponseSchema,
  ShadowRequirementSchema,
  SignInRequestSchema,
  SignInResponseSchema,
  SignOutRequestSchema,
  SignOutResponseSchema,
  StageTimingsSchema,
  StartBackfillRequestSchema,
  StartBackfillResponseSchema,
  StartCatalogExportRequestSchema,
  StartCatalogExportResponseSchema,
  StartImportRequestSchema,
  StartImportResponseSchema,
  StartReindexRequestSchema,
  StartReindexResponseSchema,
  StatusSchema2 as StatusSchema,
  StringSetSchema,
  SuggestOutfitsRequestSchema,
  SuggestOutfitsResponseSchema,
  SwapCollectionRequestSchema,
  SwapCollectionResponseSchema,
  TaxonomyAttributeSchema,
  TaxonomyCategorySchema,
  TaxonomyColorSchema,
  TaxonomySchema,
  TenantSchema,
  TenantSettingsSchema,
  TenantUseSchema,
  TestWebhookRequestSchema,
  TestWebhookResponseSchema,
  TimeRangeSchema,
  UndoCorrectionRequestSchema,
  UndoCorrectionResponseSchema,
  UnloadModelRequestSchema,
  UnloadModelResponseSchema,
  UpdateImageRequestSchema,
  UpdateImageResponseSchema,
  UpdateProductRequestSchema,
  UpdateProductResponseSchema,
  UpdateTenantRequestSchema,
  UpdateTenantResponseSchema,
  UpdateTenantSettingsRequestSchema,
  UpdateTenantSettingsResponseSchema,
  UpdateUserRequestSchema,
  UpdateUserResponseSchema,
  UserSchema,
  ValueSource,
  ValueSourceSchema,
  VerifyItemRequestSchema,
  VerifyItemResponseSchema,
  VerifyItemsRequestSchema,
  VerifyItemsResponseSchema,
  WardrobeItemDraftSchema,
  WardrobeItemSchema,
  WardrobeState,
  WardrobeStateSchema,
  WatchIndexingJobRequestSchema,
  WatchIndexingJobResponseSchema,
  WatchIndexingJobsRequestSchema,
  WatchIndexingJobsResponseSchema,
  WatchOperationRequestSchema,
  WatchOperationResponseSchema,
  WebhookDeliverySchema,
  WebhookDeliveryState,
  WebhookDeliveryStateSchema,
  WebhookSchema,
  anyone,
  create,
  createArmoireClient,
  createTransport,
  errorDetails,
  file_armoire_v1_access,
  file_armoire_v1_account,
  file_armoire_v1_admin,
  file_armoire_v1_catalog,
  file_armoire_v1_corrections,
  file_armoire_v1_duplicates,
  file_armoire_v1_exports,
  file_armoire_v1_images,
  file_armoire_v1_imports,
  file_armoire_v1_indexing,
  file_armoire_v1_inference,
  file_armoire_v1_items,
  file_armoire_v1_models,
  file_armoire_v1_operations,
  file_armoire_v1_outfits,
  file_armoire_v1_products,
  file_armoire_v1_reviews,
  file_armoire_v1_search,
  file_armoire_v1_types,
  file_armoire_v1_uploads,
  file_armoire_v1_users,
  file_armoire_v1_wardrobe,
  file_armoire_v1_webhooks,
  file_google_rpc_error_details,
  file_google_rpc_status,
  file_google_type_money,
  fromJson,
  fromJsonString,
  imageInput,
  isMessage,
  operator_only,
  scopes,
  timestampDate,
  timestampFromDate,
  toJson,
  toJsonString
};
