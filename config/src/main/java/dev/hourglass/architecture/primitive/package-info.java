/**
 * The operations that parts are defined on, {@link
 * dev.hourglass.architecture.primitive.Primitives}, over anything that can flow: tensors for the
 * forward pass, shapes for {@link dev.hourglass.architecture.primitive.Ledger}, which lists the
 * parameters and counts the cost.
 */
package dev.hourglass.architecture.primitive;
