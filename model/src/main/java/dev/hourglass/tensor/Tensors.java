package dev.hourglass.tensor;

import dev.hourglass.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors from Java arrays and back. All of them are copies on the CPU. */
public final class Tensors {

  static {
    Torch.start();
  }

  private Tensors() {}

  public static Tensor ofFloats(float[] values, long... shape) {
    return fill(ScalarType.Float, MemorySegment.ofArray(values), shape);
  }

  public static Tensor ofDoubles(double[] values, long... shape) {
    return fill(ScalarType.Double, MemorySegment.ofArray(values), shape);
  }

  public static Tensor ofLongs(long[] values, long... shape) {
    return fill(ScalarType.Long, MemorySegment.ofArray(values), shape);
  }

  /** A tensor of {@code dtype} and {@code shape} with the given bytes (native order, row-major). */
  public static Tensor ofBytes(MemorySegment bytes, DType dtype, long... shape) {
    return fill(scalarType(dtype), bytes, shape);
  }

  public static Tensor zeros(ScalarType type, long... shape) {
    return torch.zeros(shape, options(type));
  }

  public static TensorOptions options(ScalarType type) {
    return new TensorOptions(type);
  }

  /** The values as floats, row-major, whatever the type and device of {@code tensor}. */
  public static float[] toFloats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    Scope.run(
        () ->
            MemorySegment.copy(
                bytes(dense(tensor, ScalarType.Float)),
                ValueLayout.JAVA_FLOAT,
                0,
                values,
                0,
                values.length));
    return values;
  }

  public static double[] toDoubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    Scope.run(
        () ->
            MemorySegment.copy(
                bytes(dense(tensor, ScalarType.Double)),
                ValueLayout.JAVA_DOUBLE,
                0,
                values,
                0,
                values.length));
    return values;
  }

  /** The tensors one after another along {@code dimension}. */
  public static Tensor concat(int dimension, Tensor... parts) {
    return torch.cat(new TensorVector(parts), dimension);
  }

  /** The memory of a dense CPU tensor: valid as long as the tensor is. */
  public static MemorySegment bytes(Tensor tensor) {
    if (!tensor.is_contiguous() || !tensor.device().is_cpu()) {
      throw new IllegalArgumentException(
          "only a contiguous tensor on the CPU has bytes of its own");
    }
    if (tensor.numel() == 0) {
      return MemorySegment.NULL;
    }
    return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
  }

  public static long[] shape(Tensor tensor) {
    long[] shape = new long[(int) tensor.dim()];
    Arrays.setAll(shape, tensor::size);
    return shape;
  }

  /** A detached, dense copy or view on the CPU. */
  public static Tensor dense(Tensor tensor, ScalarType type) {
    return tensor.detach().cpu().to(type).contiguous();
  }

  public static ScalarType scalarType(DType dtype) {
    return switch (dtype) {
      case F64 -> ScalarType.Double;
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case F8_E4M3 -> ScalarType.Float8_e4m3fn;
      case F8_E5M2 -> ScalarType.Float8_e5m2;
      case F8_E4M3FNUZ -> ScalarType.Float8_e4m3fnuz;
      case F8_E5M2FNUZ -> ScalarType.Float8_e5m2fnuz;
      case F8_E8M0 -> ScalarType.Float8_e8m0fnu;
      case I64 -> ScalarType.Long;
      case I32 -> ScalarType.Int;
      case I16 -> ScalarType.Short;
      case I8 -> ScalarType.Char;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
      default -> throw new IllegalArgumentException("no tensors of type " + dtype);
    };
  }

  public static DType dtype(Tensor tensor) {
    return switch (tensor.scalar_type().intern()) {
      case Double -> DType.F64;
      case Float -> DType.F32;
      case Half -> DType.F16;
      case BFloat16 -> DType.BF16;
      case Long -> DType.I64;
      case Int -> DType.I32;
      case Short -> DType.I16;
      case Char -> DType.I8;
      case Byte -> DType.U8;
      case Bool -> DType.BOOL;
      default ->
          throw new IllegalArgumentException(
              "no file type for tensors of type " + tensor.scalar_type());
    };
  }

  private static Tensor fill(ScalarType type, MemorySegment source, long... shape) {
    Tensor tensor =
        torch.empty(shape, options(type), new org.bytedeco.pytorch.MemoryFormatOptional());
    if (source.byteSize() != tensor.nbytes()) {
      throw new IllegalArgumentException(
          "%d bytes do not fill shape %s of %s"
              .formatted(source.byteSize(), Arrays.toString(shape), type));
    }
    if (tensor.nbytes() > 0) {
      bytes(tensor).copyFrom(source);
    }
    return tensor;
  }
}
