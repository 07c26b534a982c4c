package dev.hourglass.torchfile;

import dev.hourglass.safetensors.DType;

/** What the elements of a storage are, {@code torch.FloatStorage} say; untyped ones are U8. */
record StorageType(DType dtype) {}
