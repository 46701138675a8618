import { create } from "@bufbuild/protobuf";
import { ImageInputSchema } from "./armoire/v1/types_pb.js";
/**
 * Makes the message of a photo.
 *
 * `boxes` are the regions to use instead of detecting, in pixels of the EXIF-upright picture.
 */
export async function imageInput(source, boxes = []) {
    const value = await readBytes(source);
    return create(ImageInputSchema, { source: { case: "content", value }, boxes });
}
async function readBytes(source) {
    if (source instanceof Uint8Array)
        return source;
    return new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source);
}
