import { type MessageInitShape } from "@bufbuild/protobuf";
import { type BoxSchema, type ImageInput } from "./armoire/v1/types_pb.js";
/** An encoded picture: JPEG, PNG or WebP. A `File` of a form is a Blob, a Node `Buffer` is a Uint8Array. */
export type ImageSource = Blob | ArrayBuffer | Uint8Array;
/**
 * Makes the message of a photo.
 *
 * `boxes` are the regions to use instead of detecting, in pixels of the EXIF-upright picture.
 */
export declare function imageInput(source: ImageSource, boxes?: MessageInitShape<typeof BoxSchema>[]): Promise<ImageInput>;
