package dev.hourglass.safetensors;

import dev.hourglass.core.InputException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The elements of one tensor as Java arrays. The layouts are unaligned because the data section of
 * a foreign file may begin at any byte.
 */
final class Elements {

  static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte I8 = ValueLayout.JAVA_BYTE;

  /** Some virtual machines cannot make arrays of quite {@link Integer#MAX_VALUE} elements. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final String name;
  private final DType dtype;
  private final long elements;
  private final MemorySegment bytes;

  Elements(TensorData tensor) {
    this.name = tensor.name();
    this.dtype = tensor.dtype();
    this.elements = TensorChecks.elements(name, tensor.shape());
    this.bytes = tensor.bytes();
  }

  float[] floats() {
    float[] values = new float[count()];
    switch (dtype) {
      case F32 -> MemorySegment.copy(bytes, F32, 0, values, 0, values.length);
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) bytes.getAtIndex(F64, i);
        }
      }
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(bytes.getAtIndex(I16, i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(bytes.getAtIndex(I16, i) << 16);
        }
      }
      case F8_E5M2FNUZ, F8_E4M3FNUZ, F8_E8M0, F8_E4M3, F8_E5M2 -> {
        float[] table = Float8.values(dtype);
        for (int i = 0; i < values.length; i++) {
          values[i] = table[Byte.toUnsignedInt(bytes.getAtIndex(I8, i))];
        }
      }
      default -> throw wrongType("a floating-point type of 8 bits or more");
    }
    return values;
  }

  double[] doubles() {
    if (dtype == DType.F64) {
      double[] values = new double[count()];
      MemorySegment.copy(bytes, F64, 0, values, 0, values.length);
      return values;
    }
    float[] narrow = floats();
    double[] values = new double[narrow.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = narrow[i];
    }
    return values;
  }

  long[] longs() {
    long[] values = new long[count()];
    for (int i = 0; i < values.length; i++) {
      values[i] = longAt(i);
    }
    return values;
  }

  private long longAt(long i) {
    return switch (dtype) {
      case I64 -> bytes.getAtIndex(I64, i);
      case U64 -> unsignedLongAt(i);
      case I32 -> bytes.getAtIndex(I32, i);
      case U32 -> Integer.toUnsignedLong(bytes.getAtIndex(I32, i));
      case I16 -> bytes.getAtIndex(I16, i);
      case U16 -> Short.toUnsignedLong(bytes.getAtIndex(I16, i));
      case I8 -> bytes.getAtIndex(I8, i);
      case U8, BOOL -> Byte.toUnsignedLong(bytes.getAtIndex(I8, i));
      default -> throw wrongType("an integer type");
    };
  }

  private long unsignedLongAt(long i) {
    long value = bytes.getAtIndex(I64, i);
    if (value < 0) {
      throw new InputException(
          "Tensor %s holds %s, which is above the largest long; store smaller numbers."
              .formatted(TensorNames.quote(name), Long.toUnsignedString(value)));
    }
    return value;
  }

  private int count() {
    if (elements > MAX_ARRAY) {
      throw new InputException(
          "Tensor %s has %d elements, more than a Java array holds; read its bytes in parts."
              .formatted(TensorNames.quote(name), elements));
    }
    return (int) elements;
  }

  private InputException wrongType(String wanted) {
    return new InputException(
        "Tensor %s is of type %s, but %s is needed here; convert the file."
            .formatted(TensorNames.quote(name), dtype, wanted));
  }
}
