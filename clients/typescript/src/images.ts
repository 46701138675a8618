import { create, type MessageInitShape } from "@bufbuild/protobuf";

import { type BoxSchema, type ImageInput, ImageInputSchema } from "./armoire/v1/types_pb.js";

/** An encoded picture: JPEG, PNG or WebP. A `File` of a form is a Blob, a Node `Buffer` is a Uint8Array. */
export type ImageSource = Blob | ArrayBuffer | Uint8Array;

/**
 * Makes the message of a photo.
 *
 * `boxes` are the regions to use instead of detecting, in pixels of the EXIF-upright picture.
 */
export async function imageInput(
  source: ImageSource,
  boxes: MessageInitShape<typeof BoxSchema>[] = [],
): Promise<ImageInput> {
  const value = await readBytes(source);
  return create(ImageInputSchema, { source: { case: "content", value }, boxes });
}

async function readBytes(source: ImageSource): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  return new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
}
