/**
 * Encoded image files to pixels: right ones, or none and a reason.
 *
 * <p>{@link dev.hourglass.data.image.ImageDecoder} tells the format by the content and asks that
 * format's decoder; what a file says about colours and orientation is applied to the result.
 */
package dev.hourglass.data.image;
